"""The list of courses, a course and a module, as each kind of reader sees them."""

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.domain.lessons import complete_lesson
from courses.enums import RunStatus
from courses.models import CourseIndexPage, LessonPage
from lms.accounts.enums import Role
from tests.courses.views.conftest import address_of, take
from tests.factories.accounts import browse, log_in, make_official
from tests.factories.courses import EVENING, EnrolmentFactory, make_course, make_run, refreeze
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import html_of, templates_of

INDEX, COURSE, MODULE = "/khoa-hoc/", "/khoa-hoc/p2/", "/khoa-hoc/p2/m01/"
NOT_ENROLLED = "courses/parts/not_enrolled.html"
NEXT_STEP = "courses/parts/next_step.html"
NOTHING_YET = "lms/components/empty.html"


def test_index_lists_published_courses(as_stranger, course):
    make_course(code="kin").unpublish()

    page = as_stranger.get(INDEX)
    assert f'href="{COURSE}"' in html_of(page)
    assert [one["page"] for one in page.context["courses"]] == [course]

    course.unpublish()
    assert NOTHING_YET in templates_of(as_stranger.get(INDEX))


def test_course_and_module_show_a_trainee_progress_and_the_next_step(
    as_trainee, enrolment, lessons, quiz
):
    complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)

    course, module = as_trainee.get(COURSE), as_trainee.get(MODULE)

    tree = course.context["tree"]
    assert (tree.read_count, tree.required_count, tree.modules[0].quiz.is_done) == (1, 2, False)
    assert NEXT_STEP in templates_of(course)
    assert f'href="{address_of(lessons[1])}"' in html_of(course)
    body = html_of(module)
    assert (module.context["module"].number, module.context["module_count"]) == (1, 1)
    assert f'href="{address_of(lessons[0])}"' in body
    assert f'href="{reverse("courses:quiz_start", args=[quiz.pk])}"' in body
    assert [one.is_read for one in module.context["module"].lessons] == [True, False]
    assert '<progress value="1" max="2"' in body
    assert body.count(f" {lessons[1].minutes} ") >= 2
    complete_lesson(enrolment=enrolment, lesson=lessons[1], at=EVENING)
    done = as_trainee.get(MODULE)
    assert done.context["step"].is_quiz
    assert done.context["module"].minutes_left == 0


def test_course_offers_the_quiz_when_the_module_is_read_and_then_marks_it_as_done(
    as_trainee, enrolment, lessons, quiz
):
    for lesson in lessons:
        complete_lesson(enrolment=enrolment, lesson=lesson, at=EVENING)
    take(enrolment, quiz, EVENING, right=0)

    page = as_trainee.get(COURSE)

    quiz_node = page.context["tree"].modules[0].quiz
    assert (quiz_node.best_percent, quiz_node.is_passed) == (0, False)
    assert f'href="{reverse("courses:quiz_start", args=[quiz.pk])}"' in html_of(page)
    assert page.context["step"].is_quiz
    take(enrolment, quiz, EVENING, right=2)
    page = as_trainee.get(COURSE)
    assert 'class="item tone-success"' in html_of(page)
    assert page.context["step"] is None


def test_course_tells_strangers_how_to_be_enrolled_and_staff_that_nothing_is_recorded(
    as_stranger, as_trainee, run, lessons, quiz
):
    assert NOT_ENROLLED in templates_of(as_stranger.get(COURSE))
    staff = templates_of(log_in(Role.MONITOR, "35").get(COURSE))
    assert NOT_ENROLLED not in staff
    assert "courses/parts/staff_note.html" in staff

    # Whose class was cancelled counts as not enrolled.
    assert NOT_ENROLLED not in templates_of(as_trainee.get(COURSE))
    set_fields(run, status=RunStatus.CANCELLED)
    assert NOT_ENROLLED in templates_of(as_trainee.get(COURSE))


