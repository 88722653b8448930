from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from courses.domain.lessons import SAME_VISIT, complete_lesson, open_lesson
from courses.domain.tree_queries import tree_of
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import (
    CourseRun,
    Enrolment,
    LessonCompletion,
    LessonOpening,
    LessonPage,
)
from tests.factories.courses import (
    EVENING,
    EnrolmentFactory,
    ask,
    make_course,
    read_lessons,
)
from tests.factories.geography import unit
from tests.refusing import raises_refusal


def fresh(enrolment):
    return Enrolment.objects.select_related("run__course").get(pk=enrolment.pk)


def test_complete_lesson_marks_it_and_evaluates(run, enrolment, lessons):
    ask(run, lessons={"percent": 50})

    completion = complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)

    enrolment.refresh_from_db()
    assert completion.completed_at == EVENING
    assert enrolment.status == EnrolmentStatus.COMPLETED


def test_lesson_is_read_once_and_the_first_time_stays(enrolment, lessons):
    complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)

    again = complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING + timedelta(days=1))

    assert again.completed_at == EVENING
    assert LessonCompletion.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        read_lessons(enrolment, lessons[0])


def test_complete_lesson_of_another_course_or_that_came_in_later_is_refused(enrolment, module):
    later = LessonPage(title="Bài sau", slug="bai-sau", as_of="2014", body=[])
    module.add_child(instance=later)
    other = LessonPage.objects.descendant_of(make_course(code="khac")).first()

    for lesson in (later, other):
        with raises_refusal("lesson_not_in_run"):
            complete_lesson(enrolment=enrolment, lesson=lesson, at=EVENING)


def test_complete_lesson_that_was_taken_down_still_counts(enrolment, lessons, module):
    module.unpublish()
    lessons[0].unpublish()

    assert complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING).pk


def test_complete_lesson_after_withdrawal_is_refused(run, lessons):
    enrolment = EnrolmentFactory(run=run, unit=unit("13384"), status=EnrolmentStatus.WITHDRAWN)

    with raises_refusal("enrolment_withdrawn"):
        complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (RunStatus.PLANNED, "run_not_open_yet"),
        (RunStatus.CLOSED, "run_over"),
        (RunStatus.CANCELLED, "run_over"),
    ],
)
def test_complete_lesson_of_a_class_that_is_not_open_is_refused(enrolment, lessons, status, code):
    CourseRun.objects.update(status=status)

    with raises_refusal(code):
        complete_lesson(enrolment=fresh(enrolment), lesson=lessons[0], at=EVENING)

    assert LessonCompletion.objects.count() == 0


def open_at(enrolment, lesson, at):
    tree = tree_of(enrolment=enrolment)
    open_lesson(enrolment=enrolment, tree=tree, lesson=tree.place_of(lesson.pk).lesson, at=at)
    return LessonOpening.objects.get(lesson=lesson).opened_at


def test_open_lesson_keeps_the_latest_time_only(enrolment, lessons):
    open_at(enrolment, lessons[0], EVENING)

    later = EVENING + SAME_VISIT
    assert open_at(enrolment, lessons[0], later) == later
    assert LessonOpening.objects.count() == 1


def test_open_lesson_again_within_the_visit_writes_nothing(
    enrolment, lessons, django_assert_num_queries
):
    open_at(enrolment, lessons[0], EVENING)
    tree = tree_of(enrolment=enrolment)
    soon = EVENING + SAME_VISIT / 2

    with django_assert_num_queries(0):
        open_lesson(enrolment=enrolment, tree=tree, lesson=tree.lessons[0], at=soon)
    with django_assert_num_queries(1):
        open_lesson(enrolment=enrolment, tree=tree, lesson=tree.lessons[1], at=soon)

    # Back from another lesson is a visit of its own.
    assert open_at(enrolment, lessons[0], soon + SAME_VISIT / 4) == soon + SAME_VISIT / 4
