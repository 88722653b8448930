from datetime import timedelta

import pytest

from courses.domain.lessons import complete_lesson
from courses.domain.tree_queries import annotate_reading, live_tree, tree_of
from courses.enums import RunStatus
from courses.models import Enrolment, LessonOpening, ModulePage, QuizDraw
from tests.courses.views.conftest import take
from tests.factories.courses import (
    EVENING,
    EnrolmentFactory,
    ask,
    make_course,
    make_quiz,
    make_run,
    refreeze,
)
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.shared import shared

pytestmark = pytest.mark.sqlite("JSON and counts in sub-queries of one statement")


@shared
def course(edition):
    return make_course(modules=2, lessons=2)


@pytest.fixture
def modules(course):
    return list(ModulePage.objects.child_of(course).order_by("path"))


def read(enrolment, *lessons):
    for lesson in lessons:
        complete_lesson(enrolment=enrolment, lesson=lesson, at=EVENING)


def fresh(enrolment):
    return Enrolment.objects.select_related("run").get(pk=enrolment.pk)


def step_after(enrolment, lesson=None):
    step = tree_of(enrolment=enrolment).next_step(after=lesson.pk if lesson else None)
    return step and (step.is_quiz, step.pk)


def outline(tree):
    return [(m.number, m.title, [one.title for one in m.lessons]) for m in tree.modules]


BOTH_MODULES = [
    (1, "Chuyên đề 1", ["Bài 1.1", "Bài 1.2"]),
    (2, "Chuyên đề 2", ["Bài 2.1", "Bài 2.2"]),
]


@pytest.mark.parametrize("modules_with_quiz", [0, 2])
def test_tree_of_is_one_query(enrolment, modules, django_assert_num_queries, modules_with_quiz):
    for module in modules[:modules_with_quiz]:
        make_quiz(module)
    enrolment = fresh(enrolment)
    tree_of(enrolment=enrolment)

    # What was done; the outline is kept.
    with django_assert_num_queries(1):
        tree = tree_of(enrolment=enrolment)

    assert tree.title == "Dự án 2"
    assert outline(tree) == BOTH_MODULES
    assert [module.quiz is not None for module in tree.modules] == [modules_with_quiz == 2] * 2


@pytest.mark.parametrize("opened", [True, False])
def test_quiz_of_a_tree_has_its_title_and_the_number_of_its_questions(
    run, enrolment, modules, opened
):
    make_quiz(modules[0], questions=3)
    drawing = make_quiz(modules[1], questions=1)
    QuizDraw.objects.create(quiz=drawing, count=2)
    refreeze()
    if not opened:
        set_fields(run, status=RunStatus.PLANNED, edition=None)

    quizzes = [module.quiz for module in tree_of(enrolment=fresh(enrolment)).modules]

    assert [(quiz.title, quiz.question_count) for quiz in quizzes] == [
        ("Kiểm tra M01", 3),
        ("Kiểm tra M02", 3),
    ]


def test_tree_of_a_planned_class_is_the_course_as_it_stands(run, enrolment, course, modules):
    quiz = make_quiz(modules[0])
    set_fields(run, status=RunStatus.PLANNED, edition=None)
    modules[1].unpublish()

    tree = tree_of(enrolment=fresh(enrolment))

    assert outline(tree) == BOTH_MODULES[:1]
    assert tree.modules[0].quiz.pk == quiz.pk
    course.unpublish()
    tree = tree_of(enrolment=fresh(enrolment))
    assert (tree.title, tree.modules, tree.next_step()) == ("Dự án 2", [], None)


def test_tree_of_keeps_what_was_taken_down_with_titles_as_they_are(enrolment, modules, lessons):
    set_fields(lessons[0], title="Bài 1.1 (đã sửa)")
    lessons[1].unpublish()
    modules[1].unpublish()

    tree = tree_of(enrolment=enrolment)

    assert outline(tree)[0][2] == ["Bài 1.1 (đã sửa)", "Bài 1.2"]
    assert len(tree.lessons) == 4


def test_tree_of_tells_what_this_person_has_read(enrolment, lessons):
    other = EnrolmentFactory(run=enrolment.run, unit=unit("13387"))
    read(enrolment, lessons[1])
    read(other, lessons[0])

    tree = tree_of(enrolment=enrolment)

    assert [lesson.is_read for lesson in tree.lessons] == [False, True, False, False]
    assert (tree.read_count, tree.required_count, tree.modules[0].read_count) == (1, 4, 1)


