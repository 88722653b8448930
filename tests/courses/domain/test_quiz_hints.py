"""An explanation or feedback that names the right answer, and what cannot be known."""

from types import SimpleNamespace

import pytest

from courses.domain.quiz_hints import names_answer
from courses.enums import QuestionKind


def put(kind, *options):
    return SimpleNamespace(kind=kind, options=list(options))


def choice(*texts, right=0):
    made = [{"id": at, "text": text, "is_correct": at == right} for at, text in enumerate(texts)]
    return put(QuestionKind.SINGLE, *made)


THREE = choice("Báo ngay cho 111", "Chờ gia đình đồng ý", "Không làm gì")
PAIRS = put(
    QuestionKind.MATCHING,
    {"text": "Bị đánh", "match": "Báo ngay"},
    {"text": "Nghỉ học", "match": "Hỏi thăm"},
    # Only to mislead: it is the partner of nothing.
    {"text": "", "match": "Mặc kệ"},
)


@pytest.mark.parametrize(
    ("version", "text", "names"),
    [
        (THREE, "Phải báo ngay cho 111, không chờ ai.", True),
        (THREE, "PHAI BAO NGAY CHO 111", True),
        (THREE, "Luật nói “có thông tin”, không nói “chứng minh được”.", False),
        (THREE, "Báo cho 111 ngay.", False),
        (THREE, "Chờ gia đình đồng ý là mất thời gian.", False),
        (THREE, "Đáp án đúng là A.", True),
        (THREE, "Chọn A vì luật nói thế.", True),
        (THREE, "", False),
        (choice("Đúng", "Sai"), "Điều này đúng.", False),
        (choice("", "B", "C"), "Gì cũng được.", False),
        (PAIRS, "Trẻ bị đánh thì báo ngay.", True),
        (PAIRS, "Trẻ bị đánh thì hỏi thăm.", False),
        (put(QuestionKind.ORDERING, {"text": "Chào"}), "Chào trước.", False),
        (put(QuestionKind.NUMBER, {"text": "12"}), "Trong vòng 12 giờ.", True),
        (put(QuestionKind.NUMBER, {"text": "12"}), "Trong vòng 120 giờ.", False),
        (put(QuestionKind.SHORT_TEXT, {"text": "bỏ mặc"}), "Là bỏ mặc trẻ.", True),
    ],
)
def test_names_answer(version, text, names):
    assert names_answer(version=version, text=text) == names
