"""Single marks of one session from eight clients, as phones send them: quick, and none is lost."""

import statistics
import threading
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from itertools import cycle, islice

from django.urls import reverse
from django.utils import timezone

from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord, Session
from courses.models import CourseRun, Enrolment
from lms.accounts.models import User
from tests.benchmarks.clients import CLIENTS, Answer, Post, post_all, send_all
from tests.benchmarks.enlarging import make_class, open_sessions, staff
from tests.benchmarks.load import Visit
from tests.benchmarks.measures import Aim, Measure
from tests.benchmarks.serving import EMPTY_VIEW, SUITE, started_server, web_server
from tests.benchmarks.timing import ROUNDS, Pair, in_turns, milliseconds, timed

SIZE = 500
SINGLE_MARKS = Aim("<=", 4, "s")
BURST_SESSIONS = 6
BURST_SECONDS = 60
P95 = Aim("<=", 300, "ms")
KILLED_AFTER = 1.0
PROCESSOR = Aim("<=", 15, "ms")
WARM_UP = 60
INSERTS = f"{SIZE} inserts, each committed"


def single_marks() -> list[Measure]:
    """All marks of a class one by one, beside as many inserts, each committed: while its session
    goes on, and after one that is over, where each mark decides completion. Then what one costs in
    processor time, a burst, and a server that is killed in one.
    """
    run = make_class(SIZE)
    enrolments = list(run.enrolments.all())
    spare, *over = run.sessions.all()[: ROUNDS + 1]
    if len(over) < ROUNDS:
        raise RuntimeError("not a meeting for each round")
    trainer = staff("GV001")
    visits = open_sessions(trainer)[:CLIENTS]
    going_on = iter(_add_meetings(run, ROUNDS + 1 + BURST_SESSIONS + 1))
    floor = timed(lambda: _insert_all(spare, enrolments, trainer[0]))
    with web_server(SUITE) as suite:
        pairs = [
            in_turns(
                timed(partial(_note_next, suite, sessions, enrolments, visits)),
                floor,
                warm_up=0,
            )
            for sessions in (going_on, iter(over))
        ]
    AttendanceMark.objects.filter(session=spare).delete()
    return [
        _single(pairs[0], f"{SIZE} single marks from {CLIENTS} clients", SINGLE_MARKS),
        _single(pairs[1], f"{SIZE} single marks after the session"),
        _processor(next(going_on), enrolments, visits),
        _burst(list(islice(going_on, BURST_SESSIONS)), enrolments, visits, pairs[0].floor / SIZE),
        _kill(next(going_on), enrolments, visits),
    ]


def _single(pair: Pair, name: str, *aims: Aim) -> Measure:
    return Measure(
        name=name,
        value=f"{pair.job:.1f} s",
        floor_name=INSERTS,
        floor=f"{pair.floor:.2f} s",
        ratio=pair.ratio,
        aims=aims,
        figures={"s": pair.job},
    )


def _processor(
    session: Session, enrolments: Sequence[Enrolment], visits: Sequence[Visit]
) -> Measure:
    """Compare what the web server spends on a mark and on a view that does nothing."""
    empty = [
        Post(EMPTY_VIEW, visit.cookies, {}, expects=HTTPStatus.OK)
        for visit, _ in zip(cycle(visits), enrolments, strict=False)
    ]
    with started_server(SUITE) as server:
        spent = []
        # The first of each warm the workers up.
        posts = list(_posts(session, enrolments, visits))
        for form in (empty[:WARM_UP], posts[:WARM_UP], empty, posts[WARM_UP:]):
            before = server.processor_seconds()
            post_all(server.site, form)
            spent.append((server.processor_seconds() - before) / len(form))
    _check_once(session, enrolments)
    return Measure(
        name="processor time of one mark in the web server",
        value=milliseconds(spent[3]),
        floor_name="an empty view",
        floor=milliseconds(spent[2]),
        ratio=spent[3] / spent[2],
        aims=(PROCESSOR,),
        figures={"ms": spent[3] * 1000},
    )


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


