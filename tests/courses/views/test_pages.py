"""The list of courses, a course and a module, as each kind of reader sees them."""

import pytest
from django.test import Client
from django.urls import reverse

from courses.domain.lessons import complete_lesson
from courses.enums import RunStatus
from courses.models import CourseIndexPage, LessonPage
from lms.accounts.enums import Role
from tests.courses.views.conftest import address_of, take
from tests.factories.accounts import browse, log_in, make_official
from tests.factories.courses import EVENING, EnrolmentFactory, make_course, make_run, refreeze
from tests.factories.geography import unit
from tests.factories.rows import set_fields

INDEX, COURSE, MODULE = "/khoa-hoc/", "/khoa-hoc/p2/", "/khoa-hoc/p2/m01/"
NOT_ENROLLED = "Anh/chị chưa được ghi danh vào lớp nào của khoá học này"


@pytest.mark.parametrize("address", [INDEX, COURSE, MODULE])
def test_anonymous_is_sent_to_log_in_and_back(lessons, address):
    response = Client().get(address)

    assert response.status_code == 302
    assert response["Location"] == f"/tai-khoan/login/?next={address}"


def test_index_lists_published_courses(as_stranger, course):
    make_course(code="kin").unpublish()

    body = as_stranger.get(INDEX).content.decode()

    assert f'href="{COURSE}"' in body
    assert "/khoa-hoc/kin/" not in body


def test_index_without_a_course_says_so(as_stranger, course):
    course.unpublish()

    assert "Chưa có khoá học nào được đăng" in as_stranger.get(INDEX).content.decode()


def test_course_and_module_show_a_trainee_progress_and_the_next_step(
    as_trainee, enrolment, lessons, quiz
):
    complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)

    course, module = (as_trainee.get(page).content.decode() for page in (COURSE, MODULE))

    assert "đã học 1/2 bài · chưa kiểm tra" in course
    assert f'href="{address_of(lessons[1])}"' in course
    assert "Học tiếp" in course
    assert "Chuyên đề 1/1" in module
    assert f'href="{address_of(lessons[0])}"' in module
    assert f'href="{reverse("courses:quiz_start", args=[quiz.pk])}"' in module
    assert "Đã học" in module
    assert '<progress value="1" max="2"' in module
    assert f"Bài học · {lessons[1].minutes} phút" in module
    assert f"Còn 1 bài, khoảng {lessons[1].minutes} phút" in module
    complete_lesson(enrolment=enrolment, lesson=lessons[1], at=EVENING)
    module = as_trainee.get(MODULE).content.decode()
    assert "Làm bài kiểm tra" in module
    assert "Còn 1 bài" not in module


def test_course_offers_the_quiz_when_the_module_is_read_and_then_marks_it_as_done(
    as_trainee, enrolment, lessons, quiz
):
    for lesson in lessons:
        complete_lesson(enrolment=enrolment, lesson=lesson, at=EVENING)
    take(enrolment, quiz, EVENING, right=0)

    body = as_trainee.get(COURSE).content.decode()

    assert "đã học 2/2 bài · kiểm tra chưa đạt" in body
    assert f'href="{reverse("courses:quiz_start", args=[quiz.pk])}"' in body
    assert "Làm bài kiểm tra" in body
    take(enrolment, quiz, EVENING, right=2)
    body = as_trainee.get(COURSE).content.decode()
    assert "kiểm tra đạt" in body
    assert 'class="item tone-success"' in body
    assert "Học tiếp" not in body


def test_course_tells_a_stranger_how_to_be_enrolled(as_stranger, lessons, quiz):
    body = as_stranger.get(COURSE).content.decode()

    assert NOT_ENROLLED in body
    assert "2 bài · có bài kiểm tra" in body


def test_course_tells_staff_that_nothing_is_recorded(lessons):
    client = log_in(Role.MONITOR, "35")

    body = client.get(COURSE).content.decode()

    assert NOT_ENROLLED not in body
    assert "hệ thống không ghi nhận việc học" in body


