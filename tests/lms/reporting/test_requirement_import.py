"""What programmes ask, taken in as a list by the five steps."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import ProgrammeRequirement
from lms.accounts.enums import Cadre
from lms.importing.extensions import import_kinds
from lms.reporting.domain.requirements import people_by_cadre
from lms.reporting.resources.requirements import RequirementResource
from lms.spreadsheets.import_rows import SheetRow
from tests.factories.accounts import PostingFactory
from tests.factories.courses import make_course
from tests.factories.geography import unit
from tests.factories.importing import outcomes, rehearsed, sheet, take_back, write, wrong_cells
from tests.factories.reporting import enrolled

pytestmark = pytest.mark.usefixtures("world")

HEADER = ("Mã chương trình", "Nhóm đối tượng", "Mã khóa học")
OFFICER = Cadre.COMMUNE_OFFICER


def rehearse(*rows, by):
    return rehearsed(sheet(*rows, header=HEADER, name="yeu-cau.csv"), by=by, kind="requirements")


def stored():
    rows = ProgrammeRequirement.objects.order_by("pk")
    return list(rows.values_list("programme__code", "cadre", "course__code"))


def test_required_course_is_added_with_its_effect_and_undone(administrator, world):
    before = stored()
    PostingFactory(unit=unit("13384"), cadre=OFFICER)
    batch = rehearse(
        ("Dự án 2", "Cán bộ xã", world.course.title),
        ("DU-AN-2", "Cộng tác viên thôn", world.course.code.upper()),
        by=administrator,
    )
    assert outcomes(batch) == ["new", "same"], wrong_cells(batch)
    assert [sorted(row.warnings) for row in batch.rows.all()] == [["course"], []]
    assert "1" in batch.rows.first().warnings["course"][0]

    write(batch)

    assert stored() == [*before, ("du-an-2", OFFICER, world.course.code)]
    assert take_back(batch) == set()
    assert stored() == before


def test_what_no_programme_can_ask_is_refused_in_its_cell(administrator, world):
    namesake = make_course("p2-moi")
    assert namesake.title == world.course.title
    code = world.course.code
    batch = rehearse(
        ("du-an-9", "Cán bộ xã", code),
        ("du-an-2", "Người lạ", code),
        ("du-an-2", "Cán bộ xã", "khong-co"),
        ("du-an-2", "Cán bộ xã", namesake.title),
        ("du-an-2", "", code),
        ("du-an-2", "Cán bộ huyện", code),
        ("Dự án 2", "Cán bộ huyện", code),
        by=administrator,
    )

    assert wrong_cells(batch) == [
        ["programme"],
        ["cadre"],
        ["course"],
        ["course"],
        ["cadre"],
        [],
        ["course"],
    ]


def test_people_are_counted_once_by_the_cadre_they_count_in(administrator, world):
    enrolled(world, "350", "13384")
    PostingFactory(unit=unit("13384"))
    PostingFactory(unit=unit("13384"), cadre=OFFICER)

    found = people_by_cadre(
        programme=world.programme,
        cadres={Cadre.COLLABORATOR, OFFICER},
        on=date(2014, 6, 1),
        reader=administrator,
    )

    assert found == {Cadre.COLLABORATOR: 2, OFFICER: 1}


def test_list_that_leaves_comes_back_as_the_same_and_changes_nothing(
    as_administrator, administrator
):
    answer = as_administrator.get(reverse("required-courses:index"), {"export": "xlsx"})
    file = SimpleUploadedFile("yeu-cau.xlsx", b"".join(answer.streaming_content))

    batch = rehearsed(file, by=administrator, kind="requirements")

    assert outcomes(batch) == ["same"], wrong_cells(batch)


def test_required_courses_are_listed_for_planners_and_changed_by_the_province(
    as_monitor, as_coordinator, monitor, administrator
):
    address = reverse("required-courses:index")
    requirements = import_kinds.get("requirements")

    assert as_monitor.get(address).status_code == 200
    assert as_coordinator.get(address).status_code == 302
    assert [requirements.is_open_to(one) for one in (administrator, monitor)] == [True, False]


def test_queries_do_not_grow_with_the_rows(administrator, world):
    assert administrator.scope.administers_province
    counted = []
    for cadres in ([OFFICER], list(Cadre)):
        resource = RequirementResource(by=administrator, day=date(2014, 6, 1), edition_id=None)
        rows = [
            SheetRow(
                n, {"programme": "du-an-2", "cadre": str(one.label), "course": world.course.code}
            )
            for n, one in enumerate(cadres)
        ]
        with CaptureQueriesContext(connection) as asked:
            planned = resource.plan(rows)
        assert not any(plan.row.errors for plan in planned)
        counted.append(len(asked))
    assert counted[0] == counted[1]
