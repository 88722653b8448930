"""Attendance for lists and pages: small questions, each one query whatever the number of rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, FilteredRelation, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from attendance.domain.hours.guests import guests_last, roll_for
from attendance.enums import PRESENT_STATUSES, AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, MakeUp, Session, SessionQuerySet, UnmatchedWalkIn
from courses.enums import RunStatus
from courses.models import CourseRun, Enrolment
from lms.accounts.models import User
from lms.core.counting import count_of
from lms.core.local_time import local_moment


@dataclass(frozen=True)
class RecordedStatus:
    """An enrolment's state, and what is noted about it in one session (None: nothing yet),
    by whom and when, where that is asked for.
    """

    enrolment_status: str
    status: str | None = None
    minutes_late: int = 0
    noted_by: str = ""
    noted_at: datetime | None = None
    noted_by_id: int | None = None
    minutes_left_early: int = 0
    mark_id: int = 0

    @property
    def statement(self) -> tuple[str | None, int, int]:
        """What is noted, as `RollEntry.statement` says what is to be."""
        return self.status, self.minutes_late, self.minutes_left_early

    def is_unseen(self, last_mark_id: int | None, *, by: User) -> bool:
        """Return whether somebody else noted it after the last mark that was seen; None: all was."""
        return (
            last_mark_id is not None and self.mark_id > last_mark_id and self.noted_by_id != by.pk
        )

    def only_lacks_leaving(self, said: tuple[str | None, int, int]) -> bool:
        """Return whether `said` only adds that somebody who had come has left before the end."""
        is_there = self.status in PRESENT_STATUSES and said[:2] == self.statement[:2]
        return is_there and not self.minutes_left_early and said[2] > 0


def annotate_settled(enrolments: QuerySet[Enrolment], *, session: Session) -> QuerySet[Any]:
    """Add what is settled in one session, or None: `settled_status`, `settled_minutes_late`,
    `settled_minutes_left_early`, `settled_at`, `settled_mark_id`, `settled_by_id` and the name
    `settled_by`.
    """
    # Asked by a query of its own: what was noted a moment ago is in no statistics, and PostgreSQL, given
    # the id, takes the session for one without a record and compares everybody with everybody.
    here = Subquery(Session.objects.filter(pk=session.pk).order_by().values("pk")[:1])
    return enrolments.annotate(
        settled_here=FilteredRelation(
            "attendance_records", condition=Q(attendance_records__session=here)
        ),
        settled_status=F("settled_here__status"),
        settled_minutes_late=F("settled_here__mark__minutes_late"),
        settled_minutes_left_early=F("settled_here__mark__minutes_left_early"),
        settled_at=F("settled_here__mark__marked_at"),
        settled_mark_id=F("settled_here__mark_id"),
        settled_by_id=F("settled_here__mark__marked_by_id"),
        settled_by=F("settled_here__mark__marked_by__full_name"),
    )


def noted_by(*, session: Session, last_mark_id: int, reader: User) -> dict[int, RecordedStatus]:
    """Return what was noted up to this mark, by enrolment id:
    what the reader's open page still shows.
    """
    people = roll_for(reader, session=session)
    marks = AttendanceMark.objects.filter(
        session=session, pk__lte=last_mark_id, enrolment__in=people
    )
    rows = marks.order_by("pk").values_list(
        "enrolment_id",
        "enrolment__status",
        "status",
        "minutes_late",
        "minutes_left_early",
        "method",
    )
    return {
        pk: RecordedStatus(enrolled)
        if method == MarkMethod.TAKEN_BACK
        else RecordedStatus(enrolled, status, late, minutes_left_early=early)
        for pk, enrolled, status, late, early, method in rows
    }


def roll_of(*, session: Session, reader: User) -> QuerySet[Any]:
    """Return the people of the roll who count, in name order and guests last,
    with what is settled about each and the title of the own class, `class_title`.

    Of a class that the reader does not teach, those from the own area alone.
    """
    people = roll_for(reader, session=session).counted()
    in_order = guests_last(people, session=session).select_related("user", "unit")
    return annotate_settled(in_order.annotate(class_title=F("run__title")), session=session)


def latest_mark_id(*, session: Session) -> int:
    """Return the last mark of the session, 0 when nothing has been noted."""
    return AttendanceMark.objects.filter(session=session).aggregate(Max("pk"))["pk__max"] or 0


def with_figures(sessions: QuerySet[Session], *, reader: User) -> QuerySet[Any]:
    """Add `present_count` … `absent_count`, `noted_count` of all, `expected_count`, and
    `unmatched_count`, of those who are noted by name alone.

    With class and module. They count the people who stand on the reader's roll: of a class that he
    or she does not teach, those from the own area alone. Guests are `guest_count`, noted or not.
    """
    shown = Enrolment.objects.visible_to(reader).counted()
    noted = Q(records__enrolment__in=shown, records__enrolment__run=F("run"))
    guests = MakeUp.objects.agreed().filter(enrolment__in=Enrolment.objects.counted())
    counts = {
        f"{status}_count": Count("records", filter=noted & Q(records__status=status))
        for status in AttendanceStatus.values
    }
    return sessions.select_related("run", "module", "sign_off").annotate(
        noted_count=Count("records", filter=noted),
        expected_count=count_of(shown.filter(run=OuterRef("run"))),
        unmatched_count=count_of(
            UnmatchedWalkIn.objects.waiting().filter(session=OuterRef("pk")).order_by()
        ),
        guest_count=count_of(guests.filter(session=OuterRef("pk"))),
        **counts,
    )


def next_sessions(*, runs: Collection[CourseRun], now: datetime) -> dict[int, list[Session]]:
    """Return the sessions of each of these classes that are still to end on the day of the one
    that is going on or comes next, in order, by the id of the class.
    """
    by_id = {run.pk: run for run in runs if run.status != RunStatus.CANCELLED}
    coming = Session.objects.filter(
        run__in=by_id, ends_at__gt=now, cancelled_at__isnull=True
    ).order_by("starts_at", "pk")
    found: dict[int, list[Session]] = {}
    for session in coming:
        session.run = by_id[session.run_id]
        of_day = found.setdefault(session.run_id, [session])
        if session is not of_day[0] and _is_same_day(session, of_day[0]):
            of_day.append(session)
    return found


def _is_same_day(one: Session, other: Session) -> bool:
    return timezone.localdate(one.starts_at) == timezone.localdate(other.starts_at)


def on_day(sessions: SessionQuerySet, day: date) -> SessionQuerySet:
    """Return those that take place on this day in local time, also what began the evening before
    and ends behind midnight.
    """
    begin = local_moment(day)
    of_day = sessions.filter(ends_at__gt=begin, starts_at__lt=begin + timedelta(days=1))
    return of_day.taking_place().order_by("starts_at", "pk")


def history_of(*, enrolment: Enrolment) -> dict[int, list[AttendanceMark]]:
    """Return every mark of an enrolment by session id, the first first, with who noted it."""
    marks = AttendanceMark.objects.filter(enrolment=enrolment).select_related("marked_by")
    history: dict[int, list[AttendanceMark]] = {}
    for mark in marks.order_by("pk"):
        history.setdefault(mark.session_id, []).append(mark)
    return history
