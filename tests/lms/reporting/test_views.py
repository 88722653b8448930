"""The completion pages: who sees what, the same figures everywhere, a constant number of queries."""

from datetime import timedelta
from io import BytesIO
from itertools import product

import pytest
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Role
from lms.reporting.enums import CommunesOf, Part, PersonState
from lms.spreadsheets.handout import EXPORT_ACTION
from tests.factories.accounts import PostingFactory, UserFactory, browse, make_official
from tests.factories.files import content_of, rows_of, without_head
from tests.factories.geography import make_map, unit
from tests.factories.reporting import enrolled, put_off
from tests.factories.rows import set_fields
from tests.reading import html_of, templates_of

PAGE = "reporting:completion"
OF_A_UNIT = ("completion_unit", "completion_unit_file", "people", "people_file")

# The second sheet of districts, and the last line of every table.
COMMUNES, TOTAL = _("By commune"), _("Total")
MAP = "lms/components/tile_map.html"


def test_monitor_sees_every_district_and_a_coordinator_the_own_one_on_the_page_and_in_the_file(
    as_monitor, as_coordinator, world
):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "353", "13591", completed=True)
    whole, own = (html_of(as_.get(reverse(PAGE))) for as_ in (as_monitor, as_coordinator))
    for words in ("Huyện Kim Bảng", "Huyện Lý Nhân", "24/07/2013"):
        assert words in whole
    assert "huyện Kim Bảng" in own
    assert "Lý Nhân" not in own
    rows = rows_of(as_coordinator.get(reverse("reporting:completion_file")), "xlsx")
    assert [row[0] for row in rows[1:]] == ["Thị trấn Quế", "Xã Nguyễn Úy", TOTAL]


def test_map_is_drawn_where_there_is_more_than_one_place(as_coordinator, world):
    enrolled(world, "350", "13384", completed=True)
    assert MAP in templates_of(as_coordinator.get(reverse(PAGE)))
    unit("13387").delete()
    url = reverse("reporting:completion_unit", args=[unit("350").pk])
    assert MAP not in templates_of(as_coordinator.get(url))


def test_unit_of_another_area_is_not_there_and_names_nobody(as_coordinator, world):
    somebody = enrolled(world, "353", "13591", completed=True)
    set_fields(somebody.user, full_name="Trần Văn Kín")
    for name, code in product(OF_A_UNIT, ("353", "13591", "35")):
        response = as_coordinator.get(reverse(f"reporting:{name}", args=[unit(code).pk]))
        assert response.status_code == 404, (name, code)
        assert "Kín" not in html_of(response)


@pytest.mark.parametrize("role", [Role.TRAINER, None])
def test_report_is_not_there_for_those_who_oversee_nothing(world, role):
    person = make_official(role, "35") if role else UserFactory()
    assert browse(person).get(reverse(PAGE)).status_code == 404


def test_report_asks_to_log_in(client, db):
    response = client.get(reverse(PAGE))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_without_programme_the_report_says_what_to_do_and_there_is_neither_file_nor_list(
    as_monitor, as_administrator
):
    page = as_monitor.get(reverse(PAGE))
    assert "reporting/no_programme.html" in templates_of(page)
    # Who may not add one is sent to nobody's form.
    assert page.context["add_url"] == ""
    add_url = as_administrator.get(reverse(PAGE)).context["add_url"]
    assert as_administrator.get(add_url).status_code == 200
    assert as_monitor.get(reverse("reporting:completion_file")).status_code == 404
    for name in OF_A_UNIT[1:]:
        url = reverse(f"reporting:{name}", args=[unit("350").pk])
        assert as_monitor.get(url).status_code == 404, name


def test_report_without_people_says_that_nobody_is_recorded_and_why(as_monitor, world):
    """At the beginning, under a filter, and on a past day."""
    pages = [
        as_monitor.get(reverse(PAGE), asked)
        for asked in ({}, {"sex": "female"}, {"on": "2014-01-01"})
    ]
    assert len({page.context["headline"]["text"] for page in pages} - {"", None}) == 3
    page = html_of(pages[0])
    assert "Huyện Kim Bảng" in page
    assert "0/0" not in page
    # Two districts and all of them.
    assert page.count(str(CommunesOf.UNKNOWN.label)) == 3


def test_report_that_is_not_kept_costs_the_same_for_few_and_many(
    as_monitor, world, django_assert_num_queries
):
    for people in (1, 3):
        for _one in range(people):
            enrolled(world, "350", "13384", completed=True)
            PostingFactory(unit=unit("13591"))
        with django_assert_num_queries(12):
            as_monitor.get(reverse(PAGE))


def test_xlsx_of_districts_holds_the_communes_on_a_second_sheet_and_so_does_an_ods(
    as_monitor, world
):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13387")
    PostingFactory(unit=unit("350"))
    xlsx, ods = (
        BytesIO(content_of(as_monitor.get(reverse("reporting:completion_file"), {"export": kind})))
        for kind in ("xlsx", "ods")
    )
    rows = list(without_head(load_workbook(xlsx)[COMMUNES]).iter_rows(values_only=True))
    assert rows[0][3] == PersonState.COMPLETED.label
    assert [row[:5] for row in rows[1:]] == [
        ("huyện Kim Bảng", "Cơ quan huyện Kim Bảng", 1, 0, 0),
        ("huyện Kim Bảng", "Thị trấn Quế", 1, 1, 1),
        ("huyện Kim Bảng", "Xã Nguyễn Úy", 1, 0, 0),
        ("huyện Lý Nhân", "Xã Đức Lý", 0, 0, 0),
        ("huyện Lý Nhân", "Xã Bắc Lý", 0, 0, 0),
        (None, TOTAL, 3, 1, 1 / 3),
    ]
    book = CalamineWorkbook.from_filelike(ods)
    assert book.sheet_names[1] == COMMUNES
    of_ods = book.get_sheet_by_name(COMMUNES).to_python()
    assert [row[1] for row in of_ods[-len(rows[1:]) :]] == [row[1] for row in rows[1:]]