def test_course_of_a_cancelled_class_counts_as_not_enrolled(as_trainee, run, lessons):
    set_fields(run, status=RunStatus.CANCELLED)

    assert NOT_ENROLLED in as_trainee.get(COURSE).content.decode()


def test_module_that_is_not_published_is_not_found(as_stranger, as_monitor, module):
    module.unpublish()

    assert as_stranger.get(MODULE).status_code == 404
    assert as_monitor.get(MODULE).status_code == 404
    assert "Chưa có chuyên đề nào được đăng" in as_stranger.get(COURSE).content.decode()


def test_course_that_is_not_published_is_there_for_its_classes_alone(
    as_trainee, as_stranger, course, module, lessons
):
    course.unpublish()
    module.unpublish()

    assert address_of(lessons[0]) in as_trainee.get(MODULE).content.decode()
    assert "Chuyên đề 1" in as_trainee.get(COURSE).content.decode()
    assert as_stranger.get(COURSE).status_code == 404
    assert as_stranger.get(MODULE).status_code == 404


def test_deeper_address_than_a_lesson_is_not_found(as_trainee, lessons):
    assert as_trainee.get("/khoa-hoc/p2/m01/bai-1/them/").status_code == 404


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

    body = as_trainee.get(MODULE).content.decode()

    assert "Lớp đã kết thúc" in body
    assert "Học tiếp" not in body


def test_module_shows_a_stranger_titles_without_links(as_stranger, lessons, quiz):
    body = as_stranger.get(MODULE).content.decode()

    assert "Bài 1.1" in body
    assert address_of(lessons[0]) not in body
    assert reverse("courses:quiz_start", args=[quiz.pk]) not in body
    assert NOT_ENROLLED in body


def test_module_shows_staff_links_but_no_quiz(lessons, quiz):
    client = log_in(Role.TRAINER, "35")

    body = client.get(MODULE).content.decode()

    assert f'href="{address_of(lessons[0])}"' in body
    assert reverse("courses:quiz_start", args=[quiz.pk]) not in body


def test_module_shows_outcomes_and_neighbours(edition):
    course = make_course(modules=3)
    module = course.get_children().get(slug="m02").specific
    set_fields(module, outcomes="Nêu được mục tiêu\n\nXác định được nhiệm vụ")
    client = browse(EnrolmentFactory(run=make_run(course, unit("350")), unit=unit("13384")).user)

    body = client.get("/khoa-hoc/p2/m02/").content.decode()

    assert "<li>Nêu được mục tiêu</li><li>Xác định được nhiệm vụ</li>" in body
    assert 'href="/khoa-hoc/p2/m01/"' in body
    assert 'href="/khoa-hoc/p2/m03/"' in body


def test_module_names_further_reading_and_missing_lessons(as_trainee, lessons):
    set_fields(lessons[0], is_required=False)
    refreeze()
    assert "Đọc thêm" in as_trainee.get(MODULE).content.decode()

    for lesson in lessons:
        lesson.unpublish()
    refreeze()
    assert "Chưa có bài học nào được đăng" in as_trainee.get(MODULE).content.decode()


def test_editors_preview_index_course_and_module(course, module, lessons, quiz):
    user = make_official(Role.TRAINER, "35")
    _client = browse(user)

    for page in (CourseIndexPage.objects.get(), course, module):
        response = page.make_preview_request(extra_request_attrs={"user": user})

        assert response.status_code == 200
        assert page.title in response.content.decode()


def test_preview_of_a_module_that_is_not_on_the_map(course, module):
    user = make_official(Role.TRAINER, "35")
    _client = browse(user)
    course.unpublish()
    module.unpublish()

    for page in (course, module):
        response = page.make_preview_request(extra_request_attrs={"user": user})

        assert response.status_code == 200


def test_page_of_a_tree_without_a_view_fails_loudly(monkeypatch, rf, lessons):
    monkeypatch.setattr(LessonPage, "view_key", "unknown")

    with pytest.raises(LookupError, match="unknown"):
        lessons[0].serve(rf.get("/"))
