"""Progress as rows: what was found for each person and criterion, kept and read.

`courses.domain.completion` finds it. Kept are figures and facts; sentences are made for whoever
reads them, in the language and the words of that moment.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, NamedTuple

from django.db.models import Case, QuerySet, Value, When

from courses.extensions import CompletionCriterion, CriterionResult, Detail, completion_criteria
from courses.models import CompletionRequirement, CriterionProgress, Enrolment
from lms.core.compiled_queries import CompiledQuery
from lms.core.derived_rows import find_faults


class Progress(NamedTuple):
    """A row of `CriterionProgress` as it is compared: a class has thousands, and models cost several
    times as much.
    """

    enrolment_id: int
    criterion: str
    requirement_id: int
    achieved: int
    required: int
    met: bool
    details: list[dict[str, str]]
    #: 0 where it is not stored.
    pk: int = 0


class _Alike(NamedTuple):
    """What several rows are to say, with their ids."""

    row: Progress
    pks: list[int]


#: An enrolment with what each criterion in force makes of it, in the order of the criteria.
Judged = tuple[Enrolment, list[CriterionResult]]

#: So many different things are written as such: each costs a search among ids.
_FEW: Final = 16
_FACTS = ("requirement_id", "achieved", "required", "met", "details")
_Key = tuple[int, str]
#: By enrolment and criterion.
ProgressByKey = dict[_Key, Progress]


def _kept(*, enrolment_ids: list[int]) -> QuerySet[Any, Any]:
    rows = CriterionProgress.objects.filter(enrolment__among=enrolment_ids).order_by()
    return rows.values_list(*Progress._fields)


_KEPT = CompiledQuery(_kept)


def progress_of(*, enrolment_ids: Collection[int]) -> dict[int, list[CriterionResult]]:
    """Return what each of these enrolments has and lacks, by id, in the order of its class.

    One query, whatever the number of people and classes. Empty where the class asks nothing.
    """
    rows = CriterionProgress.objects.filter(enrolment__in=enrolment_ids)
    progress: dict[int, list[CriterionResult]] = {pk: [] for pk in enrolment_ids}
    for row in rows.select_related("requirement").order_by("requirement"):
        criterion = completion_criteria.get(row.criterion)
        if criterion is not None:
            result = tell_kept(row, criterion, row.requirement.params)
            progress[row.enrolment_id].append(result)
    return progress


def tell_kept(
    row: Progress | CriterionProgress, criterion: CompletionCriterion, params: dict[str, Any]
) -> CriterionResult:
    """Return what a row says as a result; whether it is settled is not kept."""
    return criterion.tell(
        achieved=row.achieved,
        required=row.required,
        params=params,
        details=[_detail(one) for one in row.details],
    )


def kept_progress(*, enrolment_ids: Collection[int]) -> ProgressByKey:
    """Return the rows that these enrolments have; one query."""
    return by_key(Progress(*row) for row in _KEPT.ask(enrolment_ids=[*enrolment_ids]))


def rows_of(*, judged: Iterable[Judged], asked: Sequence[CompletionRequirement]) -> list[Progress]:
    """Return what was found as rows; `asked` are the requirements that it answers."""
    # A class lacks few things, and most people the same of them.
    plain = cache(_plain)
    return [
        Progress(
            enrolment_id=enrolment.pk,
            requirement_id=requirement.pk,
            criterion=requirement.criterion,
            achieved=result.achieved,
            required=result.required,
            met=result.met,
            details=plain(result.details),
        )
        for enrolment, results in judged
        for requirement, result in zip(asked, results, strict=True)
    ]


def store_progress(*, rows: Sequence[Progress], stored: ProgressByKey) -> None:
    """Let enrolments, which the caller has locked, have these rows and no others; `stored` are
    those that they have (`kept_progress`).

    Writes what differs; at most two queries.
    """
    wanted = by_key(rows)
    faults = find_faults(wanted=facts_of(wanted), stored=facts_of(stored))
    _write([wanted[key] for key in faults if key in wanted], stored)
    surplus = [stored[key].pk for key in faults if key not in wanted]
    if surplus:
        CriterionProgress.objects.filter(pk__in=surplus).delete()


def _write(rows: Sequence[Progress], stored: ProgressByKey) -> None:
    """Write these rows in one query: where all are stored and say few different things, each of
    those is told the database once, not five hundred times.
    """
    known = [stored.get((row.enrolment_id, row.criterion)) for row in rows]
    alike: dict[tuple[Any, ...], _Alike] = {}
    for row, there in zip(rows, known, strict=True):
        said = tuple(tuple(one.values()) for one in row.details)
        key = row.requirement_id, row.achieved, row.required, row.met, said
        alike.setdefault(key, _Alike(row, [])).pks.append(there.pk if there else 0)
    if all(known) and 0 < len(alike) <= _FEW:
        _update(list(alike.values()))
        return
    CriterionProgress.objects.bulk_create(
        map(_to_store, rows),
        update_conflicts=True,
        unique_fields=["enrolment", "criterion"],
        update_fields=_FACTS,
    )


def _update(alike: Sequence[_Alike]) -> None:
    everybody = [pk for one in alike for pk in one.pks]
    facts = {name: _fact_of(name, alike) for name in _FACTS}
    CriterionProgress.objects.filter(pk__among=everybody).update(**facts)


def _fact_of(name: str, alike: Sequence[_Alike]) -> Any:
    column: Any = CriterionProgress._meta.get_field(name)
    values = [Value(getattr(one.row, name), output_field=column) for one in alike]
    if all(value.value == values[0].value for value in values):
        return values[0]
    whens = (When(pk__among=one.pks, then=value) for one, value in zip(alike, values, strict=True))
    return Case(*whens, output_field=column)


def by_key(rows: Iterable[Progress]) -> ProgressByKey:
    """Return rows by enrolment and criterion, of which there is one each."""
    return {(row.enrolment_id, row.criterion): row for row in rows}


def facts_of(rows: ProgressByKey) -> dict[_Key, tuple[Any, ...]]:
    """Return what the rows say, to be compared."""
    return {
        key: (row.requirement_id, row.achieved, row.required, row.met, row.details)
        for key, row in rows.items()
    }


def _to_store(row: Progress) -> CriterionProgress:
    facts = {name: getattr(row, name) for name in _FACTS}
    return CriterionProgress(enrolment_id=row.enrolment_id, criterion=row.criterion, **facts)


def _plain(details: tuple[Detail, ...]) -> list[dict[str, str]]:
    return [
        {
            "subject": detail.subject,
            "at": detail.at.astimezone(UTC).isoformat(),
            "why": str(detail.why),
        }
        for detail in details
    ]


def _detail(stored: dict[str, str]) -> Detail:
    return Detail(stored["subject"], datetime.fromisoformat(stored["at"]), stored["why"])
