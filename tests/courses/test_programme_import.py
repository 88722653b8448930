"""Programmes taken in as a list, by the five steps."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Programme
from courses.resources.programmes import ProgrammeResource
from lms.importing.extensions import import_kinds
from lms.spreadsheets.import_rows import SheetRow
from tests.factories.courses import ProgrammeFactory
from tests.factories.importing import outcomes, rehearsed, sheet, take_back, write, wrong_cells

pytestmark = pytest.mark.usefixtures("edition")

HEADER = ("Mã chương trình", "Tên chương trình", "Bản địa giới", "Từ ngày", "Đến ngày")
MAP = "2013-07-24"


def rehearse(*rows, by):
    return rehearsed(sheet(*rows, header=HEADER, name="chuong-trinh.csv"), by=by, kind="programmes")


def stored():
    return list(Programme.objects.order_by("code").values_list("code", "name", "ends_on"))


def test_programmes_are_added_and_changed_and_undone(administrator, edition):
    ProgrammeFactory(edition=edition)
    before = stored()
    batch = rehearse(
        ("DU-AN-2", "Dự án 2 (kéo dài)", MAP, "01/01/2014", "30/06/2015"),
        ("du-an-3", "Dự án 3", MAP, "01/01/2015", "31/12/2015"),
        by=administrator,
    )
    assert outcomes(batch) == ["changed", "new"], wrong_cells(batch)
    assert [change[0] for change in batch.rows.first().changes] == ["name", "ends_on"]

    write(batch)

    assert stored() == [
        ("du-an-2", "Dự án 2 (kéo dài)", date(2015, 6, 30)),
        ("du-an-3", "Dự án 3", date(2015, 12, 31)),
    ]
    assert take_back(batch) == set()
    assert stored() == before


def test_what_no_programme_may_be_is_refused_in_its_cell(administrator, edition):
    ProgrammeFactory(edition=edition)
    batch = rehearse(
        ("dự án", "Mã có dấu", MAP, "01/01/2014", "31/12/2014"),
        ("du-an-3", "Bản đồ lạ", "1999-01-01", "01/01/2014", "31/12/2014"),
        ("du-an-4", "Ngược ngày", MAP, "01/01/2014", "31/12/2013"),
        ("du-an-5", "", "", "01/01/2014", ""),
        ("du-an-2", "Dự án 2", "", "", ""),
        ("Du-An-2", "Lần nữa", "", "", ""),
        ("du-an-6", "x" * 251, MAP, "01/01/2014", "31/12/2014"),
        by=administrator,
    )

    assert wrong_cells(batch) == [
        ["code"],
        ["edition"],
        ["ends_on"],
        ["edition", "ends_on", "name"],
        [],
        ["code"],
        ["name"],
    ]


def test_programmes_are_open_to_administrators_of_the_province_alone(
    administrator, monitor, make_official
):
    programmes = import_kinds.get("programmes")

    assert programmes.is_open_to(administrator)
    assert not programmes.is_open_to(monitor)
    assert not programmes.is_open_to(make_official("administrator", "350"))


def test_queries_do_not_grow_with_the_rows(administrator, edition):
    for number in range(6):
        ProgrammeFactory(code=f"du-an-{number}", edition=edition)
    # Asked once a person, by whichever list comes first.
    assert administrator.scope.administers_province
    counted = []
    for count in (1, 6):
        resource = ProgrammeResource(by=administrator, day=date(2014, 6, 1), edition_id=None)
        rows = [SheetRow(n, {"code": f"du-an-{n}", "edition": MAP}) for n in range(count)]
        with CaptureQueriesContext(connection) as asked:
            planned = resource.plan(rows)
        assert not any(plan.row.errors for plan in planned)
        counted.append(len(asked))
    assert counted[0] == counted[1] == 2


def test_list_of_programmes_shows_the_columns_of_the_import(as_administrator, edition):
    ProgrammeFactory(edition=edition)

    page = as_administrator.get(reverse("programmes:index"), {"ordering": "-starts_on"})

    assert page.status_code == 200
    assert [one.code for one in page.context["object_list"]] == ["du-an-2"]
