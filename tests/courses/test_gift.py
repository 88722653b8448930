"""Questions in GIFT, Moodle's text form: taken in, and given out as the same rows."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.option_cells import write_option
from courses.domain.question_options import WrittenOption
from courses.enums import QuestionKind
from courses.models import Question
from courses.resources.gift_reading import looks_like_gift, read_gift
from courses.resources.gift_writing import write_gift
from courses.resources.question_records import OPTION_COLUMNS, QuestionRecord
from lms.core.refusal import Refusal
from tests.courses.test_question_round_trip import BANK, put, stored, taken_out
from tests.factories.importing import outcomes, rehearsed, upload, write

# Written after the documentation of the format: each kind of question, as Moodle exports it.
MOODLE = r"""
// question: 0  name: Switch category to $course$/top/Bảo vệ trẻ em
$CATEGORY: $course$/top/Bảo vệ trẻ em


// question: 101  name: Đường dây nóng
// [id:TV-Q01] [tag:đường dây]
::Đường dây nóng::[html]<p>Số nào\: tổng đài <b>bảo vệ</b>&nbsp;trẻ em?</p>{
	=<p>111</p>#<p>Miễn phí, 24/24.</p>
	~<p>113</p>
	~<p>115</p>
}

::Một nửa::Trẻ em là người dưới {
    ~%50%14
    =16
    ~18 } tuổi.

Những hình thức nào? {
    ~%50%Bạo lực
    ~%-100%Cho đi học
    ~%50%Xao nhãng
    ####Theo Luật.
}

Trẻ em có quyền được lắng nghe.{TRUE}

