"""Hours of attendance: a session of 500 that ends, and a million marks derived anew."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from attendance.domain.hours.counting import count_ended_sessions
from attendance.domain.hours.deriving import derive_record
from attendance.domain.hours.rebuilding import find_differences
from attendance.domain.hours.rules import AttendanceRules
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceMark, AttendanceRecord, Session
from courses.models import CourseRun, CriterionProgress
from tests.benchmarks.enlarging import make_class, staff
from tests.benchmarks.measures import NO_QUERIES, Aim, Measure
from tests.benchmarks.timing import in_turns, milliseconds, timed

SIZE = 500
MEETINGS = 2_000
MARKS = SIZE * MEETINGS
MINUTES = 180
ENDED = 3
FEW_QUERIES = Aim("<=", 15, "queries")


def hours() -> list[Measure]:
    """Deciding completion when a session of 500 ends, then deriving and checking 1,000,000 marks."""
    return [_session_ends(), _derive(), _check()]


def _session_ends() -> Measure:
    """Everybody is judged by the hours that count from now on; beside one update of their rows."""
    run = make_class(SIZE)
    people = run.enrolments.all()
    queries: list[int] = []

    def end() -> None:
        with CaptureQueriesContext(connection) as captured, transaction.atomic():
            if count_ended_sessions(at=timezone.now()) != 1:
                raise RuntimeError("not just the one class had sessions to count")
            transaction.set_rollback(True)
        queries.append(len([q for q in captured if not q["sql"].startswith(NO_QUERIES)]))

    def update() -> None:
        with transaction.atomic():
            CriterionProgress.objects.filter(enrolment__in=people).update(achieved=F("achieved"))
            transaction.set_rollback(True)

    with transaction.atomic():
        Session.objects.update(counted_at=timezone.now())
        # Of its own: what other parts noted stays as it is.
        mark_everybody(run, add_sessions(run, ENDED, counted=False))
        pair = in_turns(timed(end), timed(update))
        transaction.set_rollback(True)
    return Measure(
        name=f"session of {SIZE} ends, completion decided ({max(queries)} queries)",
        value=milliseconds(pair.job),
        floor_name=f"one update of {SIZE} progress rows",
        floor=milliseconds(pair.floor),
        ratio=pair.ratio,
        aims=(FEW_QUERIES, Aim("<=", 25, "x")),
        figures={"queries": max(queries)},
    )


def _derive() -> Measure:
    """The pure rule; beside making as many objects."""
    mark = AttendanceMark(status=AttendanceStatus.LATE, minutes_late=20, session_id=1)
    rules = AttendanceRules(grace_minutes=15, rounding=5)

    def derive() -> None:
        for _ in range(MARKS):
            derive_record(mark=mark, session_minutes=MINUTES, rules=rules)

    def make() -> None:
        for _ in range(MARKS):
            AttendanceRecord(session_id=1, enrolment_id=1, mark=mark, status="late", minutes=160)

    pair = in_turns(timed(derive), timed(make), rounds=1, warm_up=0)
    return Measure(
        name=f"{MARKS:,} marks derived",
        value=f"{pair.job:.1f} s",
        floor_name="as many records made",
        floor=f"{pair.floor:.1f} s",
        ratio=pair.ratio,
    )


def _check() -> Measure:
    """What `rebuild_attendance --check` does; beside reading both tables."""
    run = make_class(SIZE)

    def check() -> None:
        if list(find_differences()):
            raise RuntimeError("records differ from their marks")

    def read() -> None:
        for model in (AttendanceMark, AttendanceRecord):
            for _row in model.objects.values_list().iterator():
                pass

    with transaction.atomic():
        mark_everybody(run, add_sessions(run, MEETINGS, counted=True))
        pair = in_turns(timed(check), timed(read), rounds=1, warm_up=0)
        transaction.set_rollback(True)
    return Measure(
        name=f"records of {MARKS:,} marks checked",
        value=f"{pair.job:.1f} s",
        floor_name="both tables read",
        floor=f"{pair.floor:.1f} s",
        ratio=pair.ratio,
    )


def add_sessions(run: CourseRun, count: int, *, counted: bool) -> list[Session]:
    """Add so many sessions of days long gone."""
    first = timezone.now() - timedelta(days=9_000)
    length = timedelta(minutes=MINUTES)
    begins = [first + timedelta(days=number) for number in range(count)]
    return Session.objects.bulk_create(
        Session(
            run=run,
            title=f"Buổi {begin:%d/%m/%Y}",
            starts_at=begin,
            ends_at=begin + length,
            counted_at=begin + length if counted else None,
        )
        for begin in begins
    )


def mark_everybody(run: CourseRun, sessions: Sequence[Session]) -> None:
    """Note everybody as present, with the records that follow; in the database alone."""
    ids = [session.pk for session in sessions]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO attendance_attendancemark (session_id, enrolment_id, status, minutes_late,"
            " minutes_left_early, method, reason, marked_by_id, marked_at, device, client_id)"
            " SELECT s.id, e.id, 'present', 0, 0, 'roll_call', '', %s, s.ends_at, '',"
            " gen_random_uuid() FROM attendance_session s JOIN courses_enrolment e"
            " ON e.run_id = s.run_id WHERE s.id = ANY(%s) AND e.run_id = %s",
            [staff("GV001")[0].pk, ids, run.pk],
        )
        cursor.execute(
            "INSERT INTO attendance_attendancerecord (session_id, enrolment_id, mark_id, status,"
            " minutes, minutes_waived) SELECT m.session_id, m.enrolment_id, m.id, m.status,"
            " extract(epoch FROM s.ends_at - s.starts_at)::int / 60 - s.break_minutes, 0"
            " FROM attendance_attendancemark m JOIN attendance_session s ON s.id = m.session_id"
            " WHERE m.session_id = ANY(%s)",
            [ids],
        )
