"""Progress as rows: what was found for each person and criterion, kept and read.

`courses.domain.completion` finds it. Kept are figures and facts; sentences are made for whoever
reads them, in the language and the words of that moment.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from courses.extensions import CriterionResult, Detail, completion_criteria
from courses.models import CompletionRequirement, CriterionProgress, Enrolment
from lms.core.derived_rows import find_faults

#: An enrolment with what each criterion in force makes of it, in the order of the criteria.
Judged = tuple[Enrolment, list[CriterionResult]]

_FACTS = ("requirement_id", "achieved", "required", "met", "details")
_Key = tuple[int, str]


def progress_of(*, enrolment_ids: Collection[int]) -> dict[int, list[CriterionResult]]:
    """Return what each of these enrolments has and lacks, by id, in the order of its class.

    One query, whatever the number of people and classes. Empty where the class asks nothing.
    """
    rows = CriterionProgress.objects.filter(enrolment__in=enrolment_ids)
    progress: dict[int, list[CriterionResult]] = {pk: [] for pk in enrolment_ids}
    for row in rows.select_related("requirement").order_by("requirement"):
        criterion = completion_criteria.get(row.criterion)
        if criterion is not None:
            result = criterion.tell(
                achieved=row.achieved,
                required=row.required,
                params=row.requirement.params,
                details=[_detail(one) for one in row.details],
            )
            progress[row.enrolment_id].append(result)
    return progress


def rows_of(
    *, judged: Iterable[Judged], asked: Sequence[CompletionRequirement]
) -> list[CriterionProgress]:
    """Return what was found as rows, not saved; `asked` are the requirements that it answers."""
    return [
        CriterionProgress(
            enrolment=enrolment,
            requirement=requirement,
            criterion=requirement.criterion,
            achieved=result.achieved,
            required=result.required,
            met=result.met,
            details=[_plain(one) for one in result.details],
        )
        for enrolment, results in judged
        for requirement, result in zip(asked, results, strict=True)
    ]


def store_progress(*, rows: Sequence[CriterionProgress], enrolment_ids: Collection[int]) -> None:
    """Let these enrolments, which the caller has locked, have these rows and no others.

    Writes what differs; at most three queries.
    """
    wanted = by_key(rows)
    stored = by_key(CriterionProgress.objects.filter(enrolment__among=enrolment_ids))
    faults = find_faults(wanted=facts_of(wanted), stored=facts_of(stored))
    CriterionProgress.objects.bulk_create(
        (wanted[key] for key in faults if key in wanted),
        update_conflicts=True,
        unique_fields=["enrolment", "criterion"],
        update_fields=_FACTS,
    )
    surplus = [stored[key].pk for key in faults if key not in wanted]
    if surplus:
        CriterionProgress.objects.filter(pk__in=surplus).delete()


def by_key(rows: Iterable[CriterionProgress]) -> dict[_Key, CriterionProgress]:
    """Return rows by enrolment and criterion, of which there is one each."""
    return {(row.enrolment_id, row.criterion): row for row in rows}


def facts_of(rows: dict[_Key, CriterionProgress]) -> dict[_Key, tuple[Any, ...]]:
    """Return what the rows say, to be compared."""
    return {key: tuple(getattr(row, name) for name in _FACTS) for key, row in rows.items()}


def _plain(detail: Detail) -> dict[str, str]:
    return {
        "subject": detail.subject,
        "at": detail.at.astimezone(UTC).isoformat(),
        "why": str(detail.why),
    }


def _detail(stored: dict[str, str]) -> Detail:
    return Detail(stored["subject"], datetime.fromisoformat(stored["at"]), stored["why"])
