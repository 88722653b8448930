"""What is held about a person: all of it, of nobody else, on a page and as a file."""

import json
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Cadre
from lms.accounts.extensions import personal_data
from lms.accounts.models import User
from lms.accounts.personal_data.domain.own_data import TAKEN, as_lines, as_plain_data, held_about
from lms.accounts.register.domain.postings import post
from tests.factories.accounts import PostingFactory, browse
from tests.factories.certificates import CertificateTemplateFactory, completed, issued
from tests.factories.courses import make_course, make_run
from tests.factories.files import sheet_rows
from tests.factories.geography import unit
from tests.factories.notifications import ReminderFactory
from tests.shared import shared

pytestmark = pytest.mark.django_db


@shared
def person(edition):
    found = PostingFactory(
        unit=unit("13384"),
        user__full_name="Trần Văn Nhà",
        user__staff_code="HN-1",
        user__phone="+84912345678",
        user__date_joined=datetime(2014, 1, 2, 3, tzinfo=UTC),
    ).user
    CertificateTemplateFactory()
    run = make_run(make_course(), unit("350"), title="Lớp Kim Bảng")
    issued(completed(run, unit("13384"), user=found))
    ReminderFactory(user=found)
    stranger = PostingFactory(unit=unit("13591"), user__full_name="Lê Thị Lạ").user
    completed(run, unit("13591"), user=stranger)
    return found


@pytest.fixture
def as_person(person):
    return browse(person)


def shown_data():
    return [data for data in personal_data if data.shown]


def section(person, title):
    (found,) = [one for one in held_about(person=person) if one.title == title]
    return found


def test_own_fields_are_named_and_told(person):
    found = section(person, "Người này")

    told = dict(zip(found.headings, found.rows[0], strict=True))
    assert told["Mã cán bộ"] == "HN-1"
    assert told["Số điện thoại"] == "+84912345678"
    assert told["Năm sinh"] is None
    assert "Mật khẩu" not in told


def test_classes_and_certificates_are_the_own_ones(person):
    enrolments, papers = section(person, "Ghi danh"), section(person, "Giấy chứng nhận")

    assert [row[0] for row in enrolments.rows] == ["Lớp Kim Bảng"]
    assert len(papers.rows) == 1
    assert "Lê Thị Lạ" not in json.dumps(as_plain_data(sections=held_about(person=person)))


def test_history_tells_what_was_done_by_whom(person, make_official):
    official = make_official("coordinator", "350", full_name="Phạm Văn Huyện")
    post(
        user=person,
        unit=unit("13387"),
        cadre=Cadre.COLLABORATOR,
        on=date(2014, 5, 1),
        by=official,
    )

    rows = section(person, "Lịch sử").rows

    assert [row[1:] for row in rows] == [
        ["Ghi nhận chức danh mới", "Trần Văn Nhà", "Phạm Văn Huyện"]
    ]


def test_as_data_days_are_iso_and_as_lines_each_value_has_its_column(person):
    sections = held_about(person=person)

    told = as_plain_data(sections=sections)["Người này"][0]
    lines = list(as_lines(sections=sections))

    assert told["Có trong danh sách từ"].startswith("2014-01-02T10:00")
    assert ("Người này", 1, "Mã cán bộ", "HN-1") in lines


def test_everything_that_points_at_a_person_and_follows_is_told():
    # A role and its group are one; a merged record is told by its merge.
    besides = {"accounts.user_groups.user", "accounts.user.merged_into"}
    # What somebody teaches, the pages of the classes tell.
    besides |= {"courses.courserun_trainers.user", "attendance.session_trainers.user"}
    # What reports somebody is sent, the list of messages tells.
    besides |= {"reporting.reportschedule_recipients.user"}
    # Who holds a question for a while; its history tells what was changed.
    besides |= {"courses.question.locked_by"}
    following = {
        f"{data.key}.{column}" for data in personal_data for column, _follow in data.following()
    }

    assert following - besides <= {f"{data.key}.{data.subject}" for data in shown_data()}


def test_every_kind_can_be_asked_of_everybody(person):
    for data in shown_data():
        assert data.model._base_manager.filter(**{data.subject: person}).count() >= 0
    assert len(held_about(person=person)) == len(shown_data()) + 2


def test_page_shows_all_of_it_to_the_person_alone(client, as_person):
    assert client.get(reverse("own_data")).status_code == 302

    page = as_person.get(reverse("own_data")).content.decode()

    assert "Lớp Kim Bảng" in page
    assert "+84912345678" in page
    assert "Không lưu gì ở mục:" in page
    assert "Lê Thị Lạ" not in page


def test_file_is_taken_out_and_noted(as_person, person):
    data = as_person.get(reverse("own_data_file", args=["json"]))
    sheet = as_person.get(reverse("own_data_file", args=["xlsx"]))

    assert json.loads(data.content)["Ghi danh"][0]["Lớp tập huấn"] == "Lớp Kim Bảng"
    rows = sheet_rows(b"".join(sheet.streaming_content), "xlsx")
    assert rows[0] == ["Loại dữ liệu", "Dòng", "Mục", "Nội dung"]
    assert ["Người này", 1, "Mã cán bộ", "HN-1"] in rows
    entries = ModelLogEntry.objects.filter(action=TAKEN, object_id=str(person.pk))
    assert sorted(entry.data["format"] for entry in entries) == ["json", "xlsx"]
    assert as_person.get(reverse("own_data_file", args=["exe"])).status_code == 404


def test_queries_do_not_grow_with_the_rows(person, django_assert_num_queries):
    kinds = len(shown_data())
    for number in range(3):
        PostingFactory(unit=unit("13387"), user=person, cadre=list(Cadre)[number])
    person = User.objects.get(pk=person.pk)

    with django_assert_num_queries(kinds + 1):
        held_about(person=person)


def test_days_and_times_are_shown_as_people_write_them(as_person):
    page = as_person.get(reverse("own_data")).content.decode()

    assert "<dd>01/01/2014</dd>" in page
    assert "10:00 02/01/2014" in page


def test_no_heading_is_left_in_english(person):
    headings = {heading for one in held_about(person=person) for heading in one.headings}

    assert not headings & {"Session", "Rule", "Reminder", "Quiz", "Unit", "Run", "Lesson"}
