"""The four measured jobs and their floors."""

import itertools
import json
import uuid
from collections.abc import Iterator
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
from tests.benchmarks.serving import requests_per_second, web_server
from tests.benchmarks.timing import Measure, median_seconds, milliseconds

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
    with web_server("lms.wsgi:application", environment) as port:
        requests_per_second(port, url, cookie)
        lesson = requests_per_second(port, url, cookie)
        empty = requests_per_second(port, "/bench/empty/", cookie)
    with web_server("tests.benchmarks.bare:application", {}) as port:
        bare = requests_per_second(port, "/bench/empty/")
    name = f"lesson page ({queries} queries)"
    aim = "<= 15x, <= 10 queries"
    return [
        Measure(
            name,
            f"{lesson:.0f}/s",
            "empty view, suite's middleware",
            f"{empty:.0f}/s",
            empty / lesson,
            aim,
        ),
        Measure(
            name,
            f"{lesson:.0f}/s",
            "empty view, nothing around it",
            f"{bare:.0f}/s",
            bare / lesson,
            "",
        ),
    ]


def district_page() -> list[Measure]:
    """The completion page of the whole province against the bare GROUP BY."""
    monitor = _logged_in("SO001")
    url = reverse("reporting:completion")
    queries = _queries(monitor, url)
    page = median_seconds(lambda: monitor.get(url, **HOST), rounds=15)

    def group_by() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT substr(u.path, 1, 8), count(*),"
                " sum(CASE WHEN e.status = 'completed' THEN 1 ELSE 0 END)"
                " FROM courses_enrolment e JOIN geography_administrativeunit u ON u.id = e.unit_id"
                " GROUP BY 1"
            )
            cursor.fetchall()

    floor = median_seconds(group_by, rounds=15)
    name = f"completion by district ({queries} queries)"
    return [
        Measure(
            name,
            milliseconds(page),
            "bare SQL GROUP BY",
            milliseconds(floor),
            page / floor,
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
    return run.sessions.first(), chosen, User.objects.get(staff_code="GV001")


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
            record_roll_call(session=session, entries=entries, by=trainer, at=timezone.now())
            transaction.set_rollback(True)
        queries.append(len([q for q in captured if "SAVEPOINT" not in q["sql"]]))

    def insert() -> None:
        with transaction.atomic():
            AttendanceMark.objects.bulk_create(_marks(session, enrolments, trainer))
            transaction.set_rollback(True)

    saved = median_seconds(save, rounds=7)
    floor = median_seconds(insert, rounds=7)
    return [
        Measure(
            f"roll call of {ROLL} ({max(queries)} queries)",
            milliseconds(saved),
            f"one insert of {ROLL} marks",
            milliseconds(floor),
            saved / floor,
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
    compiler = rendering._compiler()

    def compile_alone() -> None:
        compiler.compile(
            format="pdf",
            sys_inputs={"paper": next(papers)},
            timestamp=0,
            pdf_standards=list(rendering.STANDARDS),
        )

    alone = median_seconds(compile_alone, rounds=PAPERS)
    left = iter(waiting)
    whole = median_seconds(
        lambda: issuing.issue_with_file(enrolment_id=next(left), at=timezone.now()),
        rounds=len(waiting) - 2,
    )
    name, floor = f"{1 / whole:.0f}/s", f"{1 / alone:.0f}/s"
    ratio = whole / alone
    return [Measure("certificate issued and stored", name, "typst alone", floor, ratio, "<= 3x")]


def _papers() -> Iterator[str]:
    """Another name and code each time: typst remembers what it has set before."""
    facts = Certificate.objects.order_by("pk").first().facts
    for number in itertools.count():
        paper = compose_paper(facts={**facts, "name": f"Nguyễn Thị Mẫu {number}"})
        qr = rendering.qr_svg(f"{facts['verify_url']}{number}")
        yield json.dumps({**paper, "qr": qr})
