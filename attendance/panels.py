"""What attendance shows on the pages of courses."""

from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from attendance.domain.make_ups.booking import may_agree
from attendance.domain.make_ups.offers import missed_of
from attendance.domain.make_ups.words import make_up_line
from attendance.domain.register.sign_off import may_confirm
from attendance.domain.roll.late_marks import is_signed, require_run_unsigned
from attendance.domain.roll.queries import history_of, with_figures
from attendance.domain.session_state import state_of
from attendance.domain.session_trainers import load_trainers, trainers_of
from attendance.domain.sessions.conflicts import describe_clash, find_clashes
from attendance.domain.sessions.copying import shifted_sessions
from attendance.domain.sessions.seats import describe_crowd, find_crowds
from attendance.domain.wording import describe_mark, describe_minutes, describe_when
from attendance.enums import AttendanceStatus, ClashKind, SessionState
from attendance.models import AttendanceMark, AttendanceRecord, Session
from courses.domain.copying import CopyPlan
from courses.domain.enrolling import Joining
from courses.enums import RunStatus
from courses.models import CourseRun, Enrolment
from courses.models.titles import shown_title
from courses.permissions import RUN_MANAGERS, may_manage
from lms.accounts.models import User
from lms.core.readers import SignedInRequest
from lms.core.refusal import CatchRefusal


class RunSessions:
    """Overview of a class: its sessions with their counts, today's first, and the roll calls."""

    key = "attendance.run_sessions"
    place = "run_overview"
    order = 10
    template = "attendance/panels/run_sessions.html"

    def context(self, request: SignedInRequest, subject: CourseRun) -> dict[str, Any] | None:
        user = request.user
        manages = may_manage(user, subject)
        sessions = list(with_figures(subject.sessions.order_by("starts_at"), reader=user))
        load_trainers(sessions)
        crowds = {
            crowd.period: describe_crowd(crowd)
            for crowd in find_crowds(run=subject, periods=[*filter(_is_to_come, sessions)])
        }
        lines = [
            session_line(session, run=subject) | {"crowd": crowds.get(session, "")}
            for session in sessions
        ]
        return {
            "run": subject,
            # A stable sort: the others stay in the order of time.
            "lines": with_lead(sorted(lines, key=lambda line: not line["is_today"])),
            "manages": manages,
            "may_change": manages and _may_change(subject),
        }


class RunAdminSessions:
    """The class in the admin: its sessions; that there are none yet is the next thing to do."""

    key = "attendance.run_admin"
    place = "run_admin"
    order = 10
    template = "attendance/panels/run_admin.html"

    def context(self, request: SignedInRequest, subject: CourseRun) -> dict[str, Any] | None:
        user = request.user
        now = timezone.now()
        sessions = subject.sessions.order_by("starts_at")
        return {
            "run": subject,
            "lines": [
                {
                    "session": session,
                    "state": state_of(session, now=now),
                    "when": describe_when(
                        starts_at=session.starts_at, ends_at=session.ends_at, now=now
                    ),
                }
                for session in sessions
            ],
            "may_plan": user.scope.has_role(*RUN_MANAGERS)
            and _may_change(subject)
            and may_manage(user, subject),
        }


class IntakeDoubts:
    """People of an area who sit in another class while a session of this one is held, and rooms
    that have no seat for all of them.
    """

    key = "attendance.intake_doubts"
    place = "run_intake"
    order = 10
    template = "attendance/panels/intake_doubts.html"

    def context(self, request: SignedInRequest, subject: Joining) -> dict[str, Any] | None:
        sessions = list(
            Session.objects.taking_place().filter(run=subject.run).prefetch_related("trainers")
        )
        clashes = find_clashes(
            run=subject.run,
            periods=sessions,
            reader=request.user,
            people=subject.people.order_by().values("pk"),
        )
        told = [describe_clash(one) for one in clashes if one.kind == ClashKind.TRAINEES]
        crowds = find_crowds(run=subject.run, periods=sessions, joining=subject.people)
        seats = [describe_crowd(one) for one in crowds]
        return {"clashes": told, "crowds": seats} if told or seats else None


class ReportIntakeDoubts(IntakeDoubts):
    """The same where people of a report join a class, on the site."""

    key = "attendance.report_intake_doubts"
    place = "intake"
    template = "attendance/panels/report_intake_doubts.html"