def test_further_reading_is_counted_apart_and_no_next_step(enrolment, lessons):
    set_fields(lessons[0], is_required=False)
    refreeze()
    assert step_after(enrolment) == (False, lessons[1].pk)
    read(enrolment, lessons[0])

    tree = tree_of(enrolment=enrolment)

    assert (tree.read_count, tree.required_count) == (0, 3)


def test_tree_of_tells_how_the_quiz_stands(run, enrolment, modules):
    ask(run, quizzes={"pass_percent": 60})
    quiz = make_quiz(modules[0])
    set_fields(quiz, max_attempts=3)
    refreeze()
    take(EnrolmentFactory(run=run, unit=unit("13387")), quiz, EVENING, right=2)
    before = tree_of(enrolment=enrolment).quiz_of(quiz.pk)
    take(enrolment, quiz, EVENING, right=1)
    take(enrolment, quiz, EVENING, right=0)

    node = tree_of(enrolment=enrolment).quiz_of(quiz.pk)

    assert (before.best_percent, before.is_passed, before.attempts_left) == (None, False, 3)
    assert (node.best_percent, node.pass_percent, node.is_passed) == (50, 60, False)
    assert (node.submitted_count, node.attempts_left, node.has_open_attempt) == (2, 1, False)


def test_quiz_without_a_limit_counts_no_attempt_down_and_one_without_a_question_is_left_out(
    course, enrolment, modules
):
    quiz = make_quiz(modules[0])
    make_quiz(modules[1], questions=0)
    tree = tree_of(enrolment=enrolment)

    assert tree.quiz_of(quiz.pk).attempts_left is None
    for found in (tree, live_tree(course_path=course.path)):
        assert [module.quiz is None for module in found.modules] == [False, True]


def test_module_with_nothing_in_it_is_never_done(enrolment, lessons):
    for lesson in lessons[:2]:
        lesson.unpublish()
    refreeze()

    assert [module.is_done for module in tree_of(enrolment=enrolment).modules] == [False, False]


def test_module_is_done_and_left_when_its_quiz_is_passed(enrolment, modules, lessons):
    quiz = make_quiz(modules[0])
    read(enrolment, lessons[0], lessons[1])
    assert not tree_of(enrolment=enrolment).modules[0].is_done
    assert step_after(enrolment, lessons[1]) == (True, quiz.pk)

    take(enrolment, quiz, EVENING, right=2)

    assert tree_of(enrolment=enrolment).modules[0].is_done
    assert step_after(enrolment, lessons[1]) == (False, lessons[2].pk)


def test_live_tree_is_one_query_and_leaves_out_what_is_not_published(
    course, modules, django_assert_num_queries
):
    with django_assert_num_queries(1):
        tree = live_tree(course_path=course.path)
    assert (tree.title, outline(tree)) == ("Dự án 2", BOTH_MODULES)

    modules[0].unpublish()
    second = (1, "Chuyên đề 2", ["Bài 2.1", "Bài 2.2"])
    assert outline(live_tree(course_path=course.path)) == [second]

    course.unpublish()
    assert live_tree(course_path=course.path) is None


def test_place_of_knows_the_neighbours_across_modules(course, lessons):
    tree = live_tree(course_path=course.path)
    place = tree.place_of(lessons[1].pk)

    assert (place.module.number, place.number, place.is_last_of_module) == (1, 2, True)
    assert (place.previous.pk, place.next.pk) == (lessons[0].pk, lessons[2].pk)
    assert tree.place_of(lessons[0].pk).previous is tree.place_of(lessons[3].pk).next is None
    lessons[0].unpublish()
    assert live_tree(course_path=course.path).place_of(lessons[0].pk) is None


@pytest.mark.parametrize(
    ("done", "behind", "step"),
    [([0], None, 1), ([2], 2, 3), ([1, 2, 3], 3, 0), ([0, 1, 2, 3], None, None)],
    ids=["first unread", "behind what was just read", "back to what was skipped", "all done"],
)
def test_next_step_is_a_lesson_that_is_not_read(enrolment, lessons, done, behind, step):
    read(enrolment, *(lessons[number] for number in done))

    after = None if behind is None else lessons[behind]
    assert step_after(enrolment, after) == (None if step is None else (False, lessons[step].pk))


