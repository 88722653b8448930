"""The four measured jobs and their floors."""

import itertools
import json
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from attendance.domain.recording import RollEntry, record_roll_call
from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, Session
from certificates.domain import issuing, rendering
from certificates.domain.paper import compose_paper
from certificates.models import Certificate
from courses.models import CourseRun, Enrolment, LessonPage
from lms.accounts.models import Posting, User
from lms.core.typesetting import compiler
from tests.benchmarks.serving import seconds_per_request, web_server
from tests.benchmarks.timing import Measure, in_turns, milliseconds, timed

HOST = {"HTTP_HOST": "localhost"}
ROLL = 500
PAPERS = 60


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url, **HOST).status_code == 200
    return len(captured)


def _logged_in(login: str) -> Client:
    person = User.objects.get(staff_code=login)
    client = Client()
    client.force_login(person)
    return client


def lesson_page(folder: Path) -> list[Measure]:
    """A trainee's lesson page against an empty view, with and without the suite's middleware."""
    trainee = _logged_in("HV001")
    url = LessonPage.objects.order_by("path").first().url
    trainee.get(url, **HOST)
    queries = _queries(trainee, url)
    cookie = f"sessionid={trainee.cookies['sessionid'].value}"
    environment = {
        "SUITE_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
    }
    with (
        web_server("lms.wsgi:application", environment) as port,
        web_server("tests.benchmarks.bare:application", {}) as bare_port,
    ):
        floors = {
            "empty view, suite's middleware": (port, "<= 15x, <= 10 queries"),
            "empty view, nothing around it": (bare_port, ""),
        }
        return [
            _served(
                name=f"lesson page ({queries} queries)",
                job=lambda: seconds_per_request(port, url, cookie),
                floor_name=floor_name,
                floor=partial(seconds_per_request, floor_port, "/bench/empty/", cookie),
                aim=aim,
            )
            for floor_name, (floor_port, aim) in floors.items()
        ]


def _served(
    *,
    name: str,
    job: Callable[[], float],
    floor_name: str,
    floor: Callable[[], float],
    aim: str,
) -> Measure:
    pair = in_turns(job, floor, rounds=7, warm_up=1)
    return Measure(
        name, f"{1 / pair.job:.0f}/s", floor_name, f"{1 / pair.floor:.0f}/s", pair.ratio, aim
    )


def district_page() -> list[Measure]:
    """The completion page of the whole province against the bare GROUP BY."""
    monitor = _logged_in("SO001")
    url = reverse("reporting:completion")
    queries = _queries(monitor, url)

    def group_by() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT substr(u.path, 1, 8), count(*),"
                " sum(CASE WHEN e.status = 'completed' THEN 1 ELSE 0 END)"
                " FROM courses_enrolment e JOIN geography_administrativeunit u ON u.id = e.unit_id"
                " GROUP BY 1"
            )
            cursor.fetchall()

    pair = in_turns(timed(lambda: monitor.get(url, **HOST)), timed(group_by), rounds=15)
    name = f"completion by district ({queries} queries)"
    return [
        Measure(
            name,
            milliseconds(pair.job),
            "bare SQL GROUP BY",
            milliseconds(pair.floor),
            pair.ratio,
            "<= 15 queries",
        )
    ]


def _big_class() -> tuple[Session, list[Enrolment], User]:
    run = CourseRun.objects.order_by("pk").first()
    postings = Posting.objects.exclude(user__enrolments__run=run).select_related("user")[:ROLL]
    Enrolment.objects.bulk_create(
        Enrolment(
            user=posting.user,
            run=run,
            posting=posting,
            unit_id=posting.unit_id,
            cadre=posting.cadre,
            enrolled_at=timezone.now(),
        )
        for posting in postings
    )
    chosen = list(run.enrolments.order_by("-pk")[:ROLL])
    trainer = User.objects.get(staff_code="GV001")
    # A roll holds those alone whom its reader may see.
    run.trainers.add(trainer)
    return run.sessions.first(), chosen, trainer


def roll_call() -> list[Measure]:
    """Saving the roll of 500 people, completion decided for each, against one bare insert."""
    session, enrolments, trainer = _big_class()
    present = AttendanceStatus.PRESENT
    entries = [
        RollEntry(enrolment_id=enrolment.pk, status=present, client_id=uuid.uuid4())
        for enrolment in enrolments
    ]
    queries: list[int] = []

    def save() -> None:
        with CaptureQueriesContext(connection) as captured, transaction.atomic():
            result = record_roll_call(
                session=session,
                entries=entries,
                by=trainer,
                at=timezone.now(),
                among=Enrolment.objects.visible_to(trainer),
            )
            if len(result.saved) != ROLL:
                raise RuntimeError(f"only {len(result.saved)} of {ROLL} were noted")
            transaction.set_rollback(True)
        queries.append(len([q for q in captured if "SAVEPOINT" not in q["sql"]]))

    def insert() -> None:
        with transaction.atomic():
            AttendanceMark.objects.bulk_create(_marks(session, enrolments, trainer))
            transaction.set_rollback(True)

    pair = in_turns(timed(save), timed(insert), rounds=7)
    return [
        Measure(
            f"roll call of {ROLL} ({max(queries)} queries)",
            milliseconds(pair.job),
            f"one insert of {ROLL} marks",
            milliseconds(pair.floor),
            pair.ratio,
            "<= 15 queries",
        )
    ]


def _marks(session: Session, enrolments: list[Enrolment], by: User) -> list[AttendanceMark]:
    return [
        AttendanceMark(
            session=session,
            enrolment=enrolment,
            status=AttendanceStatus.PRESENT,
            method=MarkMethod.ROLL_CALL,
            marked_by=by,
            marked_at=timezone.now(),
            client_id=uuid.uuid4(),
        )
        for enrolment in enrolments
    ]


def certificates() -> list[Measure]:
    """Issuing with number, events and stored file, against typst alone on like facts."""
    completed = Enrolment.objects.filter(status="completed", certificates=None)
    waiting = list(completed.values_list("pk", flat=True)[: PAPERS + 2])
    papers = _papers()
    bare = compiler(rendering.SOURCE)

    def compile_alone() -> None:
        bare.compile(
            format="pdf",
            sys_inputs={"paper": next(papers)},
            timestamp=0,
            pdf_standards=list(rendering.STANDARDS),
        )

    left = iter(waiting)
    pair = in_turns(
        timed(lambda: issuing.issue_with_file(enrolment_id=next(left), at=timezone.now())),
        timed(compile_alone),
        rounds=len(waiting) - 2,
    )
    return [
        Measure(
            "certificate issued and stored",
            f"{1 / pair.job:.0f}/s",
            "typst alone",
            f"{1 / pair.floor:.0f}/s",
            pair.ratio,
            "<= 3x",
        )
    ]


def _papers() -> Iterator[str]:
    """Another name and code each time: typst remembers what it has set before."""
    facts = Certificate.objects.order_by("pk").first().facts
    for number in itertools.count():
        paper = compose_paper(facts={**facts, "name": f"Nguyễn Thị Mẫu {number}"})
        qr = rendering.qr_svg(f"{facts['verify_url']}{number}")
        yield json.dumps({**paper, "qr": qr})
