"""The columns of a list of questions: one definition for lists that come in and that leave."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from courses.enums import Difficulty, QuestionKind
from courses.models import Question
from courses.resources.question_records import OPTION_COLUMNS, QuestionRecord, record_of
from lms.spreadsheets.import_rows import ImportColumn, RowResource

_WORDS_OF_AN_ANSWER = ("Phương án", "Đáp án", "Lựa chọn", "Trả lời")


def _option(sign: str, label: Promise) -> ImportColumn:
    aliases = (*(f"{word} {sign}" for word in _WORDS_OF_AN_ANSWER), sign)
    return ImportColumn(f"option_{sign}", label, aliases=aliases)


def _feedback(sign: str, label: Promise) -> ImportColumn:
    return ImportColumn(f"feedback_{sign}", label, aliases=(f"Nhận xét {sign}",))


class QuestionColumns(RowResource):
    """What a row of questions consists of; nothing but the question and its answers is needed."""

    key = ImportColumn("key", gettext_lazy("Question key"), aliases=("Mã câu hỏi", "Mã câu"))
    kind = ImportColumn(
        "kind",
        gettext_lazy("Kind of question"),
        aliases=("Loại câu hỏi", "Dạng câu hỏi", "Kiểu câu hỏi"),
    )
    text = ImportColumn(
        "text", gettext_lazy("Question"), aliases=("Câu hỏi", "Nội dung câu hỏi"), required=True
    )
    option_a = _option("a", gettext_lazy("Answer A"))
    option_b = _option("b", gettext_lazy("Answer B"))
    option_c = _option("c", gettext_lazy("Answer C"))
    option_d = _option("d", gettext_lazy("Answer D"))
    option_e = _option("e", gettext_lazy("Answer E"))
    option_f = _option("f", gettext_lazy("Answer F"))
    option_g = _option("g", gettext_lazy("Answer G"))
    option_h = _option("h", gettext_lazy("Answer H"))
    right = ImportColumn(
        "right",
        gettext_lazy("Which answers are correct"),
        aliases=("Đáp án đúng", "Đáp án", "Phương án đúng", "Trả lời đúng", "Correct answers"),
    )
    feedback_a = _feedback("a", gettext_lazy("Feedback A"))
    feedback_b = _feedback("b", gettext_lazy("Feedback B"))
    feedback_c = _feedback("c", gettext_lazy("Feedback C"))
    feedback_d = _feedback("d", gettext_lazy("Feedback D"))
    feedback_e = _feedback("e", gettext_lazy("Feedback E"))
    feedback_f = _feedback("f", gettext_lazy("Feedback F"))
    feedback_g = _feedback("g", gettext_lazy("Feedback G"))
    feedback_h = _feedback("h", gettext_lazy("Feedback H"))
    explanation = ImportColumn(
        "explanation", gettext_lazy("Explanation"), aliases=("Giải thích", "Giải thích đáp án")
    )
    source = ImportColumn(
        "source", gettext_lazy("Source"), aliases=("Nguồn", "Căn cứ", "Trích nguồn")
    )
    as_of = ImportColumn(
        "as_of",
        gettext_lazy("The fact holds as of"),
        aliases=("Thời điểm", "Tính đến", "Năm áp dụng", "Thời điểm áp dụng"),
    )
    difficulty = ImportColumn("difficulty", gettext_lazy("Difficulty"), aliases=("Mức độ",))
    tags = ImportColumn("tags", gettext_lazy("Tags"), aliases=("Nhãn", "Từ khoá"))
    module = ImportColumn(
        "module", gettext_lazy("Module"), aliases=("Chuyên đề", "Mã chuyên đề", "Bài", "Mô đun")
    )
    lesson = ImportColumn(
        "lesson",
        gettext_lazy("Taught in the lesson"),
        aliases=("Bài học", "Học ở bài", "Tên bài học", "Học trong bài"),
    )
    picture = ImportColumn(
        "picture",
        gettext_lazy("Picture (name of its file)"),
        aliases=("Ảnh", "Hình", "Tên tệp ảnh"),
    )
    picture_alt = ImportColumn(
        "picture_alt", gettext_lazy("What the picture shows"), aliases=("Mô tả ảnh", "Lời tả ảnh")
    )
    case = ImportColumn(
        "case", gettext_lazy("Case in steps"), aliases=("Tình huống", "Tên tình huống")
    )
    case_step = ImportColumn("case_step", gettext_lazy("Step of a case"), aliases=("Bước",))

    def records(self, rows: Sequence[Question]) -> list[QuestionRecord]:
        """Return the questions, which come with `FETCHED`, as the list writes them."""
        return [record_of(question).as_told() for question in rows]

    @classmethod
    def said(cls, key: str, text: str, values: Mapping[str, str]) -> str:
        if key == "right" and text:
            return "; ".join(f"“{values.get(OPTION_COLUMNS[sign], sign.upper())}”" for sign in text)
        words = {"kind": QuestionKind, "difficulty": Difficulty}.get(key)
        return str(dict(words.choices).get(text, text)) if words and text else values[key]
