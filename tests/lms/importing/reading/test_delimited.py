"""Text tables in the letters and signs that Excel, phones and old programs write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.importing.reading.delimited import decode, find_delimiter
from lms.importing.reading.file_types import FileKind
from lms.importing.reading.sheets import read_sheets
from tests.factories.files import write_delimited
from tests.refusing import raises_refusal

HEADING = ["STT", "Họ và tên", "Ngày sinh", "SĐT"]
ROWS = [
    HEADING,
    ["1", "Nguyễn Thị Hương", "05/3/1985", "0912345678"],
    ["2", "Đỗ Văn Bình", "1990", "912345679"],
]


def read(path):
    (sheet,) = read_sheets(path, FileKind.CSV)
    return sheet.rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_are_read_whatever_the_letters_and_signs(tmp_path, encoding, sign, end):
    path = write_delimited(tmp_path / "a.csv", ROWS, sign=sign, encoding=encoding, end=end)

    assert read(path) == ROWS


def test_numbers_and_dates_stay_text(tmp_path):
    path = write_delimited(tmp_path / "a.csv", [["Mã", "Số"], ["007", "1e3"], ["0x1F", "TRUE"]])

    assert read(path) == [["Mã", "Số"], ["007", "1e3"], ["0x1F", "TRUE"]]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (
            'Họ và tên;Địa chỉ\r\n"Lê ""Tư"" An";"Thôn 1;\r\nxã Bắc Lý"\r\n'.encode(),
            [["Họ và tên", "Địa chỉ"], ['Lê "Tư" An', "Thôn 1;\r\nxã Bắc Lý"]],
        ),
        (b"sep=|\na,b|c,d\n1,2|3,4\n", [["a,b", "c,d"], ["1,2", "3,4"]]),
        (b"a,b\n,\n \n1,2,,\n,,,\n\n", [["a", "b"], [], [], ["1", "2"]]),
        (
            "§øc Lý,H\xad¬ng".encode("latin-1") + b",\x93quoted\x94,\x81",
            [["§øc Lý", "H\xad¬ng", "“quoted”", "\x81"]],
        ),
        (b"a,b\r\n1,2\r\n\x1a", [["a", "b"], ["1", "2"]]),
    ],
    ids=["quotes", "sign of Excel", "blank rows", "old code page", "end mark"],
)
def test_file_is_read_as_it_was_meant(tmp_path, content, rows):
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    assert read(path) == rows


@pytest.mark.parametrize(
    ("text", "code"), [("a,b\n" + '"' + "x" * 200_000, "damaged"), (",,\n\n , \n", "empty")]
)
def test_endless_cell_and_file_without_rows_are_refused(tmp_path, text, code):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")

    with raises_refusal(code):
        read_sheets(path, FileKind.CSV)


@pytest.mark.parametrize(
    "text",
    [
        "STT;Ngày, tháng, năm sinh, giờ;Xã\n1;05/3/1985;Bắc Lý\n2;06/3/1985;Đạo Lý\n",
        "DANH SÁCH, ĐỢT 1, NĂM 2014, XÃ BẮC LÝ\n\n" + "1;An;Bắc Lý\n" * 4,
    ],
    ids=["heading", "title"],
)
def test_commas_in_a_heading_or_title_do_not_outvote_semicolons(text):
    assert find_delimiter(text) == ";"


def test_single_column_has_no_sign(tmp_path):
    path = write_delimited(tmp_path / "a.csv", [["Họ và tên"], ["Lê An"], ["Đỗ Bé"]])

    assert read(path) == [["Họ và tên"], ["Lê An"], ["Đỗ Bé"]]


@pytest.mark.parametrize("content", [b"a,b\n1,\x002\n", b"\xff\xfea\x00\x00\xd8,\x00"])
def test_bytes_that_are_no_text_are_refused(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    with raises_refusal("damaged"):
        read_sheets(path, FileKind.CSV)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1))
def test_any_unicode_text_is_decoded_as_it_was_written(text):
    assert decode(text.encode("utf-8-sig")) == text


@given(st.binary())
def test_any_bytes_are_text_or_none(content):
    text = decode(content)

    assert text is None or find_delimiter(text) in ";\t,|"


@given(st.text("Nguyễn Thị Hương đỗ", min_size=1), st.integers(0, 3))
def test_beginning_of_a_file_may_end_inside_a_letter(text, cut):
    content = text.encode()

    assert text.startswith(decode(content[: len(content) - cut], whole=False))
