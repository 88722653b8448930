"""Questions of the bank, taken in from a list."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from courses.domain.question_import import ANSWERED_SINCE, CHANGED_SINCE
from courses.domain.questions import TO_COMPLETE
from courses.enums import QuestionKind
from courses.models import (
    LessonPage,
    Question,
    QuestionOption,
    QuizAttempt,
    QuizQuestion,
)
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import assign_role
from lms.core.refusal import Refusal
from lms.importing.domain.undoing import ask_to_undo, undo
from tests.factories.accounts import UserFactory, browse
from tests.factories.courses import (
    EnrolmentFactory,
    make_course,
    make_quiz,
    make_run,
    put_question,
)
from tests.factories.geography import unit
from tests.factories.importing import outcomes, rehearsed, sheet, take_back, upload, write
from tests.shared import shared

on_sqlite_too = pytest.mark.sqlite("rows that are found again by their words, and undone")

HEADER = (
    "Mã câu hỏi", "Câu hỏi", "Phương án A", "Phương án B", "Phương án C", "Đáp án đúng",
    "Giải thích", "Nguồn", "Thời điểm", "Chuyên đề",
)  # fmt: skip


@shared
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


@on_sqlite_too
def test_question_is_written_with_answers_at_the_end_of_the_quiz_and_taken_back(trainer, quiz):
    def rows():
        return [list(model.objects.values()) for model in (Question, QuestionOption, QuizQuestion)]

    before = rows()
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
    options = question.options.values_list("text", "is_correct")
    assert list(options) == [("Hai", True), ("Ba", False), ("Bốn", False)]
    assert quiz.quiz_questions.order_by("sort_order").last().question == question
    assert "mot cong mot" in question.search_text

    ask_to_undo(batch=batch, by=trainer, at=timezone.now())
    undo(batch_id=batch.pk)
    assert rows() == before


@on_sqlite_too
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
        ({"right": "Hai mươi"}, "right"),
        ({"b": "", "c": ""}, "right"),
        ({"b": "hai"}, "right"),
        ({"module": "Không có"}, "module"),
        ({"key": "M 1"}, "key"),
        ({"key": "M" * 41}, "key"),
    ],
)
def test_what_is_wrong_is_told_in_its_cell(trainer, edition, change, cell):
    assert cell in listed(row(**change), by=trainer).rows.get().errors


@pytest.mark.parametrize(
    "twice", [{"key": "m09-q01", "text": "Khác?"}, {"key": "M09-Q02"}, {"key": ""}]
)
def test_same_question_twice_is_an_error(trainer, edition, twice):
    assert outcomes(listed(row(), row(**twice), by=trainer)) == ["new", "error"]


# --- The cell with the right answers


@pytest.mark.parametrize(
    ("right", "texts"),
    [("C", ["Bốn"]), ("ba", ["Ba"]), ("Chọn 1", ["Hai"]), ("A, C", ["Hai", "Bốn"])],
)
def test_rehearsal_shows_the_text_of_the_right_answers(trainer, edition, right, texts):
    noted = listed(row(right=right), by=trainer).rows.get().notes["right"]

    assert re.findall("“(.+?)”", noted) == texts


def test_rehearsal_says_in_words_what_is_written(trainer, edition):
    batch = listed(row(right="A, C"), row(key="M09-Q02", text="Một?", right="tất cả"), by=trainer)
    page = browse(trainer).get(reverse("imports:inspect", args=[batch.pk]))

    good, bad = (line["sentence"] for line in page.context["table"]["lines"])
    assert str(QuestionKind.MULTIPLE.label) in good
    assert "“Hai”; “Bốn”" in good
    assert bad.endswith("Đáp án đúng.")


@pytest.mark.parametrize(
    ("cells", "kind", "rights"),
    [
        ({"right": "a và c"}, "multiple", ["Hai", "Bốn"]),
        ({"a": "Đúng", "b": "Sai", "c": "", "right": "Sai"}, "true_false", ["Sai"]),
    ],
)
def test_answers_make_the_kind_of_the_question(trainer, edition, cells, kind, rights):
    write(listed(row(**cells), by=trainer))

    question = Question.objects.get()
    assert question.kind == kind
    right = question.options.filter(is_correct=True).values_list("text", flat=True)
    assert list(right) == rights


def test_letters_and_numbers_of_the_list_stay_out_of_the_texts(trainer, edition):
    changes = {"text": "Câu 7. Mấy tuổi?", "a": "A. 14", "b": "B. 15", "c": "C. 16"}
    write(listed(row(**changes, right="B. 15"), by=trainer))

    question = Question.objects.get()
    assert question.text == "Mấy tuổi?"
    assert [option.text for option in question.options.all()] == ["14", "15", "16"]
    assert outcomes(listed(row(**changes, right="2"), by=trainer)) == ["same"]
    # A number that is an answer itself is read as that answer, with a warning.
    batch = listed(row(key="M09-Q02", text="Mấy?", a="3", b="4", c="5", right="3"), by=trainer)
    assert "right" in batch.rows.get().warnings
    write(batch)
    assert Question.objects.get(key="M09-Q02").options.get(is_correct=True).text == "3"


# --- A list that lacks what can follow


BARE = ("Câu hỏi", "A", "B", "Đáp án", "Chuyên đề")


def bare(*rows, by):
    return rehearsed(sheet(*rows, header=BARE), by=by, kind="questions")


@on_sqlite_too
def test_keys_are_proposed_and_the_rest_is_marked_as_missing(trainer, quiz):
    code = quiz.module.code
    rows = [("Một?", "1", "2", "A", code), ("?", "1", "2", "", code), ("Hai?", "1", "2", "B", code)]
    batch = bare(*rows, ("Ba?", "1", "2", "A", ""), by=trainer)

    assert outcomes(batch) == ["new", "error", "new", "new"]
    first = batch.rows.get(number=2)
    assert first.warnings.keys() == {"missing"}
    write(batch)

    keys = Question.objects.exclude(pk__in=quiz.quiz_questions.values("question")[:1])
    assert list(keys.values_list("key", "text")) == [
        ("CH-Q01", "Ba?"),
        ("M01-Q02", "Một?"),
        ("M01-Q03", "Hai?"),
    ]
    assert set(Question.objects.filter(TO_COMPLETE)) == set(keys)


@on_sqlite_too
def test_list_without_keys_is_known_again_by_its_words(trainer, quiz):
    rows = [("Cái nào đúng?", "1", "2", "A", ""), ("Cái nào đúng?", "3", "4", "A", "")]
    write(bare(*rows, by=trainer))

    assert outcomes(bare(*rows, by=trainer)) == ["same", "same"]


def test_lesson_gives_source_and_date(trainer, quiz):
    lesson = LessonPage.objects.child_of(quiz.module).first()
    LessonPage.objects.filter(pk=lesson.pk).update(sources="Luật 2004\nQuyết định", as_of="2013")
    header = (*BARE, "Bài học")
    file = sheet(("Một?", "1", "2", "A", quiz.module.code, lesson.title), header=header)
    write(rehearsed(file, by=trainer, kind="questions"))

    question = Question.objects.get(text="Một?")
    assert (question.lesson, question.source, question.as_of) == (lesson, "Luật 2004", "2013")


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
    put_question(attempt, question, answered_at=timezone.now())

    assert take_back(batch) == {ANSWERED_SINCE}
    assert question.options.count() == 3


@on_sqlite_too
def test_text_comes_back_unless_it_was_changed_again(trainer, edition):
    write(listed(row(), by=trainer))
    first = write(listed(row(why="Hai ngón tay."), by=trainer))
    assert take_back(first) == set()
    assert Question.objects.get().explanation == "Đếm trên ngón tay."

    second = write(listed(row(why="Hai ngón tay."), by=trainer))
    Question.objects.update(explanation="Sửa tay.")
    assert take_back(second) == {CHANGED_SINCE}
    assert Question.objects.get().explanation == "Sửa tay."


@pytest.mark.parametrize(
    ("kind", "answers", "right", "outcome", "stored"),
    [
        ("Ghép cặp", ["a -> 1", "b → 2"], "", "new", [("a", "1", ""), ("b", "2", "")]),
        ("Nối", ["a -> 1", "b"], "", "error", []),
        ("Sắp xếp", ["a", "b", "c"], "A, B", "new", [("a", "", ""), ("b", "", ""), ("c", "", "")]),
        ("Điền số", ["1,5 +- 0,5"], "", "new", [("1,5", "", "0,5")]),
        ("Điền số", [], "16", "new", [("16", "", "")]),
        ("Điền số", [], "1.500", "error", []),
        (
            "Trả lời ngắn",
            [],
            "bỏ mặc; sao nhãng",
            "new",
            [("bỏ mặc", "", ""), ("sao nhãng", "", "")],
        ),
        ("Trả lời ngắn", [], "", "error", []),
    ],
)
def test_each_kind_is_taken_in(trainer, edition, kind, answers, right, outcome, stored):
    row = ["Câu?", *answers, *[""] * (3 - len(answers)), right, kind]
    head = ["Câu hỏi", "Phương án A", "Phương án B", "Phương án C", "Đáp án đúng", "Loại câu hỏi"]
    file = "\n".join(";".join(f'"{cell}"' for cell in line) for line in (head, row))

    batch = rehearsed(SimpleUploadedFile("a.csv", file.encode()), by=trainer, kind="questions")

    assert outcomes(batch) == [outcome]
    if outcome == "new":
        write(batch)
    columns = ("text", "match", "tolerance")
    assert list(QuestionOption.objects.order_by("pk").values_list(*columns)) == stored
