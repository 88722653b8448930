"""The lists of classes and of their trainees as files: what is on screen, logged, and no more."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import ModelLogEntry

from courses.domain.lessons import complete_lesson
from courses.models import LessonPage
from lms.accounts.enums import Role
from lms.spreadsheets.handout import EXPORT_ACTION
from tests.courses.views.conftest import enrolled
from tests.factories.accounts import browse, make_official
from tests.factories.courses import EVENING, ask, make_run
from tests.factories.files import sheet_rows
from tests.factories.geography import unit
from tests.factories.importing import outcomes, rehearsed
from tests.reading import html_of

RUNS_FILE = "/lop/tai-ve/"
ENDINGS = pytest.mark.parametrize("ending", ["xlsx", "ods", "csv"])


def trainees_file(run):
    return reverse("courses:run_trainees_file", args=[run.pk])


def content(response):
    return b"".join(response.streaming_content)


@ENDINGS
def test_file_of_trainees_holds_their_shares_in_name_order(as_coordinator, run, ending):
    ask(run, lessons={"percent": 100})
    enrolled(run, "Trần Văn Ý", user__staff_code="CB2")
    first = enrolled(run, "Trần Văn An", user__staff_code="CB1")
    complete_lesson(enrolment=first, lesson=LessonPage.objects.first(), at=EVENING)

    answer = as_coordinator.get(trainees_file(run), {"export": ending})
    head, *rows = sheet_rows(content(answer), ending)

    assert head[:4] == ["Mã lớp", "Mã cán bộ", "Họ và tên", "Xã, phường hoặc cơ quan"]
    assert [row[:3] for row in rows] == [
        [run.code, "CB1", "Trần Văn An"],
        [run.code, "CB2", "Trần Văn Ý"],
    ]
    shares = [row[4] for row in rows]
    assert shares == (["0.5", "0.0"] if ending == "csv" else [0.5, 0])


def test_file_holds_what_the_page_was_asked_for_and_is_logged_with_it(
    as_coordinator, coordinator, run
):
    enrolled(run, "Trần Văn An")
    enrolled(run, "Lê Thị Hương", status="withdrawn")

    page = as_coordinator.get(reverse("courses:run_detail", args=[run.pk]), {"q": "hương"})
    found = as_coordinator.get(trainees_file(run), {"export": "csv", "q": "huong"})
    active = as_coordinator.get(trainees_file(run), {"export": "csv", "status": "active"})

    assert f'href="{trainees_file(run)}?q=h%C6%B0%C6%A1ng&amp;export=ods"' in html_of(page)
    assert [row[2] for row in sheet_rows(content(found), "csv")[1:]] == ["Lê Thị Hương"]
    assert [row[2] for row in sheet_rows(content(active), "csv")[1:]] == ["Trần Văn An"]
    entries = ModelLogEntry.objects.filter(action=EXPORT_ACTION).order_by("pk")
    assert [one.data["filters"] for one in entries] == [{"q": "huong"}, {"status": "active"}]
    for one in entries:
        assert (one.user, one.data["rows"], one.data["format"]) == (coordinator, 1, "csv")


@ENDINGS
def test_trainees_of_a_class_come_back_as_same(run, ending):
    keeper = make_official(Role.COORDINATOR, "350")
    client = browse(keeper)
    enrolled(run, "Trần Văn An")
    enrolled(run, "Nguyễn Thị Thanh Hương Giang", "13387")
    file = content(client.get(trainees_file(run), {"export": ending}))

    batch = rehearsed(SimpleUploadedFile(f"hoc-vien.{ending}", file), kind="enrolments", by=keeper)

    assert outcomes(batch) == ["same", "same"]


def test_list_of_a_closed_class_comes_back_as_same(course):
    keeper = make_official(Role.COORDINATOR, "350")
    client = browse(keeper)
    closed = make_run(course, unit("350"), status="closed")
    enrolled(closed, "Trần Văn An", status="completed", completed_at=EVENING)
    file = content(client.get(trainees_file(closed), {"export": "csv"}))

    batch = rehearsed(SimpleUploadedFile("hoc-vien.csv", file), kind="enrolments", by=keeper)

    assert outcomes(batch) == ["same"]


def test_file_of_classes_holds_those_of_the_own_area(as_coordinator, course, run):
    make_run(course, unit("353"), title="Lớp lạ")

    rows = sheet_rows(content(as_coordinator.get(RUNS_FILE, {"export": "csv"})), "csv")

    assert [row[0] for row in rows] == ["Mã lớp", run.code]


def test_trainee_takes_no_list_of_classes(as_trainee):
    assert as_trainee.get(RUNS_FILE).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_files_take_the_same_queries_for_any_number(
    as_coordinator, run, course, count, django_assert_num_queries
):
    ask(run, lessons={"percent": 100})
    for number in range(count):
        enrolled(run, f"Trần Văn {number}")
        make_run(course, unit("350"))
    content(as_coordinator.get(RUNS_FILE))

    # One of them for the sessions, whose columns the attendance adds.
    with django_assert_num_queries(10):
        content(as_coordinator.get(trainees_file(run)))
    # One of them for the area of the reader, which the head tells.
    with django_assert_num_queries(9):
        content(as_coordinator.get(RUNS_FILE))
