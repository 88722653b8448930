"""The attendance table of a class, 500 people by 24 sessions: the page, and the file."""

import io
from collections.abc import Callable
from http import HTTPStatus

import xlsxwriter
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from attendance.models import AttendanceRecord, Session
from lms.accounts.models import User
from tests.benchmarks.enlarging import count_queries, log_in, make_class, staff
from tests.benchmarks.hours import add_sessions, mark_everybody
from tests.benchmarks.measures import Aim, Measure
from tests.benchmarks.timing import in_turns, milliseconds, timed

SIZE = 500
SESSIONS = 24
FEW_QUERIES = Aim("<=", 15, "queries")


def grid() -> list[Measure]:
    """What a trainer waits for, in the process, without the network."""
    run, trainer = make_class(SIZE), staff("GV001")[0]
    page = reverse("attendance:run_grid", args=[run.pk])
    file = reverse("attendance:run_grid_file", args=[run.pk])
    with transaction.atomic():
        # Others of the class stay out of the table, so that it has as many columns each time.
        Session.objects.filter(run=run).update(
            cancelled_at=timezone.now(), cancel_reason="Không thuộc bảng này"
        )
        mark_everybody(run, add_sessions(run, SESSIONS, counted=True))
        measures = [
            _measure("page", page, trainer, _read, "its records read"),
            _measure("XLSX", file, trainer, _write, "as many cells by XlsxWriter"),
        ]
        transaction.set_rollback(True)
    return measures


def _measure(
    name: str, url: str, trainer: User, floor: Callable[[], None], floor_name: str
) -> Measure:
    client, queries = log_in(trainer), count_queries(trainer, url)

    def ask() -> None:
        answer = client.get(url)
        if answer.status_code != HTTPStatus.OK:
            raise AssertionError(f"{url}: {answer.status_code}")
        _ = b"".join(answer.streaming_content) if answer.streaming else answer.content

    pair = in_turns(timed(ask), timed(floor))
    return Measure(
        name=f"attendance table {SESSIONS} x {SIZE}, {name} ({queries} queries)",
        value=milliseconds(pair.job),
        floor_name=floor_name,
        floor=milliseconds(pair.floor),
        ratio=pair.ratio,
        aims=(FEW_QUERIES,),
        figures={"queries": queries},
    )


def _read() -> None:
    people = make_class(SIZE).enrolments.all()
    records = AttendanceRecord.objects.filter(enrolment__in=people)
    if len(list(records.values_list())) < SIZE * SESSIONS:
        raise AssertionError("records are missing")


def _write() -> None:
    with xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(SIZE):
            sheet.write_row(row, 0, ["x · 180"] * SESSIONS)
