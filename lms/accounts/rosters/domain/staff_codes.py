"""Staff codes for people whom a list names without one: CB, the code of the unit, a number."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Q

from lms.accounts.models import StaffCodeSeries, User

# A letter in front: digits alone would be taken for a phone number at the log-in.
_PREFIX = "CB"


def give_staff_codes(*, unit_codes: Sequence[str]) -> list[str]:
    """Give a new code to each of these, in their order, such as CB13384-007.

    Numbers are never given twice, also when a person was deleted; there may be gaps. Whoever gives
    codes of the same unit at the same time waits for the other's transaction to end: the caller
    holds one. Codes that people entered by hand are passed over. Three queries, however many.
    """
    wanted: dict[str, list[int]] = defaultdict(list)
    for place, code in enumerate(unit_codes):
        wanted[code].append(place)
    given = [""] * len(unit_codes)
    series = _hold(sorted(wanted))
    taken = _taken(series)
    for one in series:
        numbers = _numbers(one, taken)
        for place in wanted[one.unit_code]:
            one.last_number = next(numbers)
            given[place] = _code(one.unit_code, one.last_number)
    StaffCodeSeries.objects.bulk_update(series, ["last_number"], batch_size=500)
    return given


def _hold(unit_codes: list[str]) -> list[StaffCodeSeries]:
    """Lock the series of these units, made where there is none, in one order for all."""
    StaffCodeSeries.objects.bulk_create(
        (StaffCodeSeries(unit_code=code) for code in unit_codes), ignore_conflicts=True
    )
    held = StaffCodeSeries.objects.select_for_update(no_key=True).order_by("unit_code")
    return list(held.filter(unit_code__in=unit_codes))


def _taken(series: list[StaffCodeSeries]) -> set[str]:
    like_ours = Q(pk__in=[])
    for one in series:
        like_ours |= Q(staff_code__startswith=f"{_PREFIX}{one.unit_code}-")
    return set(User.objects.filter(like_ours).values_list("staff_code", flat=True))


def _numbers(series: StaffCodeSeries, taken: set[str]) -> Iterator[int]:
    number = series.last_number
    while True:
        number += 1
        if _code(series.unit_code, number) not in taken:
            yield number


def _code(unit_code: str, number: int) -> str:
    return f"{_PREFIX}{unit_code}-{number:03d}"
