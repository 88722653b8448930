"""Questions of the bank, taken in from a list."""

import pytest
from django.utils import timezone

from courses.models import Question, QuestionOption, QuizAnswer, QuizAttempt, QuizQuestion
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import assign_role
from lms.core.refusal import Refusal
from lms.importing.domain.undoing import ask_to_undo, undo
from tests.factories.accounts import UserFactory
from tests.factories.courses import EnrolmentFactory, make_course, make_quiz, make_run
from tests.factories.geography import unit
from tests.factories.importing import outcomes, rehearsed, sheet, take_back, upload, write

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite("search: LIKE, case and order of letters")]

HEADER = (
    "Mã câu hỏi", "Câu hỏi", "Phương án A", "Phương án B", "Phương án C", "Đáp án đúng",
    "Giải thích", "Nguồn", "Thời điểm", "Chuyên đề",
)  # fmt: skip


@pytest.fixture
def quiz():
    course = make_course()
    return make_quiz(course.get_children().first().specific, questions=1)


def row(**changes):
    cells = {
        "key": "M09-Q01",
        "text": "Một cộng một bằng mấy?",
        "a": "Hai",
        "b": "Ba",
        "c": "Bốn",
        "right": "A",
        "why": "Đếm trên ngón tay.",
        "source": "Sách mẫu",
        "as_of": "2014",
        "module": "",
    }
    return tuple((cells | changes).values())


def listed(*rows, by):
    return rehearsed(sheet(*rows, header=HEADER), by=by, kind="questions")


def test_question_is_written_with_its_answers_at_the_end_of_the_quiz(trainer, quiz):
    batch = listed(row(module=quiz.module.code), by=trainer)
    assert outcomes(batch) == ["new"]
    write(batch)

    question = Question.objects.get(key="M09-Q01")
    assert (question.kind, question.explanation, question.source, question.as_of) == (
        "single",
        "Đếm trên ngón tay.",
        "Sách mẫu",
        "2014",
    )
    assert list(question.options.values_list("text", "is_correct")) == [
        ("Hai", True),
        ("Ba", False),
        ("Bốn", False),
    ]
    assert quiz.quiz_questions.order_by("sort_order").last().question == question
    assert "mot cong mot" in question.search_text


def test_undo_takes_question_answers_and_place_back(trainer, quiz):
    before = [list(model.objects.values()) for model in (Question, QuestionOption, QuizQuestion)]
    batch = write(listed(row(module=quiz.module.code), by=trainer))

    ask_to_undo(batch=batch, by=trainer, at=timezone.now())
    undo(batch_id=batch.pk)

    after = [list(model.objects.values()) for model in (Question, QuestionOption, QuizQuestion)]
    assert after == before


@pytest.mark.parametrize("right", ["A, C", "a và c", "1;3", "AC", "Đáp án A, C"])
def test_several_right_answers_are_read_as_people_write_them(trainer, edition, right):
    write(listed(row(right=right), by=trainer))

    question = Question.objects.get()
    assert question.kind == "multiple"
    rights = question.options.filter(is_correct=True).values_list("text", flat=True)
    assert list(rights) == ["Hai", "Bốn"]


def test_written_list_comes_back_as_same_and_changed_texts_are_written(trainer, quiz):
    write(listed(row(module=quiz.module.code), by=trainer))
    assert outcomes(listed(row(module=quiz.module.code), by=trainer)) == ["same"]

    batch = listed(row(why="Hai ngón tay."), by=trainer)
    assert batch.rows.get().changes == [["explanation", "Đếm trên ngón tay.", "Hai ngón tay."]]
    write(batch)

    assert Question.objects.get(key="M09-Q01").explanation == "Hai ngón tay."


@pytest.mark.parametrize("change", [{"right": "B"}, {"a": "Hai mươi"}])
def test_answers_of_a_known_question_are_not_changed_by_a_list(trainer, edition, change):
    write(listed(row(), by=trainer))

    assert outcomes(listed(row(**change), by=trainer)) == ["error"]


@pytest.mark.parametrize(
    ("change", "cell"),
    [
        ({"right": ""}, "right"),
        ({"right": "D"}, "right"),
        ({"b": "", "c": ""}, "right"),
        ({"why": ""}, "explanation"),
        ({"source": ""}, "source"),
        ({"as_of": ""}, "as_of"),
        ({"module": "Không có"}, "module"),
        ({"key": "M 1"}, "key"),
        ({"key": "M" * 41}, "key"),
    ],
)
def test_what_is_wrong_is_told_in_its_cell(trainer, edition, change, cell):
    assert cell in listed(row(**change), by=trainer).rows.get().errors


def test_same_key_twice_is_an_error(trainer, edition):
    assert outcomes(listed(row(), row(), by=trainer)) == ["new", "error"]


def test_coordinator_may_not_import_questions(edition):
    user = UserFactory()
    assign_role(user=user, role=Role.COORDINATOR, unit=unit("350"))

    with pytest.raises(Refusal):
        upload(sheet(row(), header=HEADER), by=user, kind="questions")


def test_question_that_was_answered_stays_with_its_answers(trainer, quiz):
    batch = write(listed(row(module=quiz.module.code), by=trainer))
    question = Question.objects.get(key="M09-Q01")
    run = make_run(quiz.module.get_parent().specific, unit("350"))
    attempt = QuizAttempt.objects.create(
        enrolment=EnrolmentFactory(run=run, unit=unit("13387")),
        quiz=quiz,
        number=1,
        started_at=timezone.now(),
    )
    QuizAnswer.objects.create(attempt=attempt, question=question, answered_at=timezone.now())

    assert take_back(batch) == {"Câu hỏi này đã có người trả lời."}
    assert question.options.count() == 3


def test_text_comes_back_unless_it_was_changed_again(trainer, edition):
    write(listed(row(), by=trainer))
    first = write(listed(row(why="Hai ngón tay."), by=trainer))
    assert take_back(first) == set()
    assert Question.objects.get().explanation == "Đếm trên ngón tay."

    second = write(listed(row(why="Hai ngón tay."), by=trainer))
    Question.objects.update(explanation="Sửa tay.")
    assert take_back(second) == {"Câu hỏi này đã được sửa hoặc xoá sau đó."}
    assert Question.objects.get().explanation == "Sửa tay."
