"""A lesson: who may read it, and what it shows."""

import pytest
from django.urls import reverse
from wagtail.models import PageViewRestriction, Site

from courses.domain.lessons import complete_lesson
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import LessonPage
from lms.accounts.enums import Role
from tests.courses.views.conftest import address_of
from tests.factories.accounts import browse, log_in, make_official
from tests.factories.courses import EVENING, EnrolmentFactory, make_course, make_run
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of, templates_of

STAFF_NOTE = "courses/parts/staff_note.html"


def is_markable(page, lesson):
    """Whether the page has the button that marks the lesson as read."""
    return f'action="{reverse("courses:complete_lesson", args=[lesson.pk])}"' in html_of(page)


def mark(client, lesson):
    return client.post(reverse("courses:complete_lesson", args=[lesson.pk]))


def test_lesson_shows_its_text_and_place_to_a_trainee(as_trainee, lessons):
    response = as_trainee.get(address_of(lessons[1]))

    body = html_of(response)
    for written in ("<h1>Bài 1.2</h1>", "Nội dung bài 1.2", lessons[1].as_of):
        assert written in body
    place = response.context["place"]
    assert (place.module.number, place.number, response.context["lesson_count"]) == (1, 2, 2)
    assert '<progress value="0" max="2"' in body
    assert is_markable(response, lessons[1])


def test_lesson_spends_four_queries_and_shows_a_new_text_once_published(
    as_trainee, lessons, django_assert_num_queries
):
    as_trainee.get(address_of(lessons[0]))
    with django_assert_num_queries(4):
        as_trainee.get(address_of(lessons[0]))
    lessons[0].body = [("text", "<p>Nội dung mới</p>")]
    lessons[0].save_revision().publish()

    body = html_of(as_trainee.get(address_of(lessons[0])))

    assert "Nội dung mới" in body
    assert "Nội dung bài 1.1" not in body


def test_lesson_of_a_longer_course_spends_no_more(edition, django_assert_num_queries):
    course = make_course(modules=3, lessons=3)
    enrolment = EnrolmentFactory(run=make_run(course, unit("350")), unit=unit("13384"))
    lessons = list(LessonPage.objects.descendant_of(course).order_by("path"))
    for lesson in lessons[:3]:
        complete_lesson(enrolment=enrolment, lesson=lesson, at=EVENING)
    client = browse(enrolment.user)
    client.get(address_of(lessons[4]))

    with django_assert_num_queries(4):
        client.get(address_of(lessons[4]))


def test_lesson_answers_the_same_through_the_tree_of_wagtail(as_trainee, lessons):
    """`find_content` is a short cut: without it the page must still be found."""
    index = Site.objects.get(is_default_site=True).root_page.specific
    slugs = lessons[0].url_path.strip("/").split("/")[1:]

    assert index.route(None, slugs).page == lessons[0]


def test_who_is_not_enrolled_in_the_course_is_sent_to_it(
    as_stranger, as_trainee, enrolment, lessons
):
    elsewhere = make_run(make_course(code="khac"), unit("350"))
    other = browse(EnrolmentFactory(run=elsewhere, unit=unit("13384")).user)
    set_fields(enrolment, status=EnrolmentStatus.WITHDRAWN)

    for client in (as_stranger, as_trainee, other):
        response = client.get(address_of(lessons[0]))
        assert (response.status_code, response["Location"]) == (302, "/khoa-hoc/p2/")


def test_staff_read_and_leaf_through_without_the_button(lessons):
    for role in Role:
        page = log_in(role, "353").get(address_of(lessons[0]))

        for written in ("Nội dung bài 1.1", str(role.label), 'rel="next"'):
            assert written in html_of(page)
        assert page.context["staff_role"] == role
        assert not is_markable(page, lessons[0])


def test_staff_who_are_enrolled_read_as_trainees(run, lessons):
    user = make_official(Role.COORDINATOR, "350")
    client = browse(user)
    EnrolmentFactory(run=run, unit=unit("350"), user=user)

    page = client.get(address_of(lessons[0]))

    assert is_markable(page, lessons[0])
    assert STAFF_NOTE not in templates_of(page)


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_what_was_taken_down_is_there_for_the_class_alone(
    as_trainee, as_stranger, as_monitor, enrolment, lessons, depth
):
    [lessons[0], lessons[0].get_parent(), lessons[0].get_parent().get_parent()][depth].unpublish()

    page = as_trainee.get(address_of(lessons[0]))
    marked = mark(as_trainee, lessons[0])

    assert "Nội dung bài 1.1" in html_of(page)
    assert is_markable(page, lessons[0])
    assert marked["Location"] == address_of(lessons[1])
    assert as_stranger.get(address_of(lessons[0])).status_code == 404
    assert as_monitor.get(address_of(lessons[0])).status_code == 404


