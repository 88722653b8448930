"""Which rolls are still to be taken, as far as a person may take them."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from attendance.models import (
    AttendanceRecord,
    RunSignOff,
    Session,
    SessionQuerySet,
    SessionSignOff,
)
from courses.models import CourseRun, Enrolment
from lms.accounts.enums import MANAGING_ROLES
from lms.accounts.models import User
from lms.core.counting import count_of
from lms.core.local_time import local_moment


def annotate_expected(sessions: QuerySet[Session], *, reader: User) -> QuerySet[Any]:
    """Add `expected_count` and `unnoted_count`: whose names stand on the reader's roll of each.

    Of a class that the reader does not teach these are the people from the own area alone. Once a
    register was signed nobody is waited for: whoever was enrolled afterwards is noted by a correction.
    """
    people = Enrolment.objects.visible_to(reader).counted().filter(run=OuterRef("run"))
    noted = AttendanceRecord.objects.filter(
        session=OuterRef(OuterRef("pk")), enrolment=OuterRef("pk")
    )
    signed = SessionSignOff.objects.filter(session=OuterRef(OuterRef("pk")))
    return sessions.annotate(
        expected_count=count_of(people),
        unnoted_count=count_of(people.filter(~Exists(noted), ~Exists(signed))),
    )


def rolls_to_finish(sessions: SessionQuerySet, *, reader: User, today: date) -> QuerySet[Any]:
    """Return sessions of earlier days on whose roll somebody still has no status,
    the last one first.

    Not one that goes on past midnight, nor one whose register was signed: whoever was enrolled
    afterwards is not waited for.
    """
    midnight = local_moment(today)
    earlier = sessions.taking_place().filter(
        starts_at__lt=midnight, ends_at__lte=midnight, sign_off=None
    )
    unfinished = annotate_expected(earlier, reader=reader).filter(unnoted_count__gt=0)
    return unfinished.order_by("-starts_at", "pk")


def annotate_rolls(runs: QuerySet[CourseRun], *, reader: User, now: datetime) -> QuerySet[Any]:
    """Add `session_count`, `held_count` of them, and `unfinished_count` of those held.

    One that was cancelled is none. A session is held once it has begun; its roll is unfinished
    while a name on the reader's roll has no status and nobody has signed.
    """
    sessions = Session.objects.filter(run=OuterRef("pk"), cancelled_at__isnull=True)
    held = sessions.filter(starts_at__lte=now)
    unfinished = annotate_expected(held.filter(sign_off=None), reader=reader)
    return runs.annotate(
        session_count=count_of(sessions),
        held_count=count_of(held),
        unfinished_count=count_of(unfinished.filter(unnoted_count__gt=0)),
    )


# What is older is history, which was never signed here.
SIGNED_WITHIN: Final = timedelta(days=90)


def sessions_to_sign(sessions: SessionQuerySet, *, now: datetime) -> SessionQuerySet:
    """Return sessions that are over and whose register nobody has signed, the oldest first.

    Not those of a class without people, in which there is nothing to sign.
    """
    people = Enrolment.objects.counted().filter(run=OuterRef("run"))
    over = sessions.taking_place().filter(ends_at__gt=now - SIGNED_WITHIN, ends_at__lte=now)
    return over.filter(Exists(people), sign_off=None).order_by("ends_at", "pk")


def runs_to_sign(runs: QuerySet[CourseRun]) -> QuerySet[CourseRun]:
    """Return classes all of whose sessions are signed, and which are not signed themselves."""
    sessions = Session.objects.taking_place().filter(run=OuterRef("pk"))
    unsigned = sessions.filter(sign_off=None)
    return runs.filter(Exists(sessions), ~Exists(unsigned), sign_off=None).order_by("ends_on", "pk")


def runs_to_confirm(*, by: User) -> QuerySet[RunSignOff]:
    """Return classes signed and not confirmed that this person may confirm, the oldest first."""
    waiting = RunSignOff.objects.filter(confirmed_at=None).exclude(signed_by=by)
    own = waiting.filter(by.scope.units_q("run__unit", MANAGING_ROLES)).exclude(run__trainers=by)
    return own.select_related("run").order_by("signed_at", "pk")
