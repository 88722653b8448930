"""What a class asks holds still, whatever becomes of the pages."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from courses.domain.completion import evaluate_many, find_progress
from courses.domain.editions import freeze_edition
from courses.domain.runs import open_run, set_requirements
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import (
    CourseEdition,
    CoursePage,
    CourseRun,
    LessonPage,
    ModulePage,
    Question,
    QuestionVersion,
)
from tests.courses.views.conftest import take
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
from tests.factories.rows import set_fields, status_of
from tests.refusing import raises_refusal
from tests.shared import shared

LATER = EVENING + timedelta(days=30)


def add_lesson(module, **fields):
    return module.add_child(
        instance=LessonPage(title="Bài thêm", slug="bai-them", as_of="2014", body=[], **fields)
    )


def first_module(course):
    return ModulePage.objects.child_of(course).order_by("path").first()


def first_lesson(course):
    return LessonPage.objects.descendant_of(course).order_by("path").first()


def take_down_everything(course):
    for page in course.get_descendants(inclusive=True).specific():
        page.unpublish()


def move_lesson_to_another_course(course):
    other = make_course(code="khac", modules=1, lessons=1)
    set_fields(first_lesson(course), slug="bai-chuyen-di")
    first_lesson(course).move(first_module(other), pos="last-child")


def move_quiz_to_another_module(course):
    quiz = first_module(course).quiz
    other = course.add_child(instance=ModulePage(title="Mới", slug="moi", code="M9", as_of="2014"))
    set_fields(quiz, module=other)


def add_alias(course):
    other = make_course(code="khac", modules=1, lessons=1)
    first_lesson(other).create_alias(parent=first_module(course), update_slug="bai-dan")


def copy_course(course):
    course.copy(update_attrs={"slug": "ban-sao", "code": "ban-sao", "title": "Bản sao"})


CHANGES = {
    "everything is taken down": take_down_everything,
    "a module is taken down": lambda course: first_module(course).unpublish(),
    "a lesson is taken down": lambda course: first_lesson(course).unpublish(),
    "a required lesson comes in": lambda course: add_lesson(first_module(course)),
    "a lesson no longer counts": lambda course: set_fields(first_lesson(course), is_required=False),
    "a lesson takes longer": lambda course: set_fields(first_lesson(course), minutes=60),
    "a lesson goes to another course": move_lesson_to_another_course,
    "an alias comes in": add_alias,
    "the course is copied": copy_course,
    "a question leaves the quiz": lambda course: (
        first_module(course).quiz.quiz_questions.first().delete()
    ),
    "all questions leave the quiz": lambda course: (
        first_module(course).quiz.quiz_questions.all().delete()
    ),
    "the quiz allows one attempt": lambda course: set_fields(
        first_module(course).quiz, max_attempts=1
    ),
    "the quiz goes to another module": move_quiz_to_another_module,
}


@shared
def people(run, lessons, quiz):
    """One who has completed, one who lacks the quiz, one who has done nothing."""
    ask(run, lessons={"percent": 100}, quizzes={"pass_percent": 50})
    done, half, nothing = (EnrolmentFactory(run=run, unit=unit("13384")) for _ in range(3))
    for enrolment in (done, half):
        read_lessons(enrolment, *lessons)
    take(done, quiz, EVENING, right=2)
    assert [status_of(one) for one in (done, half)] == ["completed", "active"]
    return done, half, nothing


def judge(run, **how):
    run = CourseRun.objects.get(pk=run.pk)
    everybody = list(run.enrolments.values_list("pk", flat=True))
    changed = evaluate_many(run=run, enrolment_ids=everybody, at=LATER, **how)
    return [enrolment.pk for enrolment in changed]


def figures(run):
    """What is found now, whatever the rows say."""
    rows = find_progress(run=run, enrolment_ids=list(run.enrolments.values_list("pk", flat=True)))
    return [(row.enrolment_id, row.criterion, row.achieved, row.required) for row in rows]


@pytest.mark.parametrize(("name", "change"), CHANGES.items(), ids=CHANGES.keys())
def test_change_of_content_changes_nobody_and_makes_a_new_edition(
    run, course, people, name, change
):
    before = figures(run)

    change(course)
    assert judge(run) == []
    assert figures(run) == before
    people[0].refresh_from_db()
    assert people[0].completed_edition == run.edition
    made = freeze_edition(course=CoursePage.objects.get(pk=course.pk), at=LATER)
    assert made.number == (1 if name == "the course is copied" else 2)


def test_better_wording_makes_no_new_edition(run, course, quiz, lessons):
    set_fields(lessons[0], title="Bài đã sửa lỗi chính tả")
    Question.objects.update(text="Câu hỏi đã sửa")

    assert freeze_edition(course=course, at=LATER) == run.edition


def test_edition_holds_what_was_asked(run, course, module, lessons, quiz):
    edition = freeze_edition(course=course, at=LATER)

    [row] = edition.modules.all()
    assert (row.page, row.code, row.quiz.quiz) == (module, "M01", quiz)
    assert list(edition.lessons.values_list("lesson", "position", "minutes", "is_required")) == [
        (lessons[0].pk, 1, 8, True),
        (lessons[1].pk, 2, 8, True),
    ]
    versions = [asked.version for asked in row.quiz.questions.all()]
    assert [version.number for version in versions] == [1, 1]
    assert [option["is_correct"] for option in versions[0].options] == [True, False]


def test_later_edition_uses_the_versions_that_nothing_changed(run, course, quiz):
    question = Question.objects.order_by("key").first()
    set_fields(question, text="Câu hỏi khác")
    add_lesson(first_module(course))

    freeze_edition(course=course, at=LATER)

    numbers = QuestionVersion.objects.order_by("question__key", "number")
    assert list(numbers.values_list("question__key", "number")) == [
        ("M01-Q01", 1),
        ("M01-Q01", 2),
        ("M01-Q02", 1),
    ]


@shared
def planned(course):
    return make_run(course, unit("350"), status=RunStatus.PLANNED, edition=None)


def test_open_run_freezes_the_course_once_for_all_classes(course, lessons, planned):
    other = make_run(course, unit("350"), status=RunStatus.PLANNED, edition=None)

    open_run(run=planned, at=EVENING)
    open_run(run=other, at=LATER)

    planned.refresh_from_db()
    other.refresh_from_db()
    assert planned.edition == other.edition
    assert (planned.edition.number, planned.edition.created_at) == (1, EVENING)


def test_open_run_with_nothing_to_learn_is_refused(course, planned):
    take_down_everything(course)

    with raises_refusal("nothing_to_learn"):
        open_run(run=planned, at=EVENING)

    planned.refresh_from_db()
    assert (planned.status, planned.edition) == (RunStatus.PLANNED, None)
    assert not CourseEdition.objects.exists()


@pytest.mark.parametrize("questions", [0, 2], ids=["without questions", "of drafts alone"])
def test_open_run_with_a_quiz_that_asks_nothing_is_refused(course, lessons, planned, questions):
    make_quiz(first_module(course), questions=questions)
    Question.objects.update(live=False)

    with raises_refusal("quiz_without_questions"):
        open_run(run=planned, at=EVENING)


def test_open_run_that_requires_what_the_course_has_not_is_refused(lessons, planned):
    ask(planned, lessons={"percent": 100}, quizzes={"pass_percent": 50})

    with raises_refusal("requirement_asks_nothing"):
        open_run(run=planned, at=EVENING)


def test_set_requirements_of_what_the_class_has_not_is_refused(run, lessons):
    with raises_refusal("requirement_asks_nothing"):
        set_requirements(run=run, requirements={"quizzes": {"pass_percent": 50}}, at=LATER)


def test_class_that_is_open_without_an_edition_is_impossible(planned):
    with pytest.raises(IntegrityError), transaction.atomic():
        set_fields(planned, status=RunStatus.OPEN)


def test_stricter_requirements_leave_a_completion_until_somebody_wants_it(run, quiz, people):
    done, half, _nothing = people
    lenient = {"lessons": {"percent": 100}}
    strict = lenient | {"attendance_hours": {"percent": 100}}
    assert changed_by(run, lenient) == [half.pk]

    assert changed_by(run, strict) == []
    done.refresh_from_db()
    assert (done.status, done.completed_version) == (EnrolmentStatus.COMPLETED, 1)
    assert changed_by(run, strict, take_back=True) == [done.pk, half.pk]


def changed_by(run, requirements, **how):
    changed = set_requirements(run=run, requirements=requirements, at=LATER, **how)
    return [enrolment.pk for enrolment in changed]


def test_completion_that_meets_neither_then_nor_now_is_taken_back(run, people):
    done = people[0]
    set_requirements(run=run, requirements={"lessons": {"percent": 100}}, at=LATER)
    done.lesson_completions.first().delete()

    assert done.pk in judge(run)


def test_completion_that_meets_what_is_asked_now_stands(run, people):
    done = people[0]
    set_requirements(run=run, requirements={"quizzes": {"pass_percent": 50}}, at=LATER)
    done.lesson_completions.all().delete()

    assert judge(run) == []


@pytest.mark.parametrize("thing", ["module", "lesson", "quiz", "question"])
def test_what_an_edition_names_is_protected(run, module, lessons, quiz, thing):
    row = {
        "module": module,
        "lesson": lessons[0],
        "quiz": quiz,
        "question": Question.objects.first(),
    }[thing]
    quiz.quiz_questions.all().delete()

    with pytest.raises(ProtectedError), transaction.atomic():
        row.delete()
