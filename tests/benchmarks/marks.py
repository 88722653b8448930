"""Five hundred single marks of one session from eight clients, as phones send them."""

import uuid
from collections.abc import Iterator, Sequence
from itertools import cycle

from django.urls import reverse
from django.utils import timezone

from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord, Session
from courses.models import Enrolment
from lms.accounts.models import User
from tests.benchmarks.clients import CLIENTS, Post, post_all
from tests.benchmarks.enlarging import make_class, open_sessions, staff
from tests.benchmarks.load import Visit
from tests.benchmarks.measures import Measure
from tests.benchmarks.serving import SUITE, web_server
from tests.benchmarks.timing import ROUNDS, in_turns, timed

SIZE = 500


def single_marks() -> list[Measure]:
    """All marks through the roll's form one by one, beside as many inserts, each committed."""
    run = make_class(SIZE)
    enrolments = list(run.enrolments.all())
    spare, *meetings = run.sessions.all()
    if len(meetings) < ROUNDS:
        raise RuntimeError("not a meeting for each round")
    trainer = staff("GV001")
    visits, left = open_sessions(trainer)[:CLIENTS], iter(meetings)
    with web_server(SUITE) as suite:
        pair = in_turns(
            timed(lambda: _note_all(suite, next(left), enrolments, visits)),
            timed(lambda: _insert_all(spare, enrolments, trainer[0])),
            warm_up=0,
        )
    AttendanceMark.objects.filter(session=spare).delete()
    return [
        Measure(
            name=f"{SIZE} single marks from {CLIENTS} clients",
            value=f"{pair.job:.1f} s",
            floor_name=f"{SIZE} inserts, each committed",
            floor=f"{pair.floor:.2f} s",
            ratio=pair.ratio,
        )
    ]


def new_marks(
    session: Session, enrolments: Sequence[Enrolment], by: User
) -> Iterator[AttendanceMark]:
    """Give unsaved marks, everybody present."""
    for enrolment in enrolments:
        yield AttendanceMark(
            session=session,
            enrolment=enrolment,
            status=AttendanceStatus.PRESENT,
            method=MarkMethod.ROLL_CALL,
            marked_by=by,
            marked_at=timezone.now(),
            client_id=uuid.uuid4(),
        )


def _insert_all(session: Session, enrolments: Sequence[Enrolment], by: User) -> None:
    for mark in new_marks(session, enrolments, by):
        mark.save(force_insert=True)


def _note_all(
    suite: str, session: Session, enrolments: Sequence[Enrolment], visits: Sequence[Visit]
) -> None:
    path = reverse("attendance:roll_call", args=[session.pk])
    post_all(
        suite,
        (
            Post(path, visit.cookies, _mark_of(enrolment.pk))
            for enrolment, visit in zip(enrolments, cycle(visits), strict=False)
        ),
    )
    noted = AttendanceRecord.objects.filter(session=session).count()
    if noted != len(enrolments):
        raise AssertionError(f"only {noted} of {len(enrolments)} marks were noted")


def _mark_of(enrolment_id: int) -> dict[str, object]:
    form = {"token": uuid.uuid4(), "seen": 0, "action": "save"}
    return {**form, f"status-{enrolment_id}": AttendanceStatus.PRESENT.value}