def test_next_step_passes_over_a_quiz_without_attempts_left(enrolment, modules, lessons):
    quiz = make_quiz(modules[0])
    set_fields(quiz, max_attempts=1)
    refreeze()
    read(enrolment, lessons[0], lessons[1])
    take(enrolment, quiz, EVENING, right=0)

    assert step_after(enrolment, lessons[1]) == (False, lessons[2].pk)


def opened(enrolment, *lessons):
    for number, lesson in enumerate(lessons):
        LessonOpening.objects.create(
            enrolment=enrolment, lesson=lesson, opened_at=EVENING + timedelta(hours=number)
        )


def test_next_step_is_the_lesson_in_which_one_stopped_oneself(run, enrolment, lessons):
    opened(EnrolmentFactory(run=run, unit=unit("13387")), lessons[2])
    assert step_after(enrolment) == (False, lessons[0].pk)

    opened(enrolment, lessons[0], lessons[2])
    assert step_after(enrolment) == (False, lessons[2].pk)


def test_next_step_goes_on_behind_the_lesson_in_which_one_stopped(enrolment, modules, lessons):
    quiz = make_quiz(modules[0])
    opened(enrolment, lessons[0], lessons[1])
    read(enrolment, lessons[1])

    assert step_after(enrolment) == (True, quiz.pk)
    assert step_after(enrolment, lessons[0]) == (True, quiz.pk)


def test_next_step_is_never_further_reading_that_one_looked_at(enrolment, lessons):
    set_fields(lessons[2], is_required=False)
    refreeze()
    opened(enrolment, lessons[2])

    assert step_after(enrolment) == (False, lessons[3].pk)


def test_next_step_in_a_module_stays_there_until_it_is_done(enrolment, modules, lessons):
    quiz = make_quiz(modules[0])

    def step_in(number):
        tree = tree_of(enrolment=enrolment)
        step = tree.next_step_in(tree.modules[number])
        return step and step.pk

    opened(enrolment, lessons[3])
    assert (step_in(0), step_in(1)) == (lessons[0].pk, lessons[3].pk)
    read(enrolment, lessons[0], lessons[1])
    assert step_in(0) == quiz.pk
    take(enrolment, quiz, EVENING, right=2)
    assert step_in(0) == lessons[2].pk
    read(enrolment, lessons[2], lessons[3])
    assert (step_in(0), step_in(1)) == (None, None)


def test_what_is_left_is_told_in_lessons_and_minutes(enrolment, lessons):
    for lesson, minutes in zip(lessons, (5, 7, 11, 13), strict=True):
        set_fields(lesson, minutes=minutes)
    set_fields(lessons[1], is_required=False)
    refreeze()
    read(enrolment, lessons[2])

    tree = tree_of(enrolment=enrolment)

    left = [(module.lessons_left, module.minutes_left) for module in tree.modules]
    assert left == [(1, 5), (1, 13)]
    read(enrolment, lessons[0], lessons[1])
    done = tree_of(enrolment=enrolment).modules[0]
    assert (done.read_count, done.required_count, done.is_done) == (1, 1, True)
    assert (tree.lessons_left, tree.minutes_left) == (2, 18)


def test_annotate_reading_counts_each_enrolment_by_itself_whatever_becomes_of_the_pages(
    enrolment, course, lessons
):
    other_course = make_course(code="khac", modules=1, lessons=3)
    other = EnrolmentFactory(run=make_run(other_course, unit("353")), unit=unit("13591"))
    read(enrolment, lessons[0], lessons[1])

    def counted():
        found = annotate_reading(Enrolment.objects.order_by("pk"))
        return [(one.pk, one.lessons_read, one.lessons_total) for one in found]

    before = counted()
    assert before == [(enrolment.pk, 2, 4), (other.pk, 0, 3)]
    for page in course.get_descendants(inclusive=True):
        page.specific.unpublish()
    assert counted() == before


def test_annotate_reading_leaves_out_what_does_not_count(enrolment, modules, lessons):
    read(enrolment, *lessons)
    set_fields(lessons[0], is_required=False)
    modules[1].unpublish()
    refreeze()

    counted = annotate_reading(Enrolment.objects.filter(pk=enrolment.pk)).get()

    assert (counted.lessons_read, counted.lessons_total) == (1, 1)