// a remark
Được phép đánh trẻ.{F#Không bao giờ.}

Biểu thức nào bằng 5? {
  ~ \= 2 + 2
  = \= 2 + 3
}

::Ghép::Ghép tỉnh với huyện lỵ. {
    =Kim Bảng -> Quế
    =Lý Nhân -> Vĩnh Trụ
}

Luật năm nào? {#2004:1}

Thủ đô? {=Hà Nội =Hanoi}

Kể một tình huống. {}

Phần sau nói về trường học.

Câu hỏng { =một ~hai
"""
FAULTS = 3


@pytest.fixture(scope="module")
def rows():
    return list(read_gift(MOODLE))


def cells(row):
    return {name: text for name, text in row.cells.items() if text}


def test_single_choice_with_formats_comments_and_id(rows):
    assert cells(rows[0]) == {
        "key": "TV-Q01",
        "text": "Số nào: tổng đài bảo vệ\xa0trẻ em?",
        "option_a": "111",
        "option_b": "113",
        "option_c": "115",
        "right": "A",
        "explanation": "Miễn phí, 24/24.",
    }
    assert (rows[0].line, rows[0].fault, rows[0].remarks) == (8, "", [])


def test_gaps_shares_of_points_truths_and_escaped_signs(rows):
    # A gap is shown, and half of the points are remarked.
    assert rows[1].cells["text"] == "Trẻ em là người dưới _____ tuổi."
    assert (rows[1].cells["right"], len(rows[1].remarks)) == ("B", 1)
    assert (rows[2].cells["kind"], rows[2].cells["right"]) == ("multiple", "A, C")
    assert rows[2].cells["explanation"] == "Theo Luật."
    assert [row.cells["right"] for row in rows[3:5]] == ["A", "B"]
    assert rows[4].cells["explanation"] == "Không bao giờ."
    assert [rows[5].cells["option_a"], rows[5].cells["option_b"]] == ["= 2 + 2", "= 2 + 3"]


def test_what_cannot_be_asked_is_named_line_by_line(rows):
    assert [(row.line, bool(row.fault)) for row in rows[6:]] == [
        *((line, False) for line in (36, 41, 43)),
        *((line, True) for line in (45, 47, 49)),
    ]
    assert len({row.fault for row in rows[9:]}) == FAULTS


def test_pairs_numbers_and_texts(rows):
    assert [cells(row) for row in rows[6:9]] == [
        {
            "text": "Ghép tỉnh với huyện lỵ.",
            "kind": "matching",
            "option_a": "Kim Bảng → Quế",
            "option_b": "Lý Nhân → Vĩnh Trụ",
        },
        {"text": "Luật năm nào?", "kind": "number", "option_a": "2004 ± 1"},
        {"text": "Thủ đô?", "kind": "short_text", "option_a": "Hà Nội", "option_b": "Hanoi"},
    ]


@pytest.mark.parametrize(
    ("written", "read", "remarks"),
    [
        ("{#1..2}", {"option_a": "1,5 ± 0,5"}, 0),
        ("{#-1.125}", {"option_a": "-1,1250"}, 0),
        ("{#=3:0#Đúng =%50%4:1 ~#Sai####}", {"option_a": "3", "feedback_a": "Đúng"}, 2),
        ("{#3:2~#Sai}", {"option_a": "3 ± 2"}, 1),
        (
            r"{ ~%33.33333%<p dir\=\"ltr\">a</p> ~%33.33333%b ~%33.33333%c ~%-100%d }",
            {"right": "A, B, C", "kind": "multiple", "option_d": "d"},
            0,
        ),
        ("{=%100%có =%50%hơi có#gần}", {"option_a": "có"}, 2),
        ("{=a -> 1 = -> 2 =b -> 3}", {"option_a": "a → 1", "option_b": "b → 3"}, 1),
        ("{>2 ALL VERTICAL\nmột\n\thai = 2\n}", {"option_a": "một", "option_b": "hai = 2"}, 0),
        ("{>\nmột\nhai}", {"option_a": "một", "option_b": "hai"}, 0),
        ("{T#Sai rồi#Đúng rồi####}", {"feedback_a": "Đúng rồi", "feedback_b": "Sai rồi"}, 0),
        ("{=a#vì ~b#không}", {"explanation": "vì", "feedback_b": "không"}, 0),
    ],
)
def test_answers_are_read_with_what_moodle_says_of_them(written, read, remarks):
    [row] = read_gift(f"Câu? {written}")

    assert {name: row.cells.get(name) for name in read} == read
    assert len(row.remarks) == remarks


@pytest.mark.parametrize(
    "written",
    [
        "{#mười}",
        "{#1..x}",
        "{#NaN}",
        # Written out it would fill the memory.
        "{#1e300000}",
        "{#1:1e-300000}",
        "{=a → b -> 1 =c -> 2}",
        "{>\n" + "\n".join("abcdefghi") + "}",
        # The first answer has lost its sign: nothing is dropped in silence.
        "{ một ~hai =ba}",
        "{#một =2}",
        "{TRUEx}",
    ],
)
def test_answers_that_cannot_be_read_are_named(written):
    [row] = read_gift(f"Câu? {written}")

    assert row.fault


def test_signs_of_a_private_font_are_kept():
    [row] = read_gift("Dấu \ue000 và \ue07d, \\{thật\\} {=a\ue03d ~b}")

    assert row.cells["text"] == "Dấu \ue000 và \ue07d, {thật}"
    assert row.cells["option_a"] == "a\ue03d"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MOODLE, True),
        ("Đúng?{T}", True),
        ("Mã câu hỏi,Câu hỏi,A,B\nQ1,Tập {1; 2}?,a,b\n", False),
        ("", False),
    ],
)
def test_gift_is_told_from_a_table(text, expected):
    assert looks_like_gift(text) is expected


def test_file_of_moodle_is_rehearsed_and_written(trainer, edition):
    batch = rehearsed(
        SimpleUploadedFile("moodle.txt", MOODLE.encode()), by=trainer, kind="questions"
    )
    assert outcomes(batch) == ["new"] * 9 + ["error"] * FAULTS
    # In words, as the file names them otherwise.
    named = {row.cells["kind"]: row.notes["kind"] for row in batch.rows.all() if row.cells["kind"]}
    kinds = ("multiple", "matching", "number", "short_text")
    assert named == {kind: QuestionKind(kind).label for kind in kinds}
    write(batch)

    question = Question.objects.get(key="TV-Q01")
    assert question.text == "Số nào: tổng đài bảo vệ trẻ em?"
    assert question.options.get(is_correct=True).text == "111"
    assert set(Question.objects.values_list("kind", flat=True)) == {
        "single", "multiple", "true_false", "matching", "number", "short_text",
    }  # fmt: skip


def test_table_of_text_and_other_lists_are_read_as_before(trainer, edition):
    table = SimpleUploadedFile("cau-hoi.txt", "Câu hỏi,A,B,Đáp án\nMột?,1,2,A\n".encode())
    assert outcomes(rehearsed(table, by=trainer, kind="questions")) == ["new"]

    with pytest.raises(Refusal):
        upload(SimpleUploadedFile("moodle.gift", b"\x00\x01"), by=trainer, kind="questions")


@pytest.mark.parametrize("is_known", [True, False])
def test_bank_leaves_and_comes_back(trainer, edition, is_known):
    for question in (BANK[0], BANK[3], BANK[5], *BANK[9:]) if not is_known else BANK:
        put(*question)
    before, file = stored(), taken_out("gift")
    if not is_known:
        Question.objects.all().delete()

    batch = rehearsed(file, by=trainer, kind="questions")

    assert set(outcomes(batch)) == {"same" if is_known else "new"}
    if not is_known:
        write(batch)
        assert stored() == before


LINES = (
    st.text(
        st.one_of(
            st.sampled_from("aăđ 1~=#{}:\\%-[]>/$\nn"), st.characters(exclude_categories=("C",))
        ),
        min_size=1,
        max_size=25,
    )
    .map(str.strip)
    .filter(bool)
)


@given(
    text=LINES,
    explanation=LINES,
    answers=st.lists(LINES, min_size=2, max_size=8),
    right=st.sets(st.integers(0, 7), min_size=1),
    kind=st.sampled_from(["single", "multiple"]),
)
def test_any_texts_come_back(text, explanation, answers, right, kind):
    signs = "".join(sorted({"abcdefgh"[place % len(answers)] for place in right}))
    record = QuestionRecord(
        key="Q1",
        kind=kind if len(signs) == 1 else "multiple",
        text=text,
        explanation=explanation,
        right=signs,
        **{OPTION_COLUMNS["abcdefgh"[place]]: answer for place, answer in enumerate(answers)},
    )

    [row] = read_gift("".join(write_gift([record])))

    assert row.fault == ""
    assert row.cells["key"] == "Q1"
    assert one_line(row.cells["text"]) == one_line(text)
    assert one_line(row.cells["explanation"]) == one_line(explanation)
    read = [one_line(row.cells[OPTION_COLUMNS[sign]]) for sign in "abcdefgh"[: len(answers)]]
    assert read == [one_line(answer) for answer in answers]


@given(
    answers=st.lists(
        st.tuples(LINES.filter(lambda text: not re.search("->|→|^//", text)), LINES),
        min_size=1,
        max_size=8,
    ),
    comment=LINES,
    kind=st.sampled_from(["matching", "ordering", "short_text"]),
)
def test_any_answers_of_the_other_kinds_come_back(answers, comment, kind):
    options = [
        WrittenOption(text, match=match if kind == "matching" else "") for text, match in answers
    ]
    cells = {
        OPTION_COLUMNS[sign]: write_option(kind, option)
        for sign, option in zip("abcdefgh", options, strict=False)
    }
    comments = {} if kind == "ordering" else {"feedback_a": comment}
    record = QuestionRecord(key="Q1", kind=kind, text="Câu?", explanation="Vì", **cells, **comments)

    [row] = read_gift("".join(write_gift([record])))

    assert (row.fault, row.cells["kind"], row.cells["explanation"]) == ("", kind, "Vì")
    expected = {name: one_line(text) for name, text in (cells | comments).items()}
    assert {name: one_line(row.cells.get(name, "")) for name in expected} == expected


def one_line(text):
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("kind", "cells", "lines"),
    [
        # Points are never read after the sign of a right answer among wrong ones.
        ("single", {"option_a": "%50% đúng", "option_b": "%5% sai"}, ["=%50% đúng", "~%0%%5% sai"]),
        # What begins like the name of a format is taken for one, but right of an arrow.
        ("single", {"option_a": "[html] là gì", "option_b": "[x] y"}, ["=[plain][html] là gì", "~[x] y"]),
        ("matching", {"option_a": "[html] → [plain]", "option_b": "b → c"}, ["=[plain][html] -> [plain]", "=b -> c"]),
        # An asterisk of its own; alone it stands for anything.
        ("short_text", {"option_a": "5*"}, [r"=5\\*"]),
        ("short_text", {"option_a": "%5% năm"}, ["=%100%%5% năm"]),
    ],
)  # fmt: skip
def test_moodle_reads_what_was_written(kind, cells, lines):
    record = QuestionRecord(key="Q1", kind=kind, text="Câu?", right="a", **cells)

    written = "".join(write_gift([record]))
    [row] = read_gift(written)

    assert [line.strip() for line in written.splitlines() if line.startswith("\t")] == lines
    assert {name: row.cells[name] for name in cells} == cells
    assert row.remarks == []


@pytest.mark.parametrize(
    ("written", "read", "remarks", "is_fault"),
    [
        # Only a category is no question.
        ("$5 là bao nhiêu? {=a ~b}", {"text": "$5 là bao nhiêu?"}, 0, False),
        ("$CATEGORY: $course$/top\nCâu? {=a ~b}", {"text": "Câu?"}, 0, False),
        # The last of the signs begins what explains.
        ("Câu? {=a#####vì ~b####vì thế}", {"explanation": "vì thế", "option_a": "a"}, 0, False),
        ("Câu? {T#####vì thế}", {"explanation": "vì thế"}, 0, False),
        ("Câu? {=a -> 1 =b}", {}, 0, True),
        ("Câu? {=Hà*}", {"option_a": "Hà*"}, 1, False),
        ("Câu? {=a\u2028\u2028b ~c}", {"right": "A"}, 0, False),
        ("Câu? {\r=a\r~b\r}", {"option_a": "a"}, 0, False),
        ("\ufeffCâu? {=a ~b}", {"text": "Câu?"}, 0, False),
        ("::Câu? {=a ~b}", {"text": "Câu?"}, 0, False),
    ],
)
def test_rules_of_moodle(written, read, remarks, is_fault):
    [row] = read_gift(written)

    assert {name: row.cells.get(name) for name in read} == read
    assert (len(row.remarks), bool(row.fault)) == (remarks, is_fault)
