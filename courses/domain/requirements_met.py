"""What the criteria in force make of people: the figures, and what is missing."""

import copy
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from courses.domain.progress import Judged, Progress, ProgressByKey, rows_of, tell_kept
from courses.enums import EnrolmentStatus
from courses.extensions import CompletionCriterion, CriterionResult, completion_criteria
from courses.models import CompletionRequirement, CourseRun, Enrolment
from lms.core.compiled_queries import CompiledQuery


@dataclass(frozen=True)
class Requirements:
    """What is judged by: an edition of the course, a version of what the class asks, and the
    criteria whose apps are installed.
    """

    #: The class, with the edition that counts here.
    run: CourseRun
    version: int
    criteria: list[tuple[CompletionCriterion, CompletionRequirement]]


Versions = dict[int, list[CompletionRequirement]]


def _set_for(*, run_id: int) -> QuerySet[CompletionRequirement]:
    return CompletionRequirement.objects.filter(run=run_id).order_by("pk")


_SET_FOR = CompiledQuery(_set_for)


def is_met(results: Collection[CriterionResult]) -> bool:
    """Return whether these lines add up to a completion;
    where nothing is asked nobody completes.
    """
    return bool(results) and all(result.met for result in results)


def completes(results: Collection[CriterionResult]) -> bool:
    """Return whether these lines complete somebody now: what is to come must not be spared."""
    return is_met(results) and all(result.is_settled for result in results)


def versions_of(run: CourseRun) -> Versions:
    """Return every version that was ever in force, its rows as they were set; one query."""
    versions: Versions = defaultdict(list)
    for row in _SET_FOR.ask(run_id=run.pk):
        versions[row.version].append(row)
    return versions


def in_force(run: CourseRun, versions: Versions) -> Requirements:
    """Return the last version, with the edition of the class."""
    return requirements_of(run, run.edition_id, versions[max(versions)] if versions else [])


def requirements_of(
    run: CourseRun, edition_id: int | None, rows: list[CompletionRequirement]
) -> Requirements:
    """Return these rows of one version, to be judged by in this edition."""
    criteria = [
        (criterion, row)
        for row in rows
        if (criterion := completion_criteria.get(row.criterion)) is not None
    ]
    if edition_id != run.edition_id:
        run = copy.copy(run)
        run.edition_id = edition_id
    return Requirements(run=run, version=(rows[0].version or 0) if rows else 0, criteria=criteria)


def judge(
    *, enrolments: QuerySet[Enrolment], requirements: Requirements, as_completed: bool = False
) -> list[Judged]:
    """Judge by what the class asks today, or `as_completed`: asked when each of them completed."""
    run = requirements.run
    annotated = enrolments
    for criterion, asked in requirements.criteria:
        annotate = criterion.annotate_as_completed if as_completed else criterion.annotate
        annotated = annotate(annotated, run=run, params=asked.params)
    judged = []
    for enrolment in annotated:
        # The caller's object, so that receivers read the class without a query each.
        enrolment.run = run
        results = [c.judge(enrolment, params=row.params) for c, row in requirements.criteria]
        judged.append((enrolment, results))
    return judged


def judge_in_full(*, enrolment_ids: Collection[int], requirements: Requirements) -> list[Judged]:
    """Judge these by everything that the class asks today, with the details of what is missing."""
    people = Enrolment.objects.filter(pk__among=enrolment_ids).order_by("pk")
    judged = judge(enrolments=people, requirements=requirements)
    _explain(judged, requirements=requirements)
    return judged


def judge_changed(
    *,
    enrolment_ids: Collection[int],
    requirements: Requirements,
    changed: Collection[str],
    kept: ProgressByKey,
) -> list[Judged]:
    """Judge these by the criteria, by key, whose facts have changed; take the others as kept.

    The others are judged, too, of whoever would complete so, or would have completed no more, and
    of everybody where something is not kept as it is asked today.
    """
    asked, others = _narrowed(requirements, changed)
    if not _are_kept(kept, enrolment_ids, others):
        return judge_in_full(enrolment_ids=enrolment_ids, requirements=requirements)
    judged = judge_in_full(enrolment_ids=enrolment_ids, requirements=asked)
    for one, results in judged:
        results += [tell_kept(kept[one.pk, c.key], c, row.params) for c, row in others.criteria]
    decisive = [one.pk for one, results in judged if _would_change(one, results)]
    if decisive and others.criteria:
        anew = judge_in_full(enrolment_ids=decisive, requirements=others)
        by_id = {one.pk: results for one, results in anew}
        for one, results in judged:
            results[len(asked.criteria) :] = by_id.get(one.pk, results[len(asked.criteria) :])
    order = [one.key for one, _row in requirements.criteria]
    return [(one, sorted(results, key=lambda r: order.index(r.key))) for one, results in judged]


def _narrowed(
    requirements: Requirements, changed: Collection[str]
) -> tuple[Requirements, Requirements]:
    """Return the criteria whose facts have changed, and the others."""
    pairs = requirements.criteria
    return (
        replace(requirements, criteria=[pair for pair in pairs if pair[0].key in changed]),
        replace(requirements, criteria=[pair for pair in pairs if pair[0].key not in changed]),
    )


def _are_kept(
    kept: ProgressByKey, enrolment_ids: Collection[int], requirements: Requirements
) -> bool:
    """Return whether each has a row for each criterion that answers what is asked today."""
    answered = {(*key, row.requirement_id) for key, row in kept.items()}
    asked = [(one.key, row.pk) for one, row in requirements.criteria]
    return answered.issuperset((pk, *one) for pk in enrolment_ids for one in asked)


def _would_change(enrolment: Enrolment, results: list[CriterionResult]) -> bool:
    """Return whether this could be another status; what is settled is not kept."""
    if enrolment.status == EnrolmentStatus.COMPLETED:
        return not is_met(results)
    return enrolment.status == EnrolmentStatus.ACTIVE and is_met(results)


def _explain(judged: list[Judged], *, requirements: Requirements) -> None:
    """Put the criterion's details into each result that is not met."""
    for place, (criterion, asked) in enumerate(requirements.criteria):
        lacking = [enrolment.pk for enrolment, results in judged if not results[place].met]
        if not lacking:
            continue
        details = criterion.details(lacking, run=requirements.run, params=asked.params)
        for enrolment, results in judged:
            if rows := details.get(enrolment.pk):
                found = results[place]
                results[place] = criterion.tell(
                    achieved=found.achieved,
                    required=found.required,
                    params=asked.params,
                    details=rows,
                    is_settled=found.is_settled,
                )


def progress_rows(judged: list[Judged], requirements: Requirements) -> list[Progress]:
    """Return what was found as rows."""
    return rows_of(judged=judged, asked=[row for _criterion, row in requirements.criteria])
