"""The page of the grid and its file."""

import io

import openpyxl
import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from attendance.domain.paper.sheet_codes import sheet_code
from attendance.resources.marks import ATTENDANCE
from lms.core.codes import group_code
from lms.spreadsheets.handout import EXPORT_ACTION
from tests.factories.accounts import browse
from tests.factories.attendance import IN_CLASS, SessionFactory, enrol_many, record_mark
from tests.factories.files import without_head
from tests.reading import html_of


def address(run, name="run_grid"):
    return reverse(f"attendance:{name}", args=[run.pk])


def test_page_is_for_those_who_watch_over_the_class(run, person, session, trainer, other_trainer):

    for name in ("run_grid", "run_grid_file"):
        assert browse(trainer).get(address(run, name) + "?export=csv").status_code == 200
        assert browse(other_trainer).get(address(run, name)).status_code == 404
        assert browse(person.user).get(address(run, name)).status_code == 404


def test_page_without_sessions_or_people_says_so(run, as_trainer):

    assert b"<table" not in as_trainer.get(address(run)).content
    SessionFactory(run=run)
    assert b"<table" not in as_trainer.get(address(run)).content
    enrol_many(run, 1)
    body = html_of(as_trainer.get(address(run)))
    assert "<table" in body
    assert 'tabindex="0"' in body


def test_heads_lead_to_the_other_orders(run, person, session, as_trainer):
    for asked, heads in (
        ("", {"-name": "ascending", "unit": "", "total": ""}),
        ("?sort=total", {"name": "", "unit": "", "-total": "ascending"}),
        ("?sort=-total", {"name": "", "unit": "", "total": "descending"}),
        ("?sort=%22%3E", {"name": "", "unit": "", "total": ""}),
    ):
        shown = as_trainer.get(address(run) + asked).context["heads"]
        assert {one["sort"]: one["aria_sort"] for one in shown if one["sort"]} == heads, asked


def test_file_has_the_cells_of_the_page_in_its_order_and_leaves_a_trace(run, session, trainer):
    first, second = enrol_many(run, 2)
    for person, status in ((first, "present"), (second, "absent")):
        record_mark(session=session, enrolment=person, by=trainer, at=IN_CLASS, status=status)

    client = browse(trainer)
    page = client.get(address(run) + "?sort=total").context["rows"]
    response = client.get(address(run, "run_grid_file") + "?sort=total&export=xlsx")

    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    heads, *rows = without_head(book.active).values
    code = group_code(sheet_code(session_id=session.pk))
    assert heads[4] == f"06/05/2014 08:00 Buổi 1 [{code}]"
    assert [row[1] for row in rows] == [second.user.staff_code, first.user.staff_code]
    assert [row[4] for row in rows] == ["v · 0", "x · 210"]
    assert [str(line["cells"][0]) for line in page] == ["v · 0", "x · 210"]
    data = ModelLogEntry.objects.get(action=EXPORT_ACTION).data
    assert (data["rows"], data["filters"]) == (2, {"sort": "total"})


def test_class_page_leads_to_the_grid_and_that_to_the_import_of_this_very_list(
    run, person, session, as_trainer
):
    body = html_of(as_trainer.get(reverse("courses:run_detail", args=[run.pk])))
    assert address(run) in body

    leads_to = as_trainer.get(address(run)).context["import_url"]
    assert as_trainer.get(leads_to).context["form"]["kind"].value() == ATTENDANCE.key


@pytest.mark.parametrize(("people", "sessions"), [(1, 1), (3, 4)])
def test_page_costs_the_same_whatever_its_size(
    run, as_trainer, people, sessions, django_assert_num_queries
):
    for day in range(sessions):
        SessionFactory(run=run, starts_at=IN_CLASS.replace(day=6 + day))
    enrol_many(run, people)
    as_trainer.get(address(run))

    with django_assert_num_queries(10):
        as_trainer.get(address(run))
