"""What is held about a person: all of it, of nobody else, on a page and as a file."""

import json
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils.text import capfirst
from wagtail.models import ModelLogEntry

from certificates.models import Certificate
from courses.models import Enrolment
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
from tests.reading import html_of
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


def sections_of(person):
    """What is held by its model; that of the person first, the history last."""
    own, *records, history = held_about(person=person)
    by_model = zip([data.model for data in shown_data()], records, strict=True)
    return {User: own, **dict(by_model), ModelLogEntry: history}


def heading(name):
    return capfirst(User._meta.get_field(name).verbose_name)


def test_own_fields_classes_and_certificates_are_told_under_headings_of_the_language(person):
    sections = held_about(person=person)
    by_model = sections_of(person)
    own, enrolments, papers = (by_model[model] for model in (User, Enrolment, Certificate))

    told = dict(zip(own.headings, own.rows[0], strict=True))
    assert told[heading("staff_code")] == "HN-1"
    assert told[heading("phone")] == "+84912345678"
    assert told[heading("year_of_birth")] is None
    assert heading("password") not in told
    assert [row[0] for row in enrolments.rows] == ["Lớp Kim Bảng"]
    assert len(papers.rows) == 1
    assert len(sections) == len(shown_data()) + 2
    headings = {heading for one in sections for heading in one.headings}
    assert not headings & {"Session", "Rule", "Reminder", "Quiz", "Unit", "Run", "Lesson"}


def test_data_have_iso_days_and_nobody_else_and_each_value_of_the_lines_its_column(person):
    sections = held_about(person=person)

    data = as_plain_data(sections=sections)
    lines = list(as_lines(sections=sections))

    assert data[sections[0].title][0][heading("date_joined")].startswith("2014-01-02T10:00")
    assert "Lê Thị Lạ" not in json.dumps(data)
    assert (sections[0].title, 1, heading("staff_code"), "HN-1") in lines


def test_history_tells_what_was_done_by_whom(person, make_official):
    official = make_official("coordinator", "350", full_name="Phạm Văn Huyện")
    post(
        user=person,
        unit=unit("13387"),
        cadre=Cadre.COLLABORATOR,
        on=date(2014, 5, 1),
        by=official,
    )

    [row] = sections_of(person)[ModelLogEntry].rows

    assert row[2:] == ["Trần Văn Nhà", "Phạm Văn Huyện"]


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


def test_page_shows_all_of_it_to_the_person_alone(client, as_person):
    assert client.get(reverse("own_data")).status_code == 302

    shown = as_person.get(reverse("own_data"))
    page = html_of(shown)

    for told in ("Lớp Kim Bảng", "+84912345678", shown.context["empty"][0]):
        assert str(told) in page
    assert "Lê Thị Lạ" not in page
    # As people write days and times.
    assert "<dd>01/01/2014</dd>" in page
    assert "10:00 02/01/2014" in page


def test_file_is_taken_out_and_noted(as_person, person):
    data = as_person.get(reverse("own_data_file", args=["json"]))
    sheet = as_person.get(reverse("own_data_file", args=["xlsx"]))

    found = sections_of(person)
    [enrolment] = json.loads(data.content)[found[Enrolment].title]
    assert "Lớp Kim Bảng" in enrolment.values()
    rows = sheet_rows(b"".join(sheet.streaming_content), "xlsx")
    assert [found[User].title, 1, heading("staff_code"), "HN-1"] in rows
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
