"""A roster of 3,000 people and their enrolments: rehearsed, written, undone."""

import csv
import io
import resource
from datetime import date

from django.core.files.base import ContentFile
from django.utils import timezone

from courses.models import CourseRun
from lms.accounts.models import Posting, User
from lms.geography.models import AdministrativeUnit
from lms.importing.domain.confirming import ask_to_confirm, confirm
from lms.importing.domain.mapping import choose, suggest
from lms.importing.domain.rehearsing import rehearse
from lms.importing.domain.sheets import open_file
from lms.importing.domain.undoing import ask_to_undo, undo
from lms.importing.domain.uploading import receive, usual_edition
from lms.importing.extensions import import_kinds
from lms.importing.models import ImportBatch
from tests.benchmarks.measures import Aim, Measure
from tests.benchmarks.timing import ROUNDS, Pair, median_of, timed

ROWS = 3000
STEPS = {"rehearse": "rehearsed", "confirm": "written", "undo": "undone"}
_MEGABYTE = 1024
_HEAD = ("Mã cán bộ", "Họ và tên", "Năm sinh", "Giới tính", "Số điện thoại", "Xã", "Đối tượng")


def roster() -> list[Measure]:
    """Both lists through the five steps, against one bare insert of as many people."""
    rounds = [_round(number) for number in range(ROUNDS)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE
    return [
        _measure(
            name=f"roster of {ROWS} and enrolments {label}",
            pair=median_of([(steps[step], steps["floor"]) for steps in rounds]),
            peak=peak,
        )
        for step, label in STEPS.items()
    ]


def _measure(*, name: str, pair: Pair, peak: float) -> Measure:
    return Measure(
        name=name,
        value=f"{pair.job:.2f} s",
        floor_name=f"bare insert of {ROWS}, peak {peak:.0f} MB",
        floor=f"{pair.floor:.2f} s",
        ratio=pair.ratio,
        aims=(Aim("<", 5, "s"), Aim("<", 300, "MB")),
        figures={"s": pair.job, "MB": peak},
    )


def _round(number: int) -> dict[str, float]:
    """Return the seconds of each step and of the floor; other people in each round."""
    by = User.objects.get(staff_code="QT001")
    communes = list(
        AdministrativeUnit.objects.filter(edition=usual_edition(by=by), level="commune")
    )
    run = CourseRun.objects.filter(status__in=("planned", "open")).order_by("pk").first()
    codes = [f"BENCH{number}{n:05d}" for n in range(ROWS)]
    people = [
        (code, f"Nguyễn Mẫu {code}", 1960 + n % 40, "Nữ", f"09{first + n}", place.code, "CTV")
        for first in [11_000_000 + number * ROWS]
        for n, code in enumerate(codes)
        for place in [communes[n % len(communes)]]
    ]
    floor = timed(lambda: _insert(communes[0]))()
    User.objects.filter(staff_code__startswith="BARE").delete()
    of_people = _steps("people", _HEAD, people, by, keep=True)
    rows = [(run.code, code) for code in codes]
    of_enrolments = _steps("enrolments", ("Mã lớp", "Mã cán bộ"), rows, by)
    _undo(of_people["batch"], of_people)
    return {"floor": floor, **{step: of_people[step] + of_enrolments[step] for step in STEPS}}


def _steps(kind: str, head: tuple, rows: list, by: User, *, keep: bool = False) -> dict:
    """Seconds of each step; the undo is left to the caller with `keep`."""
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    content = ContentFile(text.getvalue().encode(), name="danh-sach.csv")
    chosen = import_kinds.get(kind)
    batch = receive(
        file=content,
        name=content.name,
        kind=chosen,
        sender="",
        edition=usual_edition(by=by),
        by=by,
    )
    opened = open_file(batch=batch)
    columns = suggest(batch=batch, kind=chosen, table=opened.table)
    choose(batch=batch, kind=chosen, opened=opened, columns=columns)
    steps: dict = {"batch": batch, "rehearse": timed(lambda: rehearse(batch_id=batch.pk))()}
    batch.refresh_from_db()
    assert batch.rows.filter(outcome="new").count() == len(rows), batch.notice
    ask_to_confirm(batch=batch)
    steps["confirm"] = timed(lambda: confirm(batch_id=batch.pk))()
    if not keep:
        _undo(batch, steps)
    return steps


def _undo(batch: ImportBatch, steps: dict) -> None:
    batch.refresh_from_db()
    assert batch.state == "confirmed", batch.notice
    ask_to_undo(batch=batch, by=batch.by, at=timezone.now())
    steps["undo"] = timed(lambda: undo(batch_id=batch.pk))()
    batch.refresh_from_db()
    assert batch.state == "undone"
    assert not any(write.left for row in batch.rows.all()[:1] for write in row.writes.all())


def _insert(place: AdministrativeUnit) -> None:
    people = [User(staff_code=f"BARE{n}", full_name=f"Nguyễn Mẫu {n}") for n in range(ROWS)]
    User.objects.bulk_create(people)
    Posting.objects.bulk_create(
        Posting(user=person, unit=place, cadre="collaborator", valid_from=date(2014, 1, 1))
        for person in people
    )