def test_xlsx_of_a_district_has_no_sheet_of_communes(as_monitor, world):
    enrolled(world, "350", "13384")
    url = reverse("reporting:completion_unit_file", args=[unit("350").pk])
    names = load_workbook(BytesIO(content_of(as_monitor.get(url)))).sheetnames
    assert len(names) == 2
    assert COMMUNES not in names


def test_xlsx_holds_no_formula(as_monitor, world):
    set_fields(world.programme, name="=1+1")
    for code in ("350", "13384"):
        place = unit(code)
        place.kind, place.name, place.display_name = "=cmd", "@x", "=cmd @x"
        place.save()
    PostingFactory(unit=unit("13384"))
    book = load_workbook(BytesIO(content_of(as_monitor.get(reverse("reporting:completion_file")))))
    for sheet in book.worksheets[:2]:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert any(str(cell.value).startswith("=") for cell in cells)
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}


def test_place_that_waits_for_its_class_says_so_and_from_when(as_monitor, world):
    day = localdate() + timedelta(days=5)
    put_off(world, "353", day)
    enrolled(world, "353", "13591")
    assert f"{day:%d/%m/%Y}" in html_of(as_monitor.get(reverse(PAGE)))
    rows = rows_of(as_monitor.get(reverse("reporting:completion_file")), "xlsx")
    assert [row[5:9] for row in rows[1:]][1][0] == 1
    names = as_monitor.get(reverse("reporting:people", args=[unit("13591").pk]))
    [row] = names.context["rows"]
    assert f"{day:%d/%m/%Y}" in row["cells"][-1]["lines"][0]


def test_filters_and_formats_that_make_no_sense_fall_back(as_monitor, world):
    enrolled(world, "350", "13384")
    page = as_monitor.get(reverse(PAGE) + "?edition=999&cadre=nobody&programme=x")
    assert "Huyện Kim Bảng" in html_of(page)
    rows = rows_of(as_monitor.get(reverse("reporting:completion_file") + "?export=exe"), "xlsx")
    assert rows[1][0] == "Huyện Kim Bảng"


def test_another_map_chosen_for_a_unit_leads_to_the_top_of_that_map_unless_it_is_out_of_sight(
    as_monitor, as_coordinator, world
):
    later = make_map("2020-01-01")
    for name in OF_A_UNIT:
        url = reverse(f"reporting:{name}", args=[unit("350").pk])
        response = as_monitor.get(f"{url}?edition={later.pk}&cadre=collaborator")
        assert response.url == f"{reverse(PAGE)}?edition={later.pk}&cadre=collaborator"
    assert not ModelLogEntry.objects.filter(action=EXPORT_ACTION).exists()
    url = reverse("reporting:completion_unit", args=[unit("353").pk])
    assert as_coordinator.get(f"{url}?edition={later.pk}").status_code == 404


def test_filter_of_a_unit_shows_the_map_that_the_table_is_drawn_on(as_monitor, world):
    own = make_map("2020-01-01")
    url = reverse("reporting:completion_unit", args=[unit("350", own.code).pk])
    for asked in ("", f"?edition={own.pk}", "?edition=999"):
        page = as_monitor.get(url + asked)
        assert page.context["table"].edition == own
        assert page.context["asked"].form["edition"].value() == str(own.pk)


def test_figures_are_given_out_alike_in_every_format_and_each_file_is_logged(
    as_monitor, monitor, world
):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13387")
    PostingFactory(unit=unit("13591"))
    links = as_monitor.get(reverse(PAGE) + "?cadre=collaborator").context["downloads"]
    assert {link["format"] for link in links} == {"xlsx", "ods", "csv"}
    for link in links:
        kind = link["format"]
        rows = rows_of(as_monitor.get(link["url"]), kind)
        assert (rows[0][2], rows[0][4]) == (PersonState.COMPLETED.label, PersonState.LEARNING.label)
        figures = [[row[0], *(round(float(cell), 3) for cell in row[1:8])] for row in rows[1:]]
        assert figures == [
            ["Huyện Kim Bảng", 2, 1, 0.5, 1, 0, 0, 0],
            ["Huyện Lý Nhân", 1, 0, 0, 0, 0, 0, 1],
            [TOTAL, 3, 1, 0.333, 1, 0, 0, 1],
        ], kind
        entry = ModelLogEntry.objects.filter(action=EXPORT_ACTION).latest("pk")
        assert (entry.user, entry.data["list"]) == (monitor, "hoan-thanh")
        assert (entry.data["format"], entry.data["filters"]["cadre"]) == (kind, "collaborator")
        # A CSV has no second sheet.
        assert entry.data["rows"] == (2 if kind == "csv" else 2 + 4)


def test_file_of_today_tells_who_came_and_went(as_monitor, world):
    enrolment = enrolled(world, "350", "13384")
    set_fields(enrolment.posting, unit=unit("13591"))
    response = as_monitor.get(reverse("reporting:completion_file") + "?counted=now&export=csv")
    rows = rows_of(response, "csv")
    assert rows[0][16:18] == [str(part.label) for part in (Part.MOVED_IN, Part.MOVED_OUT)]
    assert [row[16:20] for row in rows[1:]] == [
        ["0", "1", "1", "0"],
        ["1", "0", "0", "0"],
        ["0", "0", "1", "0"],
    ]
    entry = ModelLogEntry.objects.get(action=EXPORT_ACTION)
    assert entry.data["filters"]["counted"] == "now"