def _note_next(
    suite: str,
    sessions: Iterator[Session],
    enrolments: Sequence[Enrolment],
    visits: Sequence[Visit],
) -> None:
    session = next(sessions)
    post_all(suite, _posts(session, enrolments, visits))
    _check_once(session, enrolments)


def _burst(
    sessions: Sequence[Session],
    enrolments: Sequence[Enrolment],
    visits: Sequence[Visit],
    floor: float,
) -> Measure:
    """Send the marks of several sessions at an even pace, and then all of them again."""
    posts = [post for session in sessions for post in _posts(session, enrolments, visits)]
    with web_server(SUITE) as suite:
        answers = send_all(suite, posts, per_second=len(posts) / BURST_SECONDS)
        post_all(suite, posts)
    lost = [answer.status for answer in answers if answer.status != HTTPStatus.OK]
    if lost:
        raise AssertionError(f"{len(lost)} marks were refused, such as {lost[0]}")
    for session in sessions:
        _check_once(session, enrolments)
    p95 = statistics.quantiles([answer.seconds for answer in answers], n=20)[-1]
    return Measure(
        name=f"{len(posts):,} marks in {BURST_SECONDS} s, p95",
        value=milliseconds(p95),
        floor_name=f"one of {INSERTS}",
        floor=milliseconds(floor),
        ratio=p95 / floor,
        aims=(P95,),
        figures={"ms": p95 * 1000},
    )


def _kill(session: Session, enrolments: Sequence[Enrolment], visits: Sequence[Visit]) -> Measure:
    """Kill the web server in the middle; send everything again to the next one."""
    posts = list(_posts(session, enrolments, visits))
    with started_server(SUITE) as server:
        killer = threading.Timer(KILLED_AFTER, server.kill)
        killer.start()
        answers = send_all(server.site, posts)
        killer.join()
    answered = _noted_by(answers)
    stored = set(AttendanceMark.objects.filter(session=session).values_list("client_id", flat=True))
    if not 0 < len(answered) < len(posts):
        raise AssertionError(f"killed at no moment that tells anything: {len(answered)} answered")
    with web_server(SUITE) as suite:
        post_all(suite, posts)
    _check_once(session, enrolments)
    return Measure(
        name="marks answered, then the server killed: lost",
        value=str(len(answered - stored)),
        floor_name="answered",
        floor=str(len(answered)),
        ratio=len(answered - stored) / len(answered),
        aims=(Aim("<=", 0, "x"),),
    )


def _noted_by(answers: Sequence[Answer]) -> set[uuid.UUID]:
    done = [answer.post.form["marks"] for answer in answers if answer.status == HTTPStatus.OK]
    return {marks[0]["client_id"] for marks in done}  # type: ignore[index]


def _check_once(session: Session, enrolments: Sequence[Enrolment]) -> None:
    noted = AttendanceRecord.objects.filter(session=session).count()
    marks = AttendanceMark.objects.filter(session=session).count()
    if not noted == marks == len(enrolments):
        raise AssertionError(f"{marks} marks and {noted} records of {len(enrolments)}")


def _add_meetings(run: CourseRun, count: int) -> list[Session]:
    """Add so many meetings that go on while they are noted."""
    now = timezone.now()
    return [
        Session.objects.create(
            run=run,
            title=f"Buổi thêm {number}",
            starts_at=now - timedelta(minutes=number),
            ends_at=now + timedelta(hours=5),
        )
        for number in range(1, count + 1)
    ]


def _posts(
    session: Session, enrolments: Sequence[Enrolment], visits: Sequence[Visit]
) -> Iterator[Post]:
    path = reverse("attendance:roll_lines", args=[session.pk])
    trainer = staff("GV001")[0]
    for enrolment, visit in zip(enrolments, cycle(visits), strict=False):
        mark = {
            "enrolment": enrolment.pk,
            "status": AttendanceStatus.PRESENT.value,
            "client_id": uuid.uuid4(),
        }
        # As the page is opened: what comes back then moves it on (`clients._send`).
        form = {"reader": trainer.pk, "since": _latest(), "marks": [mark]}
        yield Post(path, visit.cookies, form, is_json=True, expects=HTTPStatus.OK)


def _latest() -> int:
    last = AttendanceMark.objects.order_by("pk").last()
    return last.pk if last else 0
