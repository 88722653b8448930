"""Each definition stands once, and the example of the page of definitions is counted again."""

import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from courses.enums import EnrolmentStatus, RunStatus
from courses.models import Enrolment
from lms.core.display import percent, vi_number
from lms.reporting.columns import columns_of, defined_figures
from lms.reporting.domain.narrowing import DayRange
from lms.reporting.enums import CountedAt
from lms.reporting.extensions import report_columns, training_figures
from lms.reporting.indicators import INDICATORS, KEYS
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.certificates import CertificateTemplateFactory, issued
from tests.factories.courses import EnrolmentFactory, make_run
from tests.factories.files import content_of
from tests.factories.geography import unit
from tests.factories.reporting import DONE_AT, TODAY, table_of
from tests.factories.rows import set_fields
from tests.reading import html_of

PERIOD = DayRange(date(2014, 5, 15), date(2014, 6, 14))
PAPER = (Path(settings.BASE_DIR) / "docs/indicators.md").read_text()
CLASSES = {
    "open, since May": {"status": RunStatus.OPEN},
    "open, begins in July": {"starts_on": date(2014, 7, 1), "ends_on": date(2014, 7, 2)},
    "closed in May": {"status": RunStatus.CLOSED},
    "cancelled": {"status": RunStatus.CANCELLED},
}
OUTCOMES = {
    "": {},
    "completed on 20 May": {"status": EnrolmentStatus.COMPLETED, "completed_at": DONE_AT},
    "withdrawn": {"status": EnrolmentStatus.WITHDRAWN},
}
CERTIFICATES = "certificates.issued"
MOVES = ("moved_in", "moved_out", "enrolled_from", "left")


def lines_below(heading):
    """The cells of the table of the page that begins with this heading."""
    table = PAPER[PAPER.index(f"| {heading} |") :].split("\n\n")[0]
    return [[cell.strip() for cell in row.strip("| ").split("|")] for row in table.split("\n")[2:]]


def act_out(world):
    """Make the people of the example."""
    runs = {}
    for name, sex, code, learning, works_in in lines_below("person"):
        posting = PostingFactory(user=UserFactory(full_name=name, sex=sex), unit=unit(code))
        class_name, _separator, outcome = learning.partition("; ")
        if class_name in CLASSES:
            run = runs.get(class_name) or make_run(world.course, unit("350"))
            runs[class_name] = run
            set_fields(run, **CLASSES[class_name])
            EnrolmentFactory(
                user=posting.user, run=run, unit=unit(code), posting=posting, **OUTCOMES[outcome]
            )
        if works_in != code:
            set_fields(posting, valid_to=TODAY - timedelta(days=1))
        if works_in not in {code, "nowhere"}:
            PostingFactory(user=posting.user, unit=unit(works_in), valid_from=TODAY)


def figure_of(key, row):
    figures = row.figures
    if key == "share":
        return percent(figures.completed, row.goal.people)
    if key in {"female_completed", "male_completed"}:
        sex = key.partition("_")[0]
        return f"{figures.completed_of(sex)} of {figures.people_of(sex)}"
    if key == "within":
        return vi_number(sum(n for day, n in figures.days.items() if PERIOD.holds(day)))
    if key == "goal":
        return vi_number(row.goal.people)
    if key in MOVES[:3]:
        return vi_number(getattr(row, key))
    holder = row if key.startswith("communes") else figures
    return vi_number(getattr(holder, key))


@pytest.mark.sqlite("days in sub-queries")
def test_example_counted_by_hand_is_what_the_report_and_its_plug_ins_count(world, monitor):
    act_out(world)
    CertificateTemplateFactory()
    for one in Enrolment.objects.filter(status=EnrolmentStatus.COMPLETED):
        issued(one, at=DONE_AT + timedelta(days=1))
    enrolled_at = table_of(world, monitor)
    now = table_of(world, monitor, counted_at=CountedAt.NOW)

    def rows(table):
        return (table.total, *(row for row in table.rows if row.unit.code in {"350", "353"}))

    counted = []
    for key, *_by_hand in lines_below("figure"):
        shown = rows(now if key in MOVES else enrolled_at)
        counted.append([key, *(figure_of(key, row) for row in shown)])
    assert counted == lines_below("figure")
    assert {key for key, *_figures in counted} == KEYS
    assert lines_below("plug-in figure") == [
        [one.key, *(vi_number(row.figures.extra.get(one.key, 0)) for row in rows(enrolled_at))]
        for one in report_columns
    ]


def test_page_of_definitions_says_what_the_code_says():
    with translation.override("en"):
        written = dict(
            re.findall(
                r"^### ([\w.]+)\n\n\*\*(?:.+?)\.\*\* (.+?)\n(?:\n|$)",
                PAPER,
                re.MULTILINE | re.DOTALL,
            )
        )
        figures = (*INDICATORS, *report_columns, *training_figures)
        said = {one.key: str(one.definition) for one in figures}
    assert {key: " ".join(text.split()) for key, text in written.items()} == said


def test_every_column_of_the_page_leads_to_its_definition(as_monitor, world, monitor):
    table = table_of(world, monitor, counted_at=CountedAt.NOW)
    own = {column.key for column in columns_of(table, has_communes=True) if not column.only_file}
    assert own <= {one.key for one in defined_figures()}

    definitions = html_of(as_monitor.get(reverse("reporting:indicators")))
    assert all(f'id="{one.key}"' in definitions for one in defined_figures())
    page = html_of(as_monitor.get(reverse("reporting:completion")))
    for key in ("people", "share", "learning", "no_class", "communes_done", CERTIFICATES):
        assert f'{reverse("reporting:indicators")}#{key}"' in page
    sent = as_monitor.get(reverse("reporting:completion_file"), {"export": "xlsx"})
    written = {row[1].value for row in load_workbook(BytesIO(content_of(sent))).worksheets[-1]}
    for key in ("no_class", CERTIFICATES):
        definition = str(next(one.definition for one in defined_figures() if one.key == key))
        assert definition in page
        assert definition in written
