"""Jobs inside the suite and their floors: completion, the roll, certificates."""

import itertools
import json
import uuid
from collections.abc import Iterator

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from attendance.domain.roll.recording import (
    RollCallResult,
    RollEntry,
    hold_session,
    record_held,
)
from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, Session
from certificates.domain import issuing, rendering
from certificates.domain.layout import compose_paper
from certificates.models import Certificate
from courses.models import Enrolment
from lms.accounts.models import User
from lms.core.pdf import compiler
from lms.reporting.domain.tally_keeping import update_tallies
from tests.benchmarks.enlarging import count_queries, log_in, make_class, staff
from tests.benchmarks.marks import new_marks
from tests.benchmarks.measures import NO_QUERIES, Aim, Measure
from tests.benchmarks.timing import in_turns, milliseconds, per_second, timed

ROLL = 500
PAPERS = 60
ROUNDS = 7
FEW_QUERIES = Aim("<=", 15, "queries")


def district_page() -> list[Measure]:
    """The completion page of the whole province against the bare GROUP BY."""
    monitor = staff("SO001")[0]
    update_tallies(on=localdate())
    url = reverse("reporting:completion")
    queries = count_queries(monitor, url)
    client = log_in(monitor)

    def group_by() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT substr(u.path, 1, 8), count(*),"
                " sum(CASE WHEN e.status = 'completed' THEN 1 ELSE 0 END)"
                " FROM courses_enrolment e JOIN geography_administrativeunit u ON u.id = e.unit_id"
                " GROUP BY 1"
            )
            cursor.fetchall()

    pair = in_turns(timed(lambda: client.get(url)), timed(group_by), rounds=15)
    return [
        Measure(
            name=f"completion by district ({queries} queries)",
            value=milliseconds(pair.job),
            floor_name="bare SQL GROUP BY",
            floor=milliseconds(pair.floor),
            ratio=pair.ratio,
            aims=(FEW_QUERIES, Aim("<=", 25, "x")),
            figures={"queries": queries},
        )
    ]


def roll_call() -> list[Measure]:
    """Saving the roll of 500 people, completion decided for each, against one bare insert."""
    run, trainer = make_class(ROLL), staff("GV001")[0]
    session, enrolments = run.sessions.first(), list(run.enrolments.all())
    entries = everybody_present(enrolments)
    queries: list[int] = []

    def save() -> None:
        with CaptureQueriesContext(connection) as captured, transaction.atomic():
            result = note_all(session, entries, trainer)
            if len(result.saved) != ROLL:
                raise RuntimeError(f"only {len(result.saved)} of {ROLL} were noted")
            transaction.set_rollback(True)
        queries.append(len([q for q in captured if not q["sql"].startswith(NO_QUERIES)]))

    def insert() -> None:
        with transaction.atomic():
            AttendanceMark.objects.bulk_create(new_marks(session, enrolments, trainer))
            transaction.set_rollback(True)

    pair = in_turns(timed(save), timed(insert), rounds=ROUNDS)
    return [
        Measure(
            name=f"roll call of {ROLL} ({max(queries)} queries)",
            value=milliseconds(pair.job),
            floor_name=f"one insert of {ROLL} marks",
            floor=milliseconds(pair.floor),
            ratio=pair.ratio,
            aims=(FEW_QUERIES, Aim("<=", 6, "x")),
            figures={"queries": max(queries)},
        )
    ]


def note_all(session: Session, entries: list[RollEntry], trainer: User) -> RollCallResult:
    """Note them as the page does for whoever teaches the class."""
    now = timezone.now()
    return record_held(
        session=hold_session(session, at=now, reader=trainer),
        entries=entries,
        by=trainer,
        at=now,
        among=None,
        device="",
        method=MarkMethod.ROLL_CALL,
    )


def everybody_present(enrolments: list[Enrolment]) -> list[RollEntry]:
    present = AttendanceStatus.PRESENT
    return [
        RollEntry(enrolment_id=enrolment.pk, status=present, client_id=uuid.uuid4())
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
            name="certificate issued and stored",
            value=per_second(pair.job),
            floor_name="typst alone",
            floor=per_second(pair.floor),
            ratio=pair.ratio,
            aims=(Aim("<=", 3, "x"),),
        )
    ]


def _papers() -> Iterator[str]:
    """Another name and code each time: typst remembers what it has set before."""
    facts = Certificate.objects.order_by("pk").first().facts
    for number in itertools.count():
        paper = compose_paper(facts={**facts, "name": f"Nguyễn Thị Mẫu {number}"})
        qr = rendering.qr_svg(f"{facts['verify_url']}{number}")
        yield json.dumps({**paper, "qr": qr})
