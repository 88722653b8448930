import pytest

from courses.domain.course_tree import annotate_reading, course_map, next_step
from courses.domain.lessons import complete_lesson, outline
from courses.models import Enrolment, ModulePage
from tests.courses.views.conftest import take
from tests.factories.courses import EVENING, EnrolmentFactory, make_course, make_quiz, make_run
from tests.factories.geography import unit
from tests.factories.rows import set_fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(edition):
    return make_course(modules=2, lessons=2)


@pytest.fixture
def modules(course):
    return list(ModulePage.objects.child_of(course).order_by("path"))


def read(enrolment, *lessons):
    for lesson in lessons:
        complete_lesson(enrolment=enrolment, lesson=lesson, at=EVENING)


def step_after(enrolment, lesson=None):
    lines = outline(enrolment=enrolment)
    return next_step(lines=lines, after=lesson.pk if lesson else None)


def test_course_map_is_one_query(course, enrolment, django_assert_num_queries):
    with django_assert_num_queries(1):
        mapped = course_map(course_path=course.path, enrolment=enrolment)

    assert mapped.title == "Dự án 2"
    assert [(m.number, m.title, len(m.lessons)) for m in mapped.modules] == [
        (1, "Chuyên đề 1", 2),
        (2, "Chuyên đề 2", 2),
    ]


def test_course_map_marks_what_this_enrolment_has_read(course, enrolment, lessons):
    other = EnrolmentFactory(run=enrolment.run, unit=unit("13387"))
    read(enrolment, lessons[1])
    read(other, lessons[0])

    mapped = course_map(course_path=course.path, enrolment=enrolment)

    assert [lesson.is_read for lesson in mapped.modules[0].lessons] == [False, True]
    assert (mapped.read_count, mapped.required_count) == (1, 4)


def test_course_map_counts_further_reading_apart(course, enrolment, lessons):
    set_fields(lessons[0], is_required=False)
    read(enrolment, lessons[0])

    mapped = course_map(course_path=course.path, enrolment=enrolment)

    assert (mapped.read_count, mapped.required_count) == (0, 3)


def test_course_map_names_the_quiz_of_a_module(course, modules):
    quiz = make_quiz(modules[1])

    mapped = course_map(course_path=course.path)

    assert [module.quiz_id for module in mapped.modules] == [None, quiz.pk]


def test_course_map_leaves_out_lessons_of_an_unpublished_module(course, modules):
    modules[0].unpublish()

    mapped = course_map(course_path=course.path)

    assert [module.title for module in mapped.modules] == ["Chuyên đề 2"]


def test_course_map_of_an_unpublished_course_is_none(course):
    course.unpublish()

    assert course_map(course_path=course.path) is None


def test_place_of_knows_the_neighbours_across_modules(course, lessons):
    place = course_map(course_path=course.path).place_of(lessons[1].pk)

    assert place.module.number == 1
    assert place.number == 2
    assert place.is_last_of_module
    assert (place.previous.pk, place.next.pk) == (lessons[0].pk, lessons[2].pk)


def test_place_of_the_first_and_last_lesson_has_an_open_end(course, lessons):
    mapped = course_map(course_path=course.path)

    assert mapped.place_of(lessons[0].pk).previous is None
    assert mapped.place_of(lessons[3].pk).next is None


def test_place_of_an_unpublished_lesson_is_none(course, lessons):
    lessons[0].unpublish()

    assert course_map(course_path=course.path).place_of(lessons[0].pk) is None


def test_next_step_is_the_first_unread_lesson(enrolment, lessons):
    read(enrolment, lessons[0])

    assert step_after(enrolment).lesson == lessons[1]


def test_next_step_goes_on_behind_the_lesson_just_read(enrolment, lessons):
    read(enrolment, lessons[2])

    assert step_after(enrolment, lessons[2]).lesson == lessons[3]


def test_next_step_comes_back_to_what_was_skipped(enrolment, lessons):
    read(enrolment, lessons[1], lessons[2], lessons[3])

    assert step_after(enrolment, lessons[3]).lesson == lessons[0]


def test_next_step_after_a_module_is_its_quiz(enrolment, modules, lessons):
    quiz = make_quiz(modules[0])
    read(enrolment, lessons[0], lessons[1])

    assert step_after(enrolment, lessons[1]).quiz == quiz


def test_next_step_passes_over_a_passed_quiz(enrolment, modules, lessons):
    quiz = make_quiz(modules[0])
    read(enrolment, lessons[0], lessons[1])
    take(enrolment, quiz, EVENING, right=2)

    assert step_after(enrolment, lessons[1]).lesson == lessons[2]


def test_next_step_passes_over_a_quiz_without_attempts_left(enrolment, modules, lessons):
    quiz = make_quiz(modules[0])
    set_fields(quiz, max_attempts=1)
    read(enrolment, lessons[0], lessons[1])
    take(enrolment, quiz, EVENING, right=0)

    assert step_after(enrolment, lessons[1]).lesson == lessons[2]


def test_next_step_passes_over_further_reading(enrolment, lessons):
    set_fields(lessons[0], is_required=False)

    assert step_after(enrolment).lesson == lessons[1]


def test_next_step_is_none_when_all_is_done(enrolment, lessons):
    read(enrolment, *lessons)

    assert step_after(enrolment) is None


def test_annotate_reading_counts_each_enrolment_by_itself(enrolment, lessons):
    other_course = make_course(code="khac", modules=1, lessons=3)
    other = EnrolmentFactory(run=make_run(other_course, unit("353")), unit=unit("13591"))
    read(enrolment, lessons[0], lessons[1])

    counted = annotate_reading(Enrolment.objects.order_by("pk"))

    assert [(one.pk, one.lessons_read, one.lessons_total) for one in counted] == [
        (enrolment.pk, 2, 4),
        (other.pk, 0, 3),
    ]


def test_annotate_reading_leaves_out_what_does_not_count(enrolment, modules, lessons):
    read(enrolment, *lessons)
    set_fields(lessons[0], is_required=False)
    modules[1].unpublish()

    counted = annotate_reading(Enrolment.objects.filter(pk=enrolment.pk)).get()

    assert (counted.lessons_read, counted.lessons_total) == (1, 1)
