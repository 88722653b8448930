"""When a class meets: sessions are made, moved and taken out again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from attendance.domain.hours.counting import counted_since
from attendance.domain.hours.deriving import settle_marks
from attendance.domain.hours.guests import evaluate_with_guests, find_guests, require_no_make_ups
from attendance.domain.hours.rules import rules_of_held
from attendance.domain.roll.late_marks import require_run_unsigned, require_unsigned
from attendance.domain.roll.recording import lock_session
from attendance.domain.wording import describe_hours
from attendance.enums import MarkMethod
from attendance.models import AttendanceRecord, Session, whole_minutes
from courses.domain import completion
from courses.domain.runs import lock_run
from courses.enums import RunStatus
from courses.models import CourseRun, ModulePage
from lms.accounts.models import User
from lms.core.display import vi_date
from lms.core.local_time import local_moment
from lms.core.refusal import Refusal
from lms.core.text import nfc

MINIMUM_MINUTES = 15
LONGEST_EVENING = timedelta(hours=6)
# In the history of a session: `data` says what it was before and after.
CHANGED = "attendance.change_session"
REMOVED = "attendance.remove_session"


@dataclass(frozen=True)
class SessionPlan:
    """What a session is to be: moments are aware; an empty place means the class's own.

    `trainer_ids` are trainers of the class, none of them means all of them.
    """

    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    is_required: bool = True
    room: str = ""
    module_id: int | None = None
    trainer_ids: frozenset[int] = frozenset()
    break_minutes: int = 0
    seats: int | None = None


def moments_of(*, day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """Return begin and end of a session that begins on `day`, local time.

    An hour that is not after the first is that of the next day, where this makes an evening:
    22:00 to 00:30. Elsewhere it is a slip, and the end stands before the begin.
    """
    begin = local_moment(day, starts)
    end = local_moment(day, ends)
    next_day = local_moment(day + timedelta(days=1), ends)
    is_evening = end <= begin and next_day - begin <= LONGEST_EVENING
    return begin, next_day if is_evening else end


def modules_of(*, run: CourseRun) -> QuerySet[ModulePage]:
    """Return the modules of the course of the class as its pages are now, in their order."""
    return ModulePage.objects.child_of(run.course).order_by("path")


@transaction.atomic
def create_session(*, run: CourseRun, plan: SessionPlan, by: User, at: datetime) -> Session:
    """Add a session to a class and judge everybody anew, since more hours are asked now.

    Raises Refusal `run_cancelled`, `ends_before_start`, `session_too_short`,
    `outside_class_dates`, `overlap`, `run_signed`, `module_of_other_course` or `not_trainer_of_class`.
    """
    held = lock_run(run)
    require_run_unsigned(held)
    require_possible(run=held, plan=plan, others=Session.objects.taking_place().filter(run=held))
    _require_of_class(held, plan)
    session = add_session(run=held, plan=plan, by=by, at=at)
    completion.evaluate_class(run=held, at=at)
    return session


def add_session(*, run: CourseRun, plan: SessionPlan, by: User, at: datetime) -> Session:
    """Write a session that is possible; the caller holds the class and judges everybody anew."""
    session = Session(run=run, **_fields(plan))
    session.counted_at = counted_since(session=session, at=at)
    session.save()
    if plan.trainer_ids:
        session.trainers.set(plan.trainer_ids)
    log(
        session,
        "attendance.create_session",
        user=by,
        timestamp=at,
        data=said_of(session, plan.trainer_ids),
    )
    return session


@transaction.atomic
def change_session(*, session: Session, plan: SessionPlan, by: User, at: datetime) -> Session:
    """Change a session; what was noted stays, its minutes are settled and judged anew.

    People are told of another hour or place (`attendance.session_changed`). Raises the refusals
    of `create_session`, `session_gone`, `session_cancelled`, `session_signed`, and `already_held`
    when the roll was taken and the new day is still to come.
    """
    run = lock_run(session.run)
    held = lock_session(session)
    require_changeable(held)
    others = Session.objects.taking_place().filter(run=run).exclude(pk=held.pk)
    require_possible(run=run, plan=plan, others=others)
    _require_of_class(run, plan)
    _require_past_when_held(session=held, plan=plan, at=at)
    trainers = held.trainer_ids
    before = said_of(held, trainers)
    for name, value in _fields(plan).items():
        setattr(held, name, value)
    held.counted_at = counted_since(session=held, at=at)
    held.revision += in_calendar(said_of(held, plan.trainer_ids)) != in_calendar(before)
    held.save()
    if trainers != plan.trainer_ids:
        held.trainers.set(plan.trainer_ids)
    after = said_of(held, plan.trainer_ids)
    if after != before:
        changes = {"before": before, "after": after, "revision": held.revision}
        log(held, CHANGED, user=by, timestamp=at, data=changes)
        guests = find_guests([held])
        _settle_again(held, guests)
        evaluate_with_guests(run=run, guests=guests, at=at)
    return held


def require_changeable(session: Session) -> None:
    """Raise Refusal `session_signed` or `session_cancelled`."""
    require_unsigned(session)
    if session.cancelled_at:
        raise Refusal("session_cancelled", _("This session has been cancelled. Plan a new one."))


@transaction.atomic
def remove_session(*, session: Session, by: User, at: datetime) -> None:
    """Take out a session that nobody was noted in, and judge everybody anew.

    Raises Refusal `session_gone`, `session_has_marks`, `session_has_excuses` and `session_made_up`:
    what was noted, asked or agreed is never removed.
    """
    run = lock_run(session.run)
    held = lock_session(session)
    require_removable(held)
    # The row is gone afterwards: whose hours may be out of reach now, only the history can say.
    said = {**said_of(held, held.trainer_ids), "run": held.run_id}
    log(held, REMOVED, user=by, timestamp=at, data=said, deleted=True)
    held.delete()
    completion.evaluate_class(run=run, at=at)


def require_removable(session: Session) -> None:
    """Raise the Refusal of `remove_session`, if there is one."""
    if session.marks.exists():
        raise Refusal(
            "session_has_marks",
            _("Attendance has been recorded for this session, so it cannot be removed."),
        )
    if session.excuses.exists():
        raise Refusal(
            "session_has_excuses",
            _(
                "Somebody has asked to be excused from this session, so it cannot be removed. "
                "Cancel it: then everybody is told."
            ),
        )
    require_no_make_ups(session)
    require_no_papers(session)


def require_no_papers(session: Session) -> None:
    """Raise the Refusal `session_has_papers` where a signed sheet hangs on the session."""
    if session.papers.exists() or session.paper_lines.exists():
        raise Refusal(
            "session_has_papers",
            _("A signed sheet was attached to this session, so it stays as it is."),
        )


def require_possible(*, run: CourseRun, plan: SessionPlan, others: Iterable[Session]) -> None:
    """Raise the Refusal of a session that the class cannot have beside these others."""
    if run.status == RunStatus.CANCELLED:
        raise Refusal(
            "run_cancelled", _("This class has been cancelled, so its sessions cannot be changed.")
        )
    if plan.ends_at <= plan.starts_at:
        raise Refusal("ends_before_start", _("The session must end after it starts."), field="ends")
    if whole_minutes(plan.starts_at, plan.ends_at, plan.break_minutes) < MINIMUM_MINUTES:
        raise Refusal(
            "session_too_short",
            _("A session lasts at least %(minutes)d minutes without its breaks.")
            % {"minutes": MINIMUM_MINUTES},
            field="ends",
        )
    # The last evening of a class may end behind midnight.
    if not run.starts_on <= timezone.localdate(plan.starts_at) <= run.ends_on:
        raise Refusal("outside_class_dates", _outside_class_dates(run), field="day")
    _require_free(plan, others)


def _require_of_class(run: CourseRun, plan: SessionPlan) -> None:
    """Refuse a module that the course has not, and whoever does not teach the class: a session
    gives nobody a right, so its trainers are some of those of the class.
    """
    if plan.module_id and not modules_of(run=run).filter(pk=plan.module_id).exists():
        raise Refusal(
            "module_of_other_course",
            _("This module is not part of the course of the class."),
            field="module",
        )
    if plan.trainer_ids and plan.trainer_ids - set(run.trainers.values_list("pk", flat=True)):
        raise Refusal(
            "not_trainer_of_class",
            _("Only trainers of the class can teach its sessions. Add them to the class first."),
            field="trainers",
        )


def _outside_class_dates(run: CourseRun) -> str:
    days = {
        "first": vi_date(run.starts_on),
        "last": vi_date(run.ends_on),
    }
    if run.starts_on == run.ends_on:
        return _("The class takes place on %(first)s only: choose that date.") % days
    return _("The class runs from %(first)s to %(last)s: choose a date in between.") % days


def _require_free(plan: SessionPlan, others: Iterable[Session]) -> None:
    at_once = (
        other
        for other in others
        if other.starts_at < plan.ends_at and plan.starts_at < other.ends_at
    )
    if other := next(at_once, None):
        raise Refusal(
            "overlap",
            _("At that time the class already has “%(title)s” (%(hours)s).")
            % {"title": other.title, "hours": describe_hours(other.starts_at, other.ends_at)},
            field="starts",
        )


def was_noted(session: Session) -> bool:
    """Return whether somebody noted who was there; an excuse may be decided long before."""
    return session.marks.exclude(method=MarkMethod.EXCUSE_DECIDED).exists()


def _require_past_when_held(*, session: Session, plan: SessionPlan, at: datetime) -> None:
    if timezone.localdate(plan.starts_at) > timezone.localdate(at) and was_noted(session):
        raise Refusal(
            "already_held",
            _(
                "Attendance has been recorded for this session, so it cannot be moved to a "
                "future date."
            ),
            field="day",
        )


def _fields(plan: SessionPlan) -> dict[str, Any]:
    return {
        "title": nfc(plan.title),
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "place": nfc(plan.place),
        "is_required": plan.is_required,
        "room": nfc(plan.room),
        "module_id": plan.module_id,
        "break_minutes": plan.break_minutes,
        "seats": plan.seats,
    }


def said_of(session: Session, trainer_ids: frozenset[int]) -> dict[str, Any]:
    """Return the session in the words of the log."""
    return {
        "title": session.title,
        "starts_at": timezone.localtime(session.starts_at).isoformat(),
        "ends_at": timezone.localtime(session.ends_at).isoformat(),
        "place": session.place,
        "is_required": session.is_required,
        "room": session.room,
        "module": session.module_id,
        "trainers": sorted(trainer_ids),
        "break_minutes": session.break_minutes,
        "seats": session.seats,
    }


def when_and_where(said: dict[str, Any]) -> tuple[str, ...]:
    """Return what people have to be told of a session that the log says (`said_of`)."""
    # Sessions changed before there were rooms name none.
    return said["starts_at"], said["ends_at"], said["place"], said.get("room", "")


def in_calendar(said: dict[str, Any]) -> tuple[Any, ...]:
    """Return what a calendar shows of a session that the log says."""
    return said["title"], said["module"], said["trainers"], *when_and_where(said)


def _settle_again(session: Session, guests: Mapping[int, int]) -> None:
    records = AttendanceRecord.objects.filter(session=session).select_related("mark")
    marks = [record.mark for record in records]
    settle_marks(marks=marks, session=session, rules=rules_of_held(session), guests=guests)
