"""Keeps when enrolments and classes became what they are, so that any past day can be told.

What was written past the rules (a merge, an undo) is found by `record_missing` and dated then.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from courses.enums import RunStatus
from courses.models import CourseRun, Enrolment, EnrolmentChange, RunChange

_BATCH = 1000
_KEPT_SINCE, _AN_HOUR = "courses.kept_since", 3600


def record_enrolments(*, enrolments: Iterable[Enrolment], at: datetime) -> None:
    """Note how these enrolments, just written, stand from now on; one query, none for nobody."""
    rows = [
        EnrolmentChange(
            enrolment=enrolment,
            status=enrolment.status,
            unit_id=enrolment.unit_id,
            cadre=enrolment.cadre,
            enrolled_at=enrolment.enrolled_at,
            completed_at=enrolment.completed_at,
            at=at,
        )
        for enrolment in enrolments
    ]
    EnrolmentChange.objects.bulk_create(rows, batch_size=_BATCH)


def record_run(*, run: CourseRun, at: datetime) -> None:
    """Note how a class, just written, stands from now on."""
    RunChange.objects.create(run=run, status=run.status, starts_on=run.starts_on, at=at)


def record_missing(*, at: datetime) -> int:
    """Note what differs from the last that was kept, as if it had just happened; how many rows."""
    with transaction.atomic():
        enrolments = list(unrecorded_enrolments().select_for_update(no_key=True, of=("self",)))
        runs = list(unrecorded_runs().select_for_update(no_key=True, of=("self",)))
        record_enrolments(enrolments=enrolments, at=at)
        for run in runs:
            record_run(run=run, at=at)
    return len(enrolments) + len(runs)


def unrecorded_enrolments() -> QuerySet[Enrolment]:
    """Return those that stand otherwise than was last noted of them."""
    later = EnrolmentChange.objects.filter(enrolment=OuterRef("enrolment"), pk__gt=OuterRef("pk"))
    same = EnrolmentChange.objects.filter(
        ~Exists(later),
        enrolment=OuterRef("pk"),
        status=OuterRef("status"),
        unit=OuterRef("unit"),
        cadre=OuterRef("cadre"),
        enrolled_at=OuterRef("enrolled_at"),
    )
    return Enrolment.objects.filter(~Exists(same)).order_by("pk")


def unrecorded_runs() -> QuerySet[CourseRun]:
    """Return classes that stand otherwise than was last noted of them."""
    later = RunChange.objects.filter(run=OuterRef("run"), pk__gt=OuterRef("pk"))
    same = RunChange.objects.filter(
        ~Exists(later),
        run=OuterRef("pk"),
        status=OuterRef("status"),
        starts_on=OuterRef("starts_on"),
    )
    return CourseRun.objects.filter(~Exists(same)).order_by("pk")


def kept_since() -> datetime | None:
    """Return from when on every change is known; None where nothing was worked out afterwards.

    Before it, a completion that was taken back, a second enrolment and a class that was put off
    have left no trace. Kept for an hour: a migration alone writes such rows.
    """
    since: datetime | None = cache.get_or_set(_KEPT_SINCE, _last_inferred, _AN_HOUR)
    return since


def _last_inferred() -> datetime | None:
    enrolments, runs = [
        rows.filter(is_inferred=True).order_by().values_list("recorded_at", flat=True)
        for rows in (EnrolmentChange.objects, RunChange.objects)
    ]
    return enrolments.union(runs).order_by("-recorded_at").first()


def enrolments_at(
    *, before: datetime, programme_id: int, users: Collection[int] | None = None
) -> QuerySet[EnrolmentChange]:
    """Return how each enrolment in a programme stood just before this moment: one row each.

    `users`: ids of the people whose enrolments alone are asked for; None for everybody.
    """
    later = EnrolmentChange.objects.filter(
        enrolment=OuterRef("enrolment"), pk__gt=OuterRef("pk"), at__lt=before
    )
    noted = EnrolmentChange.objects.filter(at__lt=before, enrolment__run__programme=programme_id)
    if users is not None:
        noted = noted.filter(enrolment__user__among=users)
    return noted.filter(~Exists(later)).order_by().annotate(user=F("enrolment__user"))


class RunThen(NamedTuple):
    """What of a class decides how far its people are, as it stood."""

    course_id: int
    status: str
    starts_on: date


def runs_at(
    *, before: datetime, programme_id: int, users: Collection[int] | None = None
) -> dict[int, CourseRun]:
    """Return the classes of a programme, not to be saved, as they stood just before this moment;
    one query.

    One of which nothing was noted by then stands as planned, from the day that is known now.
    `users`: ids of the people whose classes alone are asked for; None for all.
    """
    runs: dict[int, CourseRun] = {}
    for run in _noted_runs(before=before, programme_id=programme_id, users=users):
        run.status, run.starts_on = run.then_status, run.then_starts_on
        runs[run.pk] = run
    return runs


def run_facts_at(
    *, before: datetime, programme_id: int, users: Collection[int] | None = None
) -> dict[int, RunThen]:
    """Return the same, of each class only what decides: a country has thirty thousand."""
    noted = _noted_runs(before=before, programme_id=programme_id, users=users)
    told = noted.values_list("pk", "course_id", "then_status", "then_starts_on")
    return {pk: RunThen(*facts) for pk, *facts in told}


def _noted_runs(
    *, before: datetime, programme_id: int, users: Collection[int] | None
) -> QuerySet[Any]:
    """Return the classes with what was noted of each last."""
    of_programme = CourseRun.objects.filter(programme=programme_id)
    if users is not None:
        joined = Enrolment.objects.filter(user__among=users).order_by()
        of_programme = of_programme.filter(pk__in=joined.values("run"))
    later = RunChange.objects.filter(
        run=OuterRef("pk"), pk__gt=OuterRef("noted_number"), at__lt=before
    )
    return (
        of_programme.annotate(
            noted=FilteredRelation("changes", condition=Q(changes__at__lt=before)),
            # By a name of its own: `noted__pk` in a filter would be joined once more.
            noted_number=F("noted__pk"),
            then_status=Coalesce("noted__status", Value(RunStatus.PLANNED)),
            then_starts_on=Coalesce("noted__starts_on", "starts_on"),
        )
        .filter(~Exists(later))
        .order_by()
    )
