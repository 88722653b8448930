"""The names behind a figure and what each still lacks: who sees whom, at what cost."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from courses.criteria import LessonsRead
from courses.models import CoursePage, CourseRun, Enrolment
from lms.accounts.enums import Cadre, Role
from lms.reporting.domain.course_progress import CourseProgress, course_progress, find_person
from lms.reporting.enums import PersonState
from lms.reporting.views.progress_words import missing_in_short
from lms.spreadsheets.handout import EXPORT_ACTION
from tests.factories import reporting
from tests.factories.accounts import PostingFactory, UserFactory, browse, make_official
from tests.factories.courses import EnrolmentFactory, ask, make_run
from tests.factories.files import content_of, rows_of, without_head
from tests.factories.geography import unit
from tests.factories.reporting import TODAY, also_in, ask_course, asked_of, enrolled
from tests.factories.rows import set_fields
from tests.reading import html_of, numbers, templates_of
from tests.shared import shared

pytestmark = pytest.mark.sqlite("search: LIKE, case and order of letters")


@shared
def world(world):
    for run in world.runs.values():
        ask(run, lessons={"percent": 100})
    return world


def list_of(code: str, query: str = "") -> str:
    return reverse("reporting:people", args=[unit(code).pk]) + query


def page_of(user) -> str:
    return reverse("reporting:person", args=[user.pk])


def named(enrolment, name):
    set_fields(enrolment.user, full_name=name)
    return enrolment


def second_course(world):
    """Another course that collaborators must complete, with no class yet."""
    course = ask_course(world)
    set_fields(course, title="Kỹ năng tư vấn")
    return course


def lines_of(world, reader, commune="13384"):
    return reporting.lines_of(**asked_of(world, reader, unit=unit(commune)))


def test_row_on_paper_says_in_short_what_all_courses_lack(db):
    def progress(state, results=(), **more):
        return CourseProgress(CoursePage(), state, results=list(results), **more)

    def lessons(required):
        return LessonsRead().tell(achieved=0, required=required, params={})

    run = CourseRun(starts_on=date(2026, 12, 1))
    to_come = progress(PersonState.TO_COME, [lessons(9)], enrolment=Enrolment(run=run))
    text = missing_in_short(
        [
            progress(PersonState.NO_CLASS),
            progress(PersonState.LEARNING, [lessons(2)]),
            progress(PersonState.NOT_COMPLETED, [lessons(3)]),
            progress(PersonState.LEARNING, is_elsewhere=True),
            progress(PersonState.COMPLETED),
            to_come,
        ]
    )
    assert len(text.split("; ")) == 4
    assert numbers(text) == [1, 12, 2026, 5, 1]
    assert missing_in_short([progress(PersonState.COMPLETED)]) == ""


def test_list_says_what_each_person_lacks_and_where_there_is_nobody(as_monitor, world):
    empty = as_monitor.get(list_of("13384"))
    enrolled(world, "350", "13384")
    page, nobody, unknown = (
        as_monitor.get(list_of("13384", query)) for query in ("", "?state=completed", "?state=gone")
    )
    [lacks] = page.context["rows"][0]["cells"][-1]["lines"]
    # Two lessons not read; none of two read.
    assert numbers(lacks) == [2, 0, 2]
    assert lacks in html_of(page)
    assert (empty.context["total"], nobody.context["rows"], nobody.context["total"]) == (0, [], 1)
    assert all("lms/components/empty.html" in templates_of(one) for one in (empty, nobody))
    assert len(unknown.context["rows"]) == 1


def test_list_and_file_of_one_status_hold_nobody_else_and_the_file_is_logged(as_monitor, world):
    named(enrolled(world, "350", "13384", completed=True), "Lê Thị Ân")
    named(enrolled(world, "350", "13384"), "Phạm Thị Đào")
    page = as_monitor.get(list_of("13384", "?state=learning"))
    assert [row["label"] for row in page.context["rows"]] == ["Phạm Thị Đào"]
    assert [(tab["count"], tab["active"]) for tab in page.context["tabs"]] == [
        (2, False),
        (0, False),
        (0, False),
        (1, True),
        (0, False),
        (1, False),
        (0, False),
    ]

    rows = rows_of(as_monitor.get(page.context["downloads"][0]["url"]), "xlsx")

    assert [row[0] for row in rows[1:]] == ["Phạm Thị Đào"]
    entry = ModelLogEntry.objects.get(action=EXPORT_ACTION)
    assert (entry.data["list"], entry.data["rows"]) == ("hoc-vien", 1)
    assert entry.data["filters"]["state"] == "learning"
    assert entry.data["filters"]["unit"] == str(unit("13384"))


def test_person_page_tells_line_by_line(as_monitor, world):
    enrolment = named(enrolled(world, "350", "13384"), "Phạm Thị Đào")
    response = as_monitor.get(page_of(enrolment.user))
    (course,) = response.context["courses"]
    [step] = course["steps"]
    assert (step["state"], numbers(step["text"])) == ("todo", [2, 0, 2])
    page = html_of(response)
    assert step["text"] in page
    assert "Phạm Thị Đào" in page
    assert reverse("courses:enrolment_detail", args=[enrolment.run_id, enrolment.pk]) in page


def in_no_class(course):
    return _("No class of “%(course)s” yet.") % {"course": course}


def test_list_and_page_of_somebody_without_a_class_say_so(as_monitor, world):
    posting = PostingFactory(unit=unit("13384"))
    for address in (list_of("13384"), page_of(posting.user)):
        assert in_no_class("Dự án 2") in html_of(as_monitor.get(address))


def test_person_page_tells_when_a_course_was_completed(as_monitor, world):
    second_course(world)
    enrolment = enrolled(world, "350", "13384", completed=True)
    page = as_monitor.get(page_of(enrolment.user))
    done, _other = page.context["courses"]
    assert done["completed_on"] == "20/05/2014"
    for written in (done["completed_on"], in_no_class("Kỹ năng tư vấn")):
        assert written in html_of(page)


def test_person_of_another_district_is_not_there_and_not_named(as_coordinator, world):
    other = named(enrolled(world, "353", "13591"), "Trần Văn Kín")
    posted = PostingFactory(unit=unit("13588"), user=UserFactory(full_name="Lê Thị Kín"))
    for user in (other.user, posted.user):
        response = as_coordinator.get(page_of(user))
        assert response.status_code == 404
        assert "Kín" not in html_of(response)


def test_person_whom_the_programme_does_not_count_is_not_there(as_monitor, world):
    posting = PostingFactory(unit=unit("13384"), cadre=Cadre.PARENT_GROUP)
    assert as_monitor.get(page_of(posting.user)).status_code == 404
    assert as_monitor.get(reverse("reporting:person", args=[0])).status_code == 404


@pytest.mark.parametrize("role", [Role.TRAINER, None])
def test_person_page_is_not_there_for_those_who_oversee_nothing(world, role):
    enrolment = enrolled(world, "350", "13384")
    client = browse(make_official(role, "350") if role else enrolment.user)
    assert client.get(page_of(enrolment.user)).status_code == 404


def test_person_page_without_programme_is_not_there(edition):
    client = browse(make_official(Role.MONITOR, "35"))
    assert client.get(page_of(UserFactory())).status_code == 404


def test_class_of_another_area_is_told_without_its_name(as_coordinator, world):
    other = second_course(world)
    enrolment = enrolled(world, "350", "13384", completed=True)
    set_fields(enrolment, enrolled_at=enrolment.enrolled_at.replace(year=2015))
    hidden = make_run(other, unit("353"), title="Lớp kín")
    EnrolmentFactory(user=enrolment.user, run=hidden, unit=unit("13591"))
    page = html_of(as_coordinator.get(page_of(enrolment.user)))
    assert other.title in page
    assert "Lớp kín" not in page


def test_class_hosted_elsewhere_is_named_and_not_linked(as_coordinator, world):
    enrolment = enrolled(world, "353", "13384")
    page = html_of(as_coordinator.get(page_of(enrolment.user)))
    assert str(enrolment.run) in page
    assert reverse("courses:run_detail", args=[enrolment.run_id]) not in page


def test_completed_enrolment_outweighs_a_later_one(world, monitor):
    first = enrolled(world, "350", "13384", completed=True)
    also_in(first, world.runs["353"])
    asked = {"programme": world.programme, "on": TODAY, "reader": monitor}
    found = course_progress(**asked, lines=[find_person(**asked, user_id=first.user_id)])
    (progress,) = found[first.user_id]
    assert (progress.state, progress.enrolment) == (PersonState.COMPLETED, first)
    assert course_progress(**asked, lines=[]) == {}


@pytest.mark.parametrize("people", [1, 3])
def test_standings_cost_the_same_for_few_and_many(
    world, django_assert_num_queries, people, monitor
):
    for _one in range(people):
        enrolled(world, "350", "13384")
    lines = lines_of(world, monitor)
    with django_assert_num_queries(3):
        course_progress(programme=world.programme, lines=lines, on=TODAY, reader=monitor)


def with_phone(enrolment, phone):
    set_fields(enrolment.user, phone=phone)
    return enrolment


def moved_away(enrolment, code):
    """Counted where the class was joined, posted in another district since before that."""
    set_fields(enrolment.posting, unit=unit(code))
    return enrolment


def test_list_and_page_tell_the_phone(as_coordinator, world):
    enrolment = with_phone(enrolled(world, "350", "13384"), "+84912345678")
    for address in (list_of("13384"), page_of(enrolment.user)):
        page = html_of(as_coordinator.get(address))
        assert 'href="tel:+84912345678">0912 345 678</a>' in page


def test_phone_of_somebody_posted_elsewhere_is_not_told(as_coordinator, world):
    enrolment = with_phone(enrolled(world, "350", "13384"), "+84912345678")
    named(moved_away(enrolment, "13591"), "Phạm Thị Đào")
    for address in (list_of("13384"), page_of(enrolment.user), xlsx_of("13384")):
        response = as_coordinator.get(address)
        assert response.status_code == 200
        text = text_of(response)
        assert not any(phone in text for phone in ("345 678", "12345678"))
        assert "Phạm Thị Đào" in text


def xlsx_of(code, query=""):
    return reverse("reporting:people_file", args=[unit(code).pk]) + query


def text_of(response):
    if "spreadsheet" in response["Content-Type"]:
        return str(rows_of(response, "xlsx"))
    return html_of(response)


def test_files_of_names_hold_what_the_list_shows_in_every_format(as_monitor, world):
    with_phone(named(enrolled(world, "350", "13384"), "Phạm Thị Đào"), "+84912345678")
    named(enrolled(world, "350", "13384", completed=True), "Lê Thị Ân")
    page = as_monitor.get(list_of("13384"))
    links = {link["format"]: link["url"] for link in page.context["downloads"]}
    labels = [str(column["label"]) for column in page.context["columns"]]

    files = {kind: rows_of(as_monitor.get(url), kind) for kind, url in links.items()}

    assert set(files) == {"xlsx", "ods", "csv"}
    for kind, rows in files.items():
        assert rows[0] == labels, kind
        assert [row[0] for row in rows[1:]] == ["Lê Thị Ân", "Phạm Thị Đào"]
        assert rows[2][2] == "0912 345 678"
    logged = ModelLogEntry.objects.filter(action=EXPORT_ACTION)
    assert {(one.data["format"], one.data["rows"]) for one in logged} == {
        (kind, 2) for kind in links
    }
    rows, listed = files["xlsx"], page.context["rows"]
    assert [row[1] for row in rows[1:]] == [row["cells"][0]["text"] for row in listed]
    assert rows[2][2:] == [
        "0912 345 678",
        Cadre.COLLABORATOR.label,
        PersonState.LEARNING.label,
        listed[1]["cells"][4]["lines"][0],
        listed[1]["cells"][5]["lines"][0],
    ]
    assert rows[1][6] == ""


def test_xlsx_of_names_holds_all_pages_of_the_list_and_no_formula(as_monitor, world, monkeypatch):
    monkeypatch.setattr("lms.reporting.views.people.PEOPLE_PER_PAGE", 1)
    for _one in range(3):
        named(enrolled(world, "350", "13384"), "=cmd|' /C calc'!A1")
    (one,) = load_workbook(BytesIO(content_of(as_monitor.get(xlsx_of("13384")))))
    _head, *names = without_head(one)["A"]
    assert len(names) == 3
    assert all(cell.value.startswith("=cmd") and cell.data_type == "s" for cell in names)
