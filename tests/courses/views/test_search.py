"""Search in the lessons of one's own classes."""

import pytest
from django.urls import reverse
from wagtail.models import PageViewRestriction

from courses.enums import EnrolmentStatus, RunStatus
from courses.models import LessonPage
from courses.views.search import FOUND_ON_A_PAGE
from tests.courses.views.conftest import address_of
from tests.factories.courses import EnrolmentFactory, make_course, make_run
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of
from tests.shared import shared

pytestmark = [
    pytest.mark.sqlite("each database has its own search"),
    pytest.mark.usefixtures("written"),
]


@shared
def written(lessons):
    """The second lesson is about xâm hại, the first has both words apart."""
    say(lessons[0], "<p>Nêu hai điều; trẻ bị xâm phạm.</p>")
    say(lessons[1], "<p>Mẹ thấy dấu hiệu <b>xâm hại</b> &amp; báo ngay.</p>")


def say(lesson, text):
    lesson = LessonPage.objects.get(pk=lesson.pk)
    lesson.body = [("text", text)]
    lesson.save()


def found(client, query, **more):
    response = client.get(reverse("courses:search"), {"q": query, **more})
    return [
        url for _course, lessons in response.context.get("courses", []) for _one, url in lessons
    ]


def test_words_are_found_with_and_without_marks_the_closest_first(as_trainee, lessons):
    first, second = map(address_of, lessons)
    for query in ("xâm hại", "xam hai", "XÂM HẠI", " xam  hai "):
        assert found(as_trainee, query) == [second, first], query
    # PostgreSQL passes over "me" in an English text.
    for query in ("mẹ", "me"):
        assert found(as_trainee, query) == [second], query
    # Title and text are marked below their course.
    assert found(as_trainee, "bài 1.2") == [second]
    body = html_of(as_trainee.get(reverse("courses:search"), {"q": "xam hai"}))
    assert "<h2>Dự án 2</h2>" in body
    assert "dấu hiệu <mark>xâm</mark> <mark>hại</mark> &amp; báo ngay." in body


def test_states_without_a_lesson(as_trainee):
    few = "ít nhất hai chữ"
    for query, says in (("", ""), ("x", few), ("!?", few), ("voi ma mút", "voi ma mút”")):
        response = as_trainee.get(reverse("courses:search"), {"q": query})

        assert not response.context.get("courses")
        assert says in html_of(response)


def test_nobody_finds_what_one_may_not_read(as_trainee, as_stranger, enrolment, run, lessons):
    other = make_course(code="khac")
    say(LessonPage.objects.descendant_of(other).first(), "<p>Trẻ bị xâm hại.</p>")

    assert len(found(as_trainee, "xam hai")) == 2
    assert found(as_stranger, "xam hai") == []
    set_fields(enrolment, status=EnrolmentStatus.WITHDRAWN)
    assert found(as_trainee, "xam hai") == []
    set_fields(enrolment, status=EnrolmentStatus.ACTIVE)
    set_fields(run, status=RunStatus.CANCELLED)
    assert found(as_trainee, "xam hai") == []


def test_class_that_is_not_open_finds_the_course_as_it_stands(as_trainee, run, module, lessons):
    set_fields(run, status=RunStatus.PLANNED, edition=None)
    assert len(found(as_trainee, "xam hai")) == 2

    module.unpublish()
    assert found(as_trainee, "xam hai") == []


def test_staff_find_what_is_published(as_monitor, course, module, lessons):
    assert len(found(as_monitor, "xam hai")) == 2

    module.unpublish()
    assert found(as_monitor, "xam hai") == []


def test_draft_and_restricted_page_are_not_found(as_trainee, course, lessons):
    module = lessons[0].get_parent()
    module.add_child(
        instance=LessonPage(title="Xâm hại", slug="nhap", as_of="2014", body=[], live=False)
    )
    assert set(found(as_trainee, "xam hai")) == set(map(address_of, lessons))

    PageViewRestriction.objects.create(
        page=course, restriction_type=PageViewRestriction.PASSWORD, password="chi-giang-vien"
    )
    assert found(as_trainee, "xam hai") == []


def test_lesson_taken_down_is_found_by_what_was_published(as_trainee, as_monitor, lessons):
    """Whoever's class asks it still reads it; its row holds the draft that goes on."""
    lesson = LessonPage.objects.get(pk=lessons[1].pk)
    lesson.save_revision().publish()
    lesson = LessonPage.objects.get(pk=lesson.pk)
    lesson.unpublish()
    say(lesson, "<p>Bản nháp: tảo hôn.</p>")

    assert found(as_trainee, "tao hon") == []
    assert found(as_trainee, "xâm hại") == [address_of(lessons[0]), address_of(lesson)]
    page = as_trainee.get(reverse("courses:search"), {"q": "dau hieu xam hai"})
    assert "<mark>dấu</mark> <mark>hiệu</mark>" in html_of(page)
    assert found(as_monitor, "xâm hại") == [address_of(lessons[0])]


def test_lesson_taken_down_that_no_revision_knows(as_trainee, lessons):
    lesson = LessonPage.objects.get(pk=lessons[1].pk)
    set_fields(lesson, live=False, last_published_at=None)

    assert address_of(lessons[1]) in found(as_trainee, "xam hai")


@pytest.mark.parametrize("query", ["chuyên đề", "CHUYEN DE", "de 1 chuyen"])
def test_titles_of_modules_are_found(as_trainee, as_stranger, as_monitor, module, query):
    address = reverse("courses:module", args=module.url_path.strip("/").split("/")[1:])

    assert found(as_trainee, query) == found(as_monitor, query) == [address]
    assert found(as_stranger, query) == []


def test_titles_of_courses_come_first(as_trainee, as_monitor, course, module):
    set_fields(module, title="Chuyên đề của dự án")
    address = reverse("courses:course", args=[course.slug])

    assert [len(found(one, "du an")) for one in (as_trainee, as_monitor)] == [2, 2]
    assert found(as_trainee, "du an")[0] == address
    course.unpublish()
    assert len(found(as_trainee, "du an")) == 2
    assert found(as_monitor, "du an") == []


def test_many_are_shown_page_by_page_at_the_same_cost(
    as_trainee, enrolment, django_assert_num_queries
):
    with django_assert_num_queries(10):
        assert len(found(as_trainee, "xam hai")) == 2

    many = make_course(code="dai", lessons=FOUND_ON_A_PAGE)
    EnrolmentFactory(run=make_run(many, unit("350")), unit=unit("13384"), user=enrolment.user)
    for lesson in LessonPage.objects.descendant_of(many):
        say(lesson, "<p>Trẻ bị xâm hại.</p>")
    with django_assert_num_queries(10):
        assert len(found(as_trainee, "xam hai")) == FOUND_ON_A_PAGE
    assert len(found(as_trainee, "xam hai", page=2)) == 2


def test_sign_that_no_database_takes_is_left_out(as_trainee, lessons):
    assert found(as_trainee, "xam\0 hai") == found(as_trainee, "xam hai")
