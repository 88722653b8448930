"""The one place where it is decided who has completed a class.

The rule is set-based: one person and a class of five hundred go through the same queries. Judged is
by the edition of the course and the requirements of the class as they are in force. A completion
stands as long as it meets either these or those that it met: what others change in a course, or
ask of a class later, takes nothing back.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from courses.domain.history import record_enrolments
from courses.domain.progress import Judged, Progress, kept_progress, store_progress
from courses.domain.requirements_met import (
    Requirements,
    Versions,
    completes,
    in_force,
    is_met,
    judge,
    judge_changed,
    judge_in_full,
    progress_rows,
    requirements_of,
    versions_of,
)
from courses.enums import EnrolmentStatus
from courses.extensions import CriterionResult
from courses.models import CompletionRequirement, CourseRun, Enrolment
from courses.signals import completion_withdrawn, enrolment_completed
from lms.core.compiled_queries import CompiledQuery


@dataclass(frozen=True)
class Evaluation:
    """Where one person stands. `changed`: this evaluation made or withdrew the completion."""

    enrolment: Enrolment
    results: list[CriterionResult] = field(default_factory=list)
    changed: bool = False

    @property
    def is_complete(self) -> bool:
        return self.enrolment.status == EnrolmentStatus.COMPLETED


def evaluate(*, enrolment_id: int, at: datetime) -> Evaluation:
    """Decide whether one enrolment is complete; see `evaluate_many`.

    A withdrawn enrolment is judged and left alone. Raises Enrolment.DoesNotExist.
    """
    run = Enrolment.objects.select_related("run").get(pk=enrolment_id).run
    return _settle(run=run, enrolment_ids=[enrolment_id], at=at)[0]


def evaluate_many(
    *,
    run: CourseRun,
    enrolment_ids: Collection[int],
    at: datetime,
    anew: bool = False,
    changed: Collection[str] = (),
) -> list[Enrolment]:
    """Decide which of these enrolments of `run` are complete; returns those that changed.

    `anew`: a completion is judged by what is in force alone, whatever it met when it was made;
    only where a person has seen the effect and wants it. `changed`: the keys of the criteria whose
    facts alone are others than before; by default those of any. Locks the enrolments, so that what
    others wrote before is seen. Sends `enrolment_completed` or `completion_withdrawn` once for
    each change, inside the transaction. The number of queries does not depend on the number of
    enrolments.
    """
    return _changed(
        _settle(run=run, enrolment_ids=enrolment_ids, at=at, anew=anew, changed=changed)
    )


def _changed(evaluations: list[Evaluation]) -> list[Enrolment]:
    return [evaluation.enrolment for evaluation in evaluations if evaluation.changed]


def evaluate_class(
    *, run: CourseRun, at: datetime, anew: bool = False, changed: Collection[str] = ()
) -> list[Enrolment]:
    """Decide for everybody in the class; see `evaluate_many`.

    Also for those who have withdrawn: they stay so, and what they have and lack is still told.
    """
    return _changed(_settle(run=run, enrolment_ids=None, at=at, anew=anew, changed=changed))


def find_progress(*, run: CourseRun, enrolment_ids: Collection[int]) -> list[Progress]:
    """Return the rows that these enrolments of `run` should have; writes nothing."""
    requirements = in_force(run, versions_of(run))
    chosen = Enrolment.objects.filter(pk__in=enrolment_ids, run=run).values_list("pk", flat=True)
    judged = judge_in_full(enrolment_ids=list(chosen), requirements=requirements)
    return progress_rows(judged, requirements)


@dataclass(frozen=True)
class Effect:
    """What a change would do to the people of a class, as ids of enrolments, were it to be judged
    by what is in force alone: who would complete, and whose completion would not stand.
    """

    completing: list[int]
    losing: list[int]


def effect_of(*, run: CourseRun, requirements: dict[str, dict[str, Any]] | None = None) -> Effect:
    """Return what judging everybody anew would do; writes nothing.

    By the edition that `run` names, and by `requirements` (parameters by the key of the criterion)
    where they are given, else by those in force. The same evaluation as `evaluate_many`.
    """
    if requirements is None:
        judged_by = in_force(run, versions_of(run))
    else:
        rows = [
            CompletionRequirement(run=run, criterion=key, params=params)
            for key, params in requirements.items()
        ]
        judged_by = requirements_of(run, run.edition_id, rows)
    everybody = Enrolment.objects.counted().filter(run=run).order_by("pk")
    completing, losing = [], []
    for enrolment, results in judge(enrolments=everybody, requirements=judged_by):
        if completes(results) and enrolment.status == EnrolmentStatus.ACTIVE:
            completing.append(enrolment.pk)
        elif not is_met(results) and enrolment.status == EnrolmentStatus.COMPLETED:
            losing.append(enrolment.pk)
    return Effect(completing=completing, losing=losing)


def pending_changes(*, run: CourseRun, enrolment_ids: Collection[int]) -> Effect:
    """Return what `evaluate_many` would change now; writes nothing, tells nobody.

    For a preview: the caller writes the facts in a savepoint, asks, and rolls back.
    """
    versions = versions_of(run)
    requirements = in_force(run, versions)
    chosen = Enrolment.objects.filter(pk__in=enrolment_ids, run=run).order_by("pk")
    judged = judge(enrolments=chosen, requirements=requirements)
    completed, withdrawn = _changes(judged, requirements, versions, anew=False)
    return Effect(
        completing=[enrolment.pk for enrolment in completed],
        losing=[enrolment.pk for enrolment in withdrawn],
    )


# No savepoint: a receiver that raises undoes the caller's change too, and the fact that led here
# (a mark, an answer) never stands without its consequence.
@transaction.atomic(savepoint=False)
def _settle(
    *,
    run: CourseRun,
    enrolment_ids: Collection[int] | None,
    at: datetime,
    anew: bool = False,
    changed: Collection[str] = (),
) -> list[Evaluation]:
    """Judge, write and announce; `enrolment_ids` None: everybody in the class."""
    locked = _lock(run, enrolment_ids)
    versions = versions_of(run)
    requirements = in_force(run, versions)
    kept = kept_progress(enrolment_ids=locked)
    if changed and not anew:
        judged = judge_changed(
            enrolment_ids=locked, requirements=requirements, changed=changed, kept=kept
        )
    else:
        judged = judge_in_full(enrolment_ids=locked, requirements=requirements)
    completed, withdrawn = _changes(judged, requirements, versions, anew=anew)
    _write(completed, EnrolmentStatus.COMPLETED, at=at, met=requirements)
    _write(withdrawn, EnrolmentStatus.ACTIVE, at=None, met=None)
    record_enrolments(enrolments=[*completed, *withdrawn], at=at)
    # Before the receivers, who may read them.
    store_progress(rows=progress_rows(judged, requirements), stored=kept)
    lost = {enrolment.pk for enrolment in withdrawn}
    other = lost | {enrolment.pk for enrolment in completed}
    evaluations = [Evaluation(e, results, e.pk in other) for e, results in judged]
    for evaluation in evaluations:
        if evaluation.changed:
            _announce(evaluation)
    return evaluations


def _lock(run: CourseRun, enrolment_ids: Collection[int] | None) -> list[int]:
    """Lock these enrolments of the class, or all of them.

    In one statement, judged in the next: on PostgreSQL a statement that waited for a lock still
    counts with the rows that it saw when it began. Without the key, so that rows that refer to the
    enrolment can be written meanwhile.
    """
    if enrolment_ids is None:
        return list(_to_lock(run_id=run.pk))
    return _TO_LOCK.ask(run_id=run.pk, enrolment_ids=[*enrolment_ids])


def _to_lock(*, run_id: int, enrolment_ids: list[int] | None = None) -> QuerySet[Enrolment, int]:
    chosen = Enrolment.objects.filter(run=run_id)
    if enrolment_ids is not None:
        chosen = chosen.filter(pk__among=enrolment_ids)
    in_order = chosen.order_by("pk").select_for_update(no_key=True)
    return in_order.values_list("pk", flat=True)


_TO_LOCK = CompiledQuery(_to_lock)


def _changes(
    judged: list[Judged], requirements: Requirements, versions: Versions, *, anew: bool
) -> tuple[list[Enrolment], list[Enrolment]]:
    """Return who now completes, and whose completion does not stand any more."""
    completed, doubtful = [], []
    for enrolment, results in judged:
        if enrolment.status == EnrolmentStatus.ACTIVE and completes(results):
            completed.append(enrolment)
        elif enrolment.status == EnrolmentStatus.COMPLETED and not is_met(results):
            doubtful.append(enrolment)
    if anew or not doubtful:
        return completed, doubtful
    standing = _standing(doubtful, requirements, versions)
    return completed, [enrolment for enrolment in doubtful if enrolment.pk not in standing]


def _standing(
    completed: list[Enrolment], requirements: Requirements, versions: Versions
) -> set[int]:
    """Return which of these still meet what they met when they completed.

    One query for each pair of edition and version.
    """
    by_basis: dict[tuple[int | None, int], list[int]] = defaultdict(list)
    for enrolment in completed:
        edition = enrolment.completed_edition_id or requirements.run.edition_id
        version = enrolment.completed_version or requirements.version
        by_basis[edition, version].append(enrolment.pk)
    standing: set[int] = set()
    for (edition, version), ids in by_basis.items():
        met_then = requirements_of(requirements.run, edition, versions.get(version, []))
        judged = judge(
            enrolments=Enrolment.objects.filter(pk__in=ids),
            requirements=met_then,
            as_completed=True,
        )
        standing |= {enrolment.pk for enrolment, results in judged if is_met(results)}
    return standing


def _write(
    enrolments: list[Enrolment],
    status: EnrolmentStatus,
    *,
    at: datetime | None,
    met: Requirements | None,
) -> None:
    if not enrolments:
        return
    values = {
        "status": status,
        "completed_at": at,
        "completed_version": met.version if met else None,
        "completed_edition_id": met.run.edition_id if met else None,
    }
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
