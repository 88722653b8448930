"""Questions leave the bank as a list and come back: nothing of them is lost or changed."""

from dataclasses import asdict

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.option_cells import read_option
from courses.enums import CHOICE_KINDS, QuestionKind
from courses.models import LessonPage, Question, QuestionCase, QuestionOption, QuizQuestion
from lms.accounts.enums import Role
from tests.chance import fewer_examples
from tests.courses.test_question_pictures import picture
from tests.factories.accounts import log_in
from tests.factories.importing import outcomes, rehearsed, write
from tests.factories.rows import set_fields

on_sqlite_too = pytest.mark.sqlite("order and case of letters")

LONG = "Trẻ em dưới 16 tuổi có quyền được bảo vệ. " * 30 + "Hết."
#: key, kind, text, explanation, answers; the right ones begin with a star.
BANK = [
    ("TV-Q01", "single", LONG, LONG, "*Một", "Hai"),
    ("tv-q02", "multiple", "Dòng 1\nDòng 2", "a\n\n  b", "*Bạo lực", "Xao nhãng", "*Xâm hại"),
    ("TV-Q03", "true_false", "Câu 3. Đúng hay sai?", "", "Đúng", "*Sai"),
    ("TV-Q04", "single", "Xã nào?", "x", "*Xã", "Huyện", "Số điện thoại", "Họ và tên", "Năm sinh"),
    ("TV-Q05", "single", "=1+1", "-1", "*+84", "@a", "'=2", "-"),
    ("TV-Q06", "multiple", "Nhóm máu?", "'", "*B", "A", "*AB", "O"),
    ("TV-Q07", "single", "Số mấy?", "1,5; 2", "2", "3", "*1", "1,2", "1.0", "0012"),
    ("TV-Q08", "single", "A. Nguyễn?", "x", "A. 14", "*B. 15", "C. 16"),
    ("TV-Q09", "multiple", '"Trích, dẫn"; và\t…', "“”", '*"a"', "b,c", "*d;e", "Cả A và B"),
    ("TV-Q10", "multiple", "Tổng cộng", "Người lập biểu", *(f"*{n}" for n in range(11, 19))),
    ("I", "single", "Mục?", "Ghi chú", "*a", "b"),
    ("K-1", "matching", "Ghép", "x", "A. Bị đánh → Báo -> ngay", "Ốm → Hỏi", "Bị doạ →Báo -> ngay"),
    ("K-2", "ordering", "Xếp", "x", "B", "A", "C → D", "1 ± 2"),
    ("K-3", "number", "Mấy giờ?", "x", "1,5 ± 0,5", "-3", "1500000"),
    ("K-4", "short_text", "Gọi là gì?", "x", "sao nhãng", "A", "1; 2"),
]  # fmt: skip


def put(key, kind, text, explanation, *answers):
    question = Question.objects.create(
        key=key, kind=kind, text=text, explanation=explanation, source="Luật 2004", as_of="2014"
    )
    QuestionOption.objects.bulk_create(
        QuestionOption(question=question, sort_order=place, **option_of(kind, answer, place))
        for place, answer in enumerate(answers)
    )
    return question


def option_of(kind, answer, place):
    is_correct = kind not in CHOICE_KINDS or answer.startswith("*")
    feedback = f"Vì {place}" if kind != "ordering" and place == 1 else ""
    option = read_option(kind, answer.removeprefix("*"), is_correct=is_correct, feedback=feedback)
    return asdict(option)


def taken_out(file_format, language="vi", **query):
    client = log_in(Role.TRAINER, "350")
    client.cookies["django_language"] = language
    address = reverse("questions:index")
    with override(language):
        response = client.get(address, {"export": file_format, **query})
    return SimpleUploadedFile(f"cau-hoi.{file_format}", b"".join(response.streaming_content))


def stored():
    columns = ("key", "kind", "text", "explanation", "source", "as_of", "lesson", "picture_alt")
    options = ("text", "is_correct", "match", "tolerance", "feedback")
    return [
        (*(getattr(one, name) for name in columns), list(one.options.values_list(*options)))
        for one in Question.objects.order_by("key")
    ]


@pytest.mark.parametrize("file_format", ["xlsx", "ods", pytest.param("csv", marks=on_sqlite_too)])
def test_bank_comes_back_as_same_in_every_row(trainer, edition, file_format):
    for question in BANK:
        put(*question)

    batch = rehearsed(taken_out(file_format), by=trainer, kind="questions")

    # The head of the file, and no row.
    assert {reason for _number, reason, *_text in batch.left_out} == {"title"}
    assert {row.cells["key"]: row.outcome for row in batch.rows.all()} == {
        question[0]: "same" for question in BANK
    }