def test_lesson_taken_down_shows_what_was_published_last_not_the_draft(as_trainee, lessons):
    lesson = lessons[0]
    lesson.body = [("text", "<p>Bản đã đăng</p>")]
    lesson.save_revision().publish()
    lesson.refresh_from_db()
    lesson.unpublish()
    # As Wagtail's editor saves the draft of a page that is not published: in the row, too.
    lesson.body = [("text", "<p>Bản nháp mới</p>")]
    lesson.save()
    lesson.save_revision()

    body = html_of(as_trainee.get(address_of(lesson)))

    assert "Bản đã đăng" in body
    assert "Bản nháp mới" not in body


def test_lesson_that_came_in_later_leads_to_the_course(as_trainee, module, lessons):
    later = module.add_child(
        instance=LessonPage(title="Bài sau", slug="bai-sau", as_of="2014", body=[])
    )

    assert as_trainee.get(address_of(later))["Location"] == "/khoa-hoc/p2/"
    assert mark(as_trainee, later).status_code == 404


def test_lesson_moved_to_another_course_stays_with_the_class(as_trainee, lessons):
    other = make_course(code="khac", lessons=1)
    set_fields(lessons[0], slug="bai-chuyen-di")
    lessons[0].move(other.get_children().get(), pos="last-child")
    moved = LessonPage.objects.get(pk=lessons[0].pk)

    page = as_trainee.get(address_of(moved))

    assert (page.context["place"].number, page.context["lesson_count"]) == (1, 2)
    assert is_markable(page, moved)


def test_class_that_is_not_open_yet_reads_the_course_as_it_stands(as_trainee, run, lessons):
    set_fields(run, status=RunStatus.PLANNED, edition=None)

    page = as_trainee.get(address_of(lessons[0]))

    assert "Nội dung bài 1.1" in html_of(page)
    assert not is_markable(page, lessons[0])


def test_address_without_a_page_is_not_found(as_trainee, lessons):
    for address in (
        address_of(lessons[0]) + "x/",
        "/khoa-hoc/p2/m01/bai-9/",
        "/khoa-hoc/p2/m01/bai-1/them/",
    ):
        assert as_trainee.get(address).status_code == 404


def test_restriction_on_the_course_holds_for_its_lessons(as_trainee, course, lessons):
    PageViewRestriction.objects.create(
        page=course, restriction_type=PageViewRestriction.PASSWORD, password="chi-giang-vien"
    )

    assert "Nội dung bài 1.1" not in html_of(as_trainee.get(address_of(lessons[0])))


def test_restriction_on_a_page_holds_for_its_alias(as_trainee, course, module, lessons):
    module.create_alias(parent=course, recursive=True, update_slug="ban-sao")
    PageViewRestriction.objects.create(
        page=module, restriction_type=PageViewRestriction.PASSWORD, password="chi-giang-vien"
    )

    assert "Bài 1.1" not in html_of(as_trainee.get("/khoa-hoc/p2/ban-sao/"))


def test_preview_shows_the_draft_with_idle_buttons_even_before_the_first_publication(
    module, lessons, quiz
):
    user = make_official(Role.TRAINER, "35")
    _client = browse(user)
    draft = lessons[0]
    draft.body = [("text", "<p>Bản nháp</p>")]
    new = LessonPage(title="Bài mới", slug="bai-moi", as_of="2014", live=False, body=[])
    module.add_child(instance=new)

    shown, first = (
        page.make_preview_request(extra_request_attrs={"user": user}) for page in (draft, new)
    )

    assert (shown.status_code, first.status_code) == (200, 200)
    for written in ("Bản nháp", 'class="alert', " disabled"):
        assert written in html_of(shown)
    assert "Bài mới" in html_of(first)


def test_chosen_size_of_the_text_is_there_from_the_first_byte(as_trainee, lessons):
    as_trainee.cookies["text_size"] = "large"
    assert 'data-text="large"' in html_of(as_trainee.get(address_of(lessons[0])))

    as_trainee.cookies["text_size"] = '"><script>'
    assert "data-text=" not in html_of(as_trainee.get(address_of(lessons[0])))
