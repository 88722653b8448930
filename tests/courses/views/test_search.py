"""Search in the lessons of one's own classes."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction

from courses.enums import EnrolmentStatus, RunStatus
from courses.models import LessonPage
from courses.views.search import LESSONS_ON_A_PAGE
from tests.courses.views.conftest import address_of
from tests.factories.courses import EnrolmentFactory, make_course, make_run
from tests.factories.geography import unit
from tests.factories.rows import set_fields

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite("each database has its own search")]


@pytest.fixture(autouse=True)
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


@pytest.mark.parametrize("query", ["xâm hại", "xam hai", "XÂM HẠI", " xam  hai "])
def test_words_are_found_with_and_without_marks_the_closest_first(as_trainee, lessons, query):
    assert found(as_trainee, query) == [address_of(lessons[1]), address_of(lessons[0])]


@pytest.mark.parametrize("query", ["mẹ", "me"])
def test_short_word_is_no_english(as_trainee, lessons, query):
    """PostgreSQL passes over "me" in an English text."""
    assert found(as_trainee, query) == [address_of(lessons[1])]


def test_title_and_text_are_marked_below_their_course(as_trainee, lessons):
    body = as_trainee.get(reverse("courses:search"), {"q": "xam hai"}).content.decode()

    assert "<h2>Dự án 2</h2>" in body
    assert "dấu hiệu <mark>xâm</mark> <mark>hại</mark> &amp; báo ngay." in body
    assert found(as_trainee, "bài 1.2") == [address_of(lessons[1])]


@pytest.mark.parametrize(
    ("query", "says"),
    [("", ""), ("x", "ít nhất hai chữ"), ("!?", "ít nhất hai chữ"), ("voi ma mút", "voi ma mút”")],
)
def test_states_without_a_lesson(as_trainee, query, says):
    response = as_trainee.get(reverse("courses:search"), {"q": query})

    assert not response.context.get("courses")
    assert says in response.content.decode()


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
    lessons[1].unpublish()
    assert found(as_trainee, "xam hai") == [address_of(lessons[0])]

    PageViewRestriction.objects.create(
        page=course, restriction_type=PageViewRestriction.PASSWORD, password="chi-giang-vien"
    )
    assert found(as_trainee, "xam hai") == []


def test_many_are_shown_page_by_page_at_the_same_cost(
    as_trainee, enrolment, django_assert_num_queries
):
    with django_assert_num_queries(8):
        assert len(found(as_trainee, "xam hai")) == 2

    many = make_course(code="dai", lessons=LESSONS_ON_A_PAGE)
    EnrolmentFactory(run=make_run(many, unit("350")), unit=unit("13384"), user=enrolment.user)
    for lesson in LessonPage.objects.descendant_of(many):
        say(lesson, "<p>Trẻ bị xâm hại.</p>")
    with django_assert_num_queries(8):
        assert len(found(as_trainee, "xam hai")) == LESSONS_ON_A_PAGE
    assert len(found(as_trainee, "xam hai", page=2)) == 2


def test_anonymous_is_sent_to_log_in():
    assert Client().get("/tim-bai/")["Location"].startswith("/tai-khoan/login/")