class CopiedSessions:
    """The sessions of a class before it is copied, with whom or what another class wants then."""

    key = "attendance.copied_sessions"
    place = "run_copy"
    order = 10
    template = "attendance/panels/copied_sessions.html"

    def context(self, request: SignedInRequest, subject: CopyPlan) -> dict[str, Any] | None:
        plans = shifted_sessions(plan=subject)
        clashes = find_clashes(
            run=subject.draft(),
            periods=plans,
            reader=request.user,
            people=User.objects.none(),
            trainer_ids={trainer.pk for trainer in subject.trainers},
        )
        now = timezone.now()
        return {
            "lines": [
                {
                    "title": plan.title,
                    "when": describe_when(starts_at=plan.starts_at, ends_at=plan.ends_at, now=now),
                    "clashes": [describe_clash(one) for one in clashes if one.period is plan],
                }
                for plan in plans
            ]
        }


class EnrolmentAttendance:
    """One trainee: each session of the class with what was noted, by whom and why."""

    key = "attendance.enrolment"
    place = "enrolment"
    order = 10
    template = "attendance/panels/enrolment.html"

    def context(self, request: SignedInRequest, subject: Enrolment) -> dict[str, Any] | None:
        now = timezone.now()
        sessions = list(subject.run.sessions.select_related("sign_off").order_by("starts_at"))
        if not sessions:
            return None
        history = history_of(enrolment=subject)
        records = {
            record.session_id: record
            for record in AttendanceRecord.objects.filter(enrolment=subject)
        }
        missed = missed_of(enrolment=subject, at=now)
        return {
            "enrolment": subject,
            "may_agree": may_agree(enrolment=subject, by=request.user),
            "may_correct": may_confirm(run=subject.run, by=request.user),
            "lines": [
                _standing(session, records.get(session.pk), history.get(session.pk, []), now)
                | make_up_line(missed.get(session.pk), now=now)
                for session in sessions
            ],
        }


def _is_to_come(session: Session) -> bool:
    return state_of(session, now=timezone.now()) in (SessionState.TO_COME, SessionState.UNDER_WAY)


def _may_change(run: CourseRun) -> bool:
    with CatchRefusal() as asked:
        require_run_unsigned(run)
    return run.status != RunStatus.CANCELLED and asked.refusal is None


def session_line(session: Any, *, run: CourseRun) -> dict[str, Any]:
    """Return a session with its figures (`with_figures`) as a line of a list."""
    now = timezone.now()
    day = timezone.localdate(session.starts_at)
    state = state_of(session, now=now)
    counts = [
        {"status": status, "label": label, "count": getattr(session, f"{status}_count")}
        for status, label in AttendanceStatus.choices
    ]
    return {
        "session": session,
        "when": describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        "where": session.where,
        "module": shown_title(session.module) if session.module else "",
        "trainers": _named_trainers(session),
        "counts": [entry for entry in counts if entry["count"]],
        "left": 0 if is_signed(session) else session.expected_count - session.noted_count,
        # Also an evening that goes on behind midnight.
        "is_today": day == timezone.localdate(now) or state == SessionState.UNDER_WAY,
        "state": state,
        "is_signed": is_signed(session),
        "is_open": state != SessionState.CANCELLED and day <= timezone.localdate(now),
    }


def _named_trainers(session: Session) -> list[str]:
    """Return who teaches it, where that is not everybody who teaches the class."""
    if not session.trainer_ids:
        return []
    return [trainer.full_name for trainer in trainers_of(session=session)]


def with_lead(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the same lines; the first whose roll is unfinished, one under way before all others,
    is `is_lead`, the next thing to do.
    """
    unfinished = [line for line in lines if line["is_open"] and line["left"] > 0]
    now = [line for line in unfinished if line["state"] == SessionState.UNDER_WAY]
    lead = next(iter([*now, *unfinished]), None)
    return [{**line, "is_lead": line is lead} for line in lines]


def _standing(
    session: Session,
    record: AttendanceRecord | None,
    marks: list[AttendanceMark],
    now: datetime,
) -> dict[str, Any]:
    """Return what one person did in one session, and how that came to be known."""
    return {
        "session": session,
        "when": describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        "record": record,
        "attended": describe_minutes(record.minutes) if record else "",
        "length": describe_minutes(session.minutes),
        "state": state_of(session, now=now),
        "marks": [
            (mark, describe_mark(mark.status, mark.minutes_late, mark.minutes_left_early))
            for mark in marks
        ],
        "is_signed": is_signed(session),
    }


PANELS: Final = (
    RunSessions(),
    RunAdminSessions(),
    EnrolmentAttendance(),
    IntakeDoubts(),
    ReportIntakeDoubts(),
    CopiedSessions(),
)
