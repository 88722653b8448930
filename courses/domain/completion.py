"""The one place where it is decided who has completed a class.

The rule is set-based: one person and a class of five hundred go through the same queries.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from courses.domain.runs import requirements_in_force
from courses.enums import EnrolmentStatus
from courses.extensions import CompletionCriterion, CriterionResult, completion_criteria
from courses.models import CourseRun, Enrolment
from courses.signals import completion_withdrawn, enrolment_completed


@dataclass(frozen=True)
class Evaluation:
    """Where one person stands. `changed`: this evaluation made or withdrew the completion."""

    enrolment: Enrolment
    results: list[CriterionResult] = field(default_factory=list)
    changed: bool = False

    @property
    def is_complete(self) -> bool:
        return self.enrolment.status == EnrolmentStatus.COMPLETED


@dataclass(frozen=True)
class _Requirements:
    """What a class asks: its version in force and the criteria whose apps are installed."""

    version: int
    criteria: list[tuple[CompletionCriterion, dict[str, Any]]]


_Judged = tuple[Enrolment, list[CriterionResult]]


def evaluate(*, enrolment_id: int, at: datetime) -> Evaluation:
    """Decide whether one enrolment is complete; see `evaluate_many`.

    A withdrawn enrolment is judged and left alone. Raises Enrolment.DoesNotExist.
    """
    run = Enrolment.objects.select_related("run__course").get(pk=enrolment_id).run
    return _settle(run=run, enrolment_ids=[enrolment_id], at=at)[0]


def evaluate_many(
    *, run: CourseRun, enrolment_ids: Collection[int], at: datetime
) -> list[Enrolment]:
    """Decide which of these enrolments of `run` are complete; returns those that changed.

    Locks the enrolments, so that what others wrote before is seen. Sends `enrolment_completed`
    or `completion_withdrawn` once for each change, inside the transaction. The number of
    queries does not depend on the number of enrolments.
    """
    evaluations = _settle(run=run, enrolment_ids=enrolment_ids, at=at)
    return [evaluation.enrolment for evaluation in evaluations if evaluation.changed]


def progress_of(
    *, run: CourseRun, enrolments: QuerySet[Enrolment]
) -> dict[int, list[CriterionResult]]:
    """Return what each of these enrolments of `run` has and lacks, by id; changes nothing."""
    requirements = _requirements_of(run)
    judged = _judge(run=run, enrolments=enrolments, requirements=requirements)
    _explain(judged, run=run, requirements=requirements)
    return {enrolment.pk: results for enrolment, results in judged}


def is_met(results: Collection[CriterionResult]) -> bool:
    """Return whether these lines add up to a completion;
    where nothing is asked nobody completes.
    """
    return bool(results) and all(result.met for result in results)


# No savepoint: a receiver that raises undoes the caller's change too, and the fact that led here
# (a mark, an answer) never stands without its consequence.
@transaction.atomic(savepoint=False)
def _settle(*, run: CourseRun, enrolment_ids: Collection[int], at: datetime) -> list[Evaluation]:
    chosen = Enrolment.objects.filter(pk__in=enrolment_ids, run=run).order_by("pk")
    # Locked in one statement, judged in the next: on PostgreSQL a statement that waited
    # for a lock still counts with the rows that it saw when it began. Without the key, so that
    # rows that refer to the enrolment can be written meanwhile.
    locked = list(chosen.select_for_update(no_key=True).values_list("pk", flat=True))
    requirements = _requirements_of(run)
    judged = _judge(
        run=run,
        enrolments=Enrolment.objects.filter(pk__in=locked).order_by("pk"),
        requirements=requirements,
    )
    completed, withdrawn = [], []
    for enrolment, results in judged:
        met = is_met(results)
        if enrolment.status == EnrolmentStatus.ACTIVE and met:
            completed.append(enrolment)
        elif enrolment.status == EnrolmentStatus.COMPLETED and not met:
            withdrawn.append(enrolment)
    _write(completed, EnrolmentStatus.COMPLETED, at=at, version=requirements.version)
    _write(withdrawn, EnrolmentStatus.ACTIVE, at=None, version=None)
    # Whoever just lost the completion is told why; of the others nobody reads it here.
    lost = {enrolment.pk for enrolment in withdrawn}
    _explain([line for line in judged if line[0].pk in lost], run=run, requirements=requirements)
    changed = lost | {enrolment.pk for enrolment in completed}
    evaluations = [Evaluation(e, results, e.pk in changed) for e, results in judged]
    for evaluation in evaluations:
        if evaluation.changed:
            _announce(evaluation)
    return evaluations


def _requirements_of(run: CourseRun) -> _Requirements:
    rows = requirements_in_force(run=run)
    criteria = [
        (criterion, row.params)
        for row in rows
        if (criterion := completion_criteria.get(row.criterion)) is not None
    ]
    return _Requirements(version=rows[0].version if rows else 0, criteria=criteria)


def _judge(
    *, run: CourseRun, enrolments: QuerySet[Enrolment], requirements: _Requirements
) -> list[_Judged]:
    annotated = enrolments
    for criterion, params in requirements.criteria:
        annotated = criterion.annotate(annotated, run=run, params=params)
    judged = []
    for enrolment in annotated:
        # The caller's object, so that receivers read the class without a query each.
        enrolment.run = run
        results = [c.judge(enrolment, params=params) for c, params in requirements.criteria]
        judged.append((enrolment, results))
    return judged


def _explain(judged: list[_Judged], *, run: CourseRun, requirements: _Requirements) -> None:
    """Put the criterion's details into each result that is not met."""
    for place, (criterion, params) in enumerate(requirements.criteria):
        lacking = [enrolment.pk for enrolment, results in judged if not results[place].met]
        if not lacking:
            continue
        chosen = Enrolment.objects.filter(pk__in=lacking)
        details = criterion.details(chosen, run=run, params=params)
        for enrolment, results in judged:
            if rows := details.get(enrolment.pk):
                results[place] = criterion.judge(enrolment, params=params, details=rows)


def _write(
    enrolments: list[Enrolment],
    status: EnrolmentStatus,
    *,
    at: datetime | None,
    version: int | None,
) -> None:
    if not enrolments:
        return
    values = {"status": status, "completed_at": at, "completed_version": version}
    Enrolment.objects.filter(pk__in=[e.pk for e in enrolments]).update(**values)
    for enrolment in enrolments:
        for name, value in values.items():
            setattr(enrolment, name, value)


def _announce(evaluation: Evaluation) -> None:
    if evaluation.is_complete:
        enrolment_completed.send(sender=Enrolment, enrolment=evaluation.enrolment)
    else:
        missing = [result for result in evaluation.results if not result.met]
        completion_withdrawn.send(sender=Enrolment, enrolment=evaluation.enrolment, reasons=missing)
