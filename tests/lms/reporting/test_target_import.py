"""Targets taken in as a list, by the five steps."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Programme
from lms.accounts.enums import Cadre
from lms.reporting.models import CoverageTarget
from lms.reporting.resources.targets import TargetResource
from lms.spreadsheets.import_rows import SheetRow
from tests.factories.courses import ProgrammeFactory
from tests.factories.geography import make_map, unit
from tests.factories.importing import outcomes, rehearsed, sheet, take_back, write, wrong_cells
from tests.factories.reporting import set_target

pytestmark = pytest.mark.usefixtures("world")

HEADER = ("STT", "Huyện", "Xã", "Đối tượng", "Chỉ tiêu", "Ngưỡng hoàn thành")


def listed(*rows, header=HEADER):
    return sheet(*rows, header=header, name="chi-tieu.csv")


def stored():
    rows = CoverageTarget.objects.order_by("unit__path", "cadre")
    return list(rows.values_list("unit__code", "cadre", "people", "percent", "each_commune"))


def rehearse(*rows, by, header=HEADER):
    return rehearsed(listed(*rows, header=header), by=by, kind="targets")


def test_list_of_an_office_becomes_targets_and_is_undone(administrator):
    batch = rehearse(
        ("1", "Kim Bảng", "", "", "1.200", "80 %"),
        ("2", "Kim Bảng", "TT Quế", "Cộng tác viên thôn", "6", "0.75"),
        ("3", "Lý Nhân", "Đức Lý", "", "tất cả", "2 người mỗi xã"),
        ("4", "Lý Nhân", "Bắc Lý", "", "", "80 %"),
        by=administrator,
    )
    assert outcomes(batch) == ["new"] * 4, wrong_cells(batch)

    write(batch)

    assert stored() == [
        ("350", "", 1200, 80, None),
        ("13384", Cadre.COLLABORATOR, 6, 75, None),
        ("13591", "", None, None, 2),
        ("13588", "", None, 80, None),
    ]
    assert take_back(batch) == set()
    assert stored() == []


def test_known_target_is_changed_and_put_back(administrator, world):
    for code in ("350", "353"):
        set_target(world, code, people=50, percent=80)
    batch = rehearse(
        ("1", "Kim Bảng", "", "Tất cả các nhóm", "", "90 %"),
        ("2", "Lý Nhân", "", "", "50", "80 %"),
        by=administrator,
    )

    assert [row.changes for row in batch.rows.all()] == [[["threshold", "80 %", "90 %"]], []]
    write(batch)
    assert stored()[0] == ("350", "", 50, 90, None)
    assert take_back(batch) == set()
    assert stored()[0] == ("350", "", 50, 80, None)


def test_what_no_target_may_say_is_refused_in_its_cell(administrator):
    batch = rehearse(
        ("1", "Kim Bảng", "Xã Không Có", "", "5", "80 %"),
        ("2", "Kim Bảng", "", "Cán bộ huyện", "5", "80 %"),
        ("3", "Lý Nhân", "", "", "năm", "80 %"),
        ("4", "Lý Nhân", "", "", "5", ""),
        ("5", "Lý Nhân", "", "", "0", "đạt"),
        ("6", "", "", "", "5", "80 %"),
        ("7", "Lý Nhân", "", "", "5", "80 %"),
        ("8", "Huyện Lý Nhân", "", "", "6", "80 %"),
        ("9", "Kim Bảng", "Quế", "", "1.5", "80 %"),
        by=administrator,
    )

    assert wrong_cells(batch) == [
        ["unit"],
        ["cadre"],
        ["people"],
        ["threshold"],
        ["people", "threshold"],
        ["unit"],
        [],
        ["unit"],
        ["people"],
    ]


def test_programme_is_named_where_there_are_several_and_is_on_the_chosen_map(administrator):
    ProgrammeFactory(code="du-an-3", name="Dự án 3", edition=make_map("2025-07-01"))
    header = ("Chương trình", "Đơn vị", "Chỉ tiêu", "Ngưỡng")
    batch = rehearse(
        ("DỰ ÁN 2", "Tỉnh Hà Nam", "500", "80"),
        ("du-an-2", "Quế, Kim Bảng", "7", "80"),
        ("", "Quế, Kim Bảng", "7", "80"),
        ("du-an-9", "Quế, Kim Bảng", "7", "80"),
        ("du-an-3", "Quế, Kim Bảng", "7", "80"),
        by=administrator,
        header=header,
    )

    assert wrong_cells(batch) == [[], [], ["programme"], ["programme"], ["programme"]]


def test_nobody_sets_targets_beyond_the_own_area(make_official):
    own = make_official("administrator", "350")
    batch = rehearse(
        ("1", "Kim Bảng", "", "", "5", "80 %"), ("2", "Lý Nhân", "", "", "5", "80 %"), by=own
    )

    assert wrong_cells(batch) == [[], ["unit"]]


def test_exported_list_comes_back_as_the_same(as_administrator, administrator):
    programme = Programme.objects.get()
    for code, said in (
        ("35", {"percent": 100}),
        ("350", {"people": 9, "percent": 80, "cadre": Cadre.COLLABORATOR}),
        ("13588", {"each_commune": 2}),
    ):
        CoverageTarget.objects.create(programme=programme, unit=unit(code), **said)
    for ending in ("xlsx", "ods", "csv"):
        answer = as_administrator.get(reverse("coverage-targets:index"), {"export": ending})
        file = SimpleUploadedFile(f"chi-tieu.{ending}", b"".join(answer.streaming_content))

        batch = rehearsed(file, by=administrator, kind="targets")

        assert outcomes(batch) == ["same"] * 3, wrong_cells(batch)


def test_queries_do_not_grow_with_the_rows(administrator, edition):
    codes = ("35", "350", "13384", "13387", "353", "13591", "13588")
    # Asked once a person, by whichever list comes first.
    assert administrator.scope.administers_province
    counted = []
    for count in (1, len(codes)):
        resource = TargetResource(by=administrator, day=date(2014, 6, 1), edition_id=edition.pk)
        rows = [
            SheetRow(number, {"unit": code, "people": "5", "threshold": "80 %"})
            for number, code in enumerate(codes[:count], start=1)
        ]
        with CaptureQueriesContext(connection) as asked:
            planned = resource.plan(rows)
        assert not any(plan.row.errors for plan in planned)
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_programme_is_said_once_and_numbers_of_people_have_words(administrator):
    ProgrammeFactory(code="du-an-khac", edition=Programme.objects.get().edition)
    header = ("STT", "Đơn vị", "Đối tượng", "Số lượng (người)", "Tỷ lệ")
    rows = [("1", "TT Quế", "CTV", "15 người", "0.8"), ("2", "TT Quế", "", "3 cán bộ.", "1")]
    batch = rehearse(*rows, by=administrator, header=header)
    assert outcomes(batch) == ["error"] * 2

    batch = rehearsed(
        listed(*rows, header=header),
        by=administrator,
        kind="targets",
        once={"programme": Programme.objects.earliest("pk").code},
    )

    assert outcomes(batch) == ["new"] * 2, wrong_cells(batch)
    write(batch)
    assert stored() == [("13384", "", 3, 100, None), ("13384", "collaborator", 15, 80, None)]