def test_module_that_is_not_published_is_not_found(as_stranger, as_monitor, module):
    module.unpublish()

    assert as_stranger.get(MODULE).status_code == 404
    assert as_monitor.get(MODULE).status_code == 404
    assert NOTHING_YET in templates_of(as_stranger.get(COURSE))


def test_course_that_is_not_published_is_there_for_its_classes_alone(
    as_trainee, as_stranger, course, module, lessons
):
    course.unpublish()
    module.unpublish()

    assert address_of(lessons[0]) in html_of(as_trainee.get(MODULE))
    assert module.title in html_of(as_trainee.get(COURSE))
    assert as_stranger.get(COURSE).status_code == 404
    assert as_stranger.get(MODULE).status_code == 404


def test_course_spends_the_same_queries_with_one_and_three_modules(
    edition, django_assert_num_queries
):
    for code, modules in (("mot", 1), ("ba", 3)):
        run = make_run(make_course(code=code, modules=modules), unit("350"))
        client = browse(EnrolmentFactory(run=run, unit=unit("13384")).user)
        client.get(f"/khoa-hoc/{code}/")

        with django_assert_num_queries(4):
            client.get(f"/khoa-hoc/{code}/")


def test_module_of_a_closed_class_offers_no_step(as_trainee, run, lessons):
    set_fields(run, status=RunStatus.CLOSED)

    page = as_trainee.get(MODULE)

    assert page.context["closed_note"] in html_of(page)
    assert NEXT_STEP not in templates_of(page)


def test_module_shows_a_stranger_titles_staff_links_and_neither_the_quiz(
    as_stranger, lessons, quiz
):
    page = as_stranger.get(MODULE)
    body, of_staff = html_of(page), html_of(log_in(Role.TRAINER, "35").get(MODULE))

    assert lessons[0].title in body
    assert address_of(lessons[0]) not in body
    assert NOT_ENROLLED in templates_of(page)
    assert f'href="{address_of(lessons[0])}"' in of_staff
    for shown in (body, of_staff):
        assert reverse("courses:quiz_start", args=[quiz.pk]) not in shown


def test_module_shows_outcomes_and_neighbours(edition):
    course = make_course(modules=3)
    module = course.get_children().get(slug="m02").specific
    set_fields(module, outcomes="Nêu được mục tiêu\n\nXác định được nhiệm vụ")
    client = browse(EnrolmentFactory(run=make_run(course, unit("350")), unit=unit("13384")).user)

    body = html_of(client.get("/khoa-hoc/p2/m02/"))

    assert "<li>Nêu được mục tiêu</li><li>Xác định được nhiệm vụ</li>" in body
    assert 'href="/khoa-hoc/p2/m01/"' in body
    assert 'href="/khoa-hoc/p2/m03/"' in body


def test_module_names_further_reading_and_missing_lessons(as_trainee, lessons):
    set_fields(lessons[0], is_required=False)
    refreeze()
    assert _("Further reading") in html_of(as_trainee.get(MODULE))

    for lesson in lessons:
        lesson.unpublish()
    refreeze()
    assert NOTHING_YET in templates_of(as_trainee.get(MODULE))


def test_editors_preview_index_course_and_module(course, module, lessons, quiz):
    user = make_official(Role.TRAINER, "35")
    _client = browse(user)

    for page in (CourseIndexPage.objects.get(), course, module):
        response = page.make_preview_request(extra_request_attrs={"user": user})

        assert response.status_code == 200
        assert page.title in html_of(response)
    # Nor need they be on the map.
    course.unpublish()
    module.unpublish()
    for page in (course, module):
        response = page.make_preview_request(extra_request_attrs={"user": user})
        assert response.status_code == 200


def test_page_of_a_tree_without_a_view_fails_loudly(monkeypatch, rf, lessons):
    monkeypatch.setattr(LessonPage, "view_key", "unknown")

    with pytest.raises(LookupError, match="unknown"):
        lessons[0].serve(rf.get("/"))