@on_sqlite_too
def test_bank_of_another_installation_is_the_same(trainer, quiz):
    lesson = LessonPage.objects.child_of(quiz.module).first()
    # But for what a cell cannot hold: several lines, and numbers that the list gives.
    for question in (BANK[0], BANK[3], BANK[5], *BANK[9:]):
        put(*question)
    Question.objects.update(lesson=lesson)
    QuizQuestion.objects.create(quiz=quiz, question=Question.objects.get(key="TV-Q06"))
    before, asked = stored(), quiz.quiz_questions.count()
    file = taken_out("xlsx")
    quiz.quiz_questions.all().delete()
    Question.objects.all().delete()

    write(rehearsed(file, by=trainer, kind="questions"))

    assert stored() == before
    assert quiz.quiz_questions.count() == asked


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_of_the_list_that_leaves_is_constant(edition, django_assert_num_queries, rows):
    for question in BANK[:rows]:
        put(*question)
    client = log_in(Role.TRAINER, "350")
    address = reverse("questions:index")
    client.get(address)

    # One of them for the area of the reader, which the head tells.
    with django_assert_num_queries(14):
        b"".join(client.get(address, {"export": "csv"}).streaming_content)


def test_picture_and_case_come_back_and_are_never_changed(trainer, edition):
    case = QuestionCase.objects.create(title="Nhà bên sông", text="Một em …")
    question = put(*BANK[-1])
    shown = {"picture": picture(), "picture_alt": "Cửa", "case": case, "case_step": 2}
    set_fields(question, **shown)
    file = taken_out("csv").read()
    sent = SimpleUploadedFile("cau-hoi.csv", file)
    assert outcomes(rehearsed(sent, by=trainer, kind="questions")) == ["same"]
    set_fields(question, picture_alt="Khác")
    sent = SimpleUploadedFile("cau-hoi.csv", file)
    assert outcomes(rehearsed(sent, by=trainer, kind="questions")) == ["error"]
    question.delete()

    write(rehearsed(SimpleUploadedFile("cau-hoi.csv", file), by=trainer, kind="questions"))

    question = Question.objects.get()
    assert {name: getattr(question, name) for name in shown} == shown


@on_sqlite_too
@pytest.mark.parametrize("file_format", ["xlsx", "gift"])
def test_difficulty_and_tags_come_back(trainer, edition, file_format):
    question = put("TV-1", "single", "Gọi số nào?", "x", "*111", "113")
    set_fields(question, difficulty="hard", tags="Đường dây 111, gọi điện")
    file = taken_out(file_format)
    assert outcomes(rehearsed(file, by=trainer, kind="questions")) == ["same"]
    Question.objects.all().delete()

    write(rehearsed(file, by=trainer, kind="questions"))

    back = Question.objects.get()
    assert (back.difficulty, back.tags) == ("hard", "Đường dây 111, gọi điện")
    assert back.tag_index == "|duong day 111|goi dien|"


@on_sqlite_too
def test_number_that_a_list_writes_in_another_way_is_the_same(trainer, edition):
    put(*BANK[-2])
    rows = (
        "Mã câu hỏi;Câu hỏi;Phương án A;Phương án B;Phương án C\nK-3;Mấy giờ?;1.50 +- 0.5;-3,0;{}"
    )
    for third, outcome in (("1.500.000", "same"), ("1.500.001", "error"), ("1.500", "error")):
        sent = SimpleUploadedFile("a.csv", rows.format(third).encode())
        assert outcomes(rehearsed(sent, by=trainer, kind="questions")) == [outcome]


def test_list_in_english_comes_back(trainer, edition):
    put(*BANK[1])

    assert outcomes(rehearsed(taken_out("csv", "en"), by=trainer, kind="questions")) == ["same"]


WORDS = st.text(
    st.one_of(
        st.sampled_from("aăâbcdđeêưABCĐ 123.,;:=+-@'\"\n()–“”"),
        st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn")),
    ),
    min_size=1,
    max_size=30,
).filter(lambda text: text.lstrip("*").strip())
KINDS = st.sampled_from([QuestionKind.SINGLE, QuestionKind.MULTIPLE])
QUESTIONS = st.tuples(
    KINDS, WORDS, WORDS, st.lists(WORDS, min_size=2, max_size=8), st.integers(0, 7)
)


@fewer_examples(10)
@given(questions=st.lists(QUESTIONS, min_size=1, max_size=12))
@pytest.mark.parametrize("file_format", ["xlsx", pytest.param("csv", marks=on_sqlite_too)])
def test_any_texts_come_back_as_same(trainer, edition, file_format, questions):
    Question.objects.all().delete()
    for number, (kind, text, explanation, answers, right) in enumerate(questions):
        marked = [
            f"*{answer.lstrip('*')}" if place == right % len(answers) else answer.lstrip("*")
            for place, answer in enumerate(answers)
        ]
        put(f"Q{number:02d}", kind, text, explanation, *marked)

    assert set(outcomes(rehearsed(taken_out(file_format), by=trainer, kind="questions"))) == {
        "same"
    }
