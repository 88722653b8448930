from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from courses.domain.lessons import complete_lesson, outline
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import (
    CoursePage,
    CourseRun,
    Enrolment,
    LessonCompletion,
    LessonPage,
    ModulePage,
    QuizAttempt,
)
from tests.factories.courses import (
    EVENING,
    EnrolmentFactory,
    ask,
    make_course,
    make_quiz,
    make_run,
    read_lessons,
)
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.refusing import raises_refusal

pytestmark = pytest.mark.django_db


def fresh(enrolment):
    return Enrolment.objects.select_related("run__course").get(pk=enrolment.pk)


def test_complete_lesson_marks_it_and_evaluates(run, enrolment, lessons):
    ask(run, lessons={"percent": 50})

    completion = complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)

    enrolment.refresh_from_db()
    assert completion.completed_at == EVENING
    assert enrolment.status == EnrolmentStatus.COMPLETED


def test_complete_lesson_twice_keeps_the_first(enrolment, lessons):
    complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)

    again = complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING + timedelta(days=1))

    assert again.completed_at == EVENING
    assert LessonCompletion.objects.count() == 1


def test_complete_lesson_of_another_course_is_refused(enrolment, lessons):
    other = LessonPage.objects.descendant_of(make_course(code="khac")).first()

    with raises_refusal("lesson_not_in_run"):
        complete_lesson(enrolment=enrolment, lesson=other, at=EVENING)


def test_complete_lesson_that_is_a_draft_is_refused(enrolment, lessons):
    lessons[0].unpublish()

    with raises_refusal("lesson_not_in_run"):
        complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)


def test_complete_lesson_of_unpublished_module_is_refused(enrolment, lessons, module):
    module.unpublish()

    with raises_refusal("lesson_not_in_run"):
        complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)


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


def test_lesson_read_twice_is_impossible(enrolment, lessons):
    complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)

    with pytest.raises(IntegrityError), transaction.atomic():
        read_lessons(enrolment, lessons[0])


def test_outline_tells_what_is_read_and_how_the_quiz_stands(enrolment, lessons, module, quiz):
    complete_lesson(enrolment=enrolment, lesson=lessons[1], at=EVENING)
    QuizAttempt.objects.create(
        enrolment=enrolment,
        quiz=quiz,
        number=1,
        started_at=EVENING,
        submitted_at=EVENING,
        score=1,
        max_score=2,
        percent=50,
    )
    QuizAttempt.objects.create(enrolment=enrolment, quiz=quiz, number=2, started_at=EVENING)
    _somebody_else_passed(enrolment.run, quiz)

    [line] = outline(enrolment=enrolment)

    assert line.module == module
    assert [(x.lesson, x.is_read) for x in line.lessons] == [
        (lessons[0], False),
        (lessons[1], True),
    ]
    assert line.read_count == 1
    assert (line.quiz.quiz, line.quiz.best_percent, line.quiz.submitted_count) == (quiz, 50, 1)
    assert line.quiz.has_open_attempt
    assert line.quiz.is_passed


def _somebody_else_passed(run, quiz):
    other = EnrolmentFactory(run=run, unit=unit("13384"))
    QuizAttempt.objects.create(
        enrolment=other,
        quiz=quiz,
        number=1,
        started_at=EVENING,
        submitted_at=EVENING,
        score=2,
        max_score=2,
        percent=100,
    )


def test_outline_before_the_quiz_was_tried(enrolment, quiz):
    set_fields(quiz, max_attempts=3)

    [line] = outline(enrolment=enrolment)

    assert (line.quiz.best_percent, line.quiz.is_passed, line.quiz.has_open_attempt) == (
        None,
        False,
        False,
    )
    assert line.quiz.attempts_left == 3


def test_outline_with_unlimited_attempts_counts_none_down(enrolment, quiz):
    [line] = outline(enrolment=enrolment)

    assert line.quiz.attempts_left is None


def test_outline_leaves_out_drafts_and_empty_quizzes(enrolment, lessons, quiz):
    lessons[0].unpublish()
    quiz.quiz_questions.all().delete()

    [line] = outline(enrolment=enrolment)

    assert [x.lesson for x in line.lessons] == [lessons[1]]
    assert line.quiz is None


def test_outline_leaves_out_unpublished_modules(enrolment, module, quiz):
    module.unpublish()

    assert outline(enrolment=enrolment) == []


@pytest.mark.parametrize("modules", [1, 3])
def test_outline_query_count_is_constant(edition, django_assert_num_queries, modules):
    course = make_course(modules=modules, lessons=2)
    for module in ModulePage.objects.child_of(CoursePage.objects.get()):
        make_quiz(module)
    enrolment = fresh(EnrolmentFactory(run=make_run(course, unit("350")), unit=unit("13384")))

    with django_assert_num_queries(4):
        lines = outline(enrolment=enrolment)

    assert len(lines) == modules
