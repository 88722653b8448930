"""People who may be on the register twice: found over all of it, told apart once and for all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.accounts.models import DismissedDuplicate, Posting, User
from lms.accounts.models.managers import UserQuerySet
from lms.accounts.register.domain.phones import parse_phone
from lms.core.refusal import Refusal

Pair = tuple[int, int]


class DuplicateReason(models.TextChoices):
    PHONE = "phone", gettext_lazy("Same phone number")
    NAME_YEAR_PLACE = "name_year_place", gettext_lazy("Same name, year of birth and place")
    NAME_PLACE = "name_place", gettext_lazy("Same name and place, one year of birth missing")


@dataclass
class DuplicatePair:
    """Two who may be one person; `postings` of both, as far as the reader may see them, the last
    one first.
    """

    first: User
    second: User
    reason: DuplicateReason
    postings: dict[int, list[Posting]] = field(default_factory=dict)


def suspected_duplicates(*, reader: User, on: date, limit: int = 100) -> list[DuplicatePair]:
    """Return pairs among the people whose records the reader may change;
    a constant number of queries.
    """
    people = User.objects.manageable_by(reader)
    return find_pairs(people=people, reader=reader, on=on)[:limit]


def find_pairs(*, people: UserQuerySet, reader: User, on: date) -> list[DuplicatePair]:
    """Return the pairs of whom both are among these people; a constant number of queries.

    By phone number, then by folded name with year of birth and place of today; never by the name
    alone. Pairs that somebody has told apart are left out, and those of a minimal record with
    another, which are never made one. The surest reason counts.
    """
    people = people.filter(merged_into=None)
    reasons: dict[Pair, DuplicateReason] = {}
    for pair, reason in [*_by_phone(people), *_by_name(reader, on)]:
        reasons.setdefault(pair, reason)
    told_apart = set(DismissedDuplicate.objects.values_list("first", "second"))
    suspects = [pair for pair in reasons if pair not in told_apart]
    found = people.in_bulk({pk for pair in suspects for pk in pair})
    seen = [pair for pair in suspects if _same_kind(found, pair)]
    postings = _postings(reader, {pk for pair in seen for pk in pair})
    return [
        DuplicatePair(
            found[first],
            found[second],
            reasons[first, second],
            {pk: postings.get(pk, []) for pk in (first, second)},
        )
        for first, second in seen
    ]


def say_different(*, first: User, second: User, by: User) -> DismissedDuplicate:
    """Remember that these two are not the same person; a repeat changes nothing."""
    if first.pk == second.pk:
        raise Refusal("same_record", _("These are the same record."))
    low, high = sorted((first, second), key=lambda person: person.pk)
    with transaction.atomic():
        said, _created = DismissedDuplicate.objects.get_or_create(
            first=low, second=high, defaults={"by": by}
        )
    return said


def _same_kind(found: dict[int, User], pair: Pair) -> bool:
    first, second = (found.get(pk) for pk in pair)
    return first is not None and second is not None and first.is_minimal == second.is_minimal


def _by_phone(people: Any) -> Iterator[tuple[Pair, DuplicateReason]]:
    """Yield pairs by phone number. Numbers are held once; what an old list said besides may be
    the number of the other.
    """
    said: dict[str, list[int]] = defaultdict(list)
    for pk, raw in people.exclude(phone_raw="").values_list("pk", "phone_raw"):
        number = parse_phone(raw).e164 or "".join(filter(str.isdigit, raw))
        if number:
            said[number].append(pk)
    holders = people.filter(phone__in=said).values_list("pk", "phone")
    for pk, phone in holders:
        said[phone].append(pk)
    for group in said.values():
        yield from ((pair, DuplicateReason.PHONE) for pair in _pairs(group))


def _by_name(reader: User, on: date) -> Iterator[tuple[Pair, DuplicateReason]]:
    posts = Posting.objects.on(on).filter(user__merged_into=None)
    namesake = posts.filter(
        unit=OuterRef("unit"), user__folded_name=OuterRef("user__folded_name")
    ).exclude(user=OuterRef("user"))
    rows = (
        posts.overseen_by(reader)
        .filter(Exists(namesake))
        .annotate(name=F("user__folded_name"), year=F("user__year_of_birth"))
        .values_list("unit", "name", "user", "year")
        .order_by("name", "unit", "user")
        .distinct()
    )
    groups: dict[tuple[int, str], dict[int, int | None]] = defaultdict(dict)
    for unit, name, user, year in rows:
        groups[unit, name][user] = year
    weak: list[tuple[Pair, DuplicateReason]] = []
    for years in groups.values():
        for pair in _pairs(years):
            first, second = (years[pk] for pk in pair)
            if first is not None and first == second:
                yield pair, DuplicateReason.NAME_YEAR_PLACE
            elif first is None or second is None:
                weak.append((pair, DuplicateReason.NAME_PLACE))
    yield from weak


def _pairs(people: Iterable[int]) -> Iterator[Pair]:
    yield from combinations(sorted(set(people)), 2)


def _postings(reader: User, people: set[int]) -> dict[int, list[Posting]]:
    seen = Posting.objects.visible_to(reader).filter(user__in=people).select_related("unit")
    found: dict[int, list[Posting]] = defaultdict(list)
    for posting in seen:
        found[posting.user_id].append(posting)
    return found
