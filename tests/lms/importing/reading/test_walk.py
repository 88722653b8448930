"""From the file that a commune sends to the values of its people, all steps together."""

import pytest

from lms.accounts.enums import Sex
from lms.importing.reading.cells import as_phone, as_sex, as_text, as_year
from lms.importing.reading.encodings import LegacyEncoding, convert_sheet, suspect_encoding
from lms.importing.reading.files import check_upload
from lms.importing.reading.mapping import suggest_mapping
from lms.importing.reading.sheets import read_sheets
from lms.importing.reading.tables import find_table
from tests.factories.files import ods_rows, write_delimited, write_ods, write_xls, write_xlsx
from tests.lms.importing.reading.test_mapping import Field

FIELDS = [
    Field("name", ("Họ và tên",)),
    Field("born", ("Năm sinh",)),
    Field("sex", ("Giới tính",)),
    Field("commune", ("Xã/phường",)),
    Field("phone", ("Số điện thoại",)),
]

PEOPLE = [
    ("Nguyễn Thị Hương", 1985, Sex.FEMALE, "Bắc Lý", "+84912345678"),
    ("Tống Văn Cộng", 1979, Sex.MALE, "Đạo Lý", "+84987654321"),
]

IN_UNICODE = [
    ["UBND HUYỆN LÝ NHÂN", None, None, None, "Độc lập - Tự do - Hạnh phúc"],
    [],
    ["DANH SÁCH CỘNG TÁC VIÊN"],
    ["TT", "Họ tên", "Năm sinh", None, "Xã", "SĐT"],
    [None, None, "Nam", "Nữ"],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
    [1, "Nguyễn  Thị Hương", None, 1985, "Bắc Lý", 912345678],
    [],
    [2, "Tống Văn Cộng", "1979", None, "Đạo Lý", "0987.654.321"],
    ["Cộng", None, 1, 1],
    [None, "Người lập", None, None, "TM. UBND XÃ"],
]
# The same list, typed in .VnTime and, where it is in capitals, in .VnTimeH.
IN_TCVN3 = [
    ["UBND HUYÖN Lý NH¢N", None, None, None, "§éc lËp - Tù do - H¹nh phóc"],
    [],
    ["DANH S¸CH CéNG T¸C VI£N"],
    ["TT", "Hä tªn", "N¨m sinh", None, "X·", "S§T"],
    [None, None, "Nam", "N÷"],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
    [1, "NguyÔn  ThÞ H\xad¬ng", None, 1985, "B¾c Lý", 912345678],
    [],
    [2, "Tèng V¨n Céng", "1979", None, "§¹o Lý", "0987.654.321"],
    ["Céng", None, 1, 1],
    [None, "Ng\xadêi lËp", None, None, "TM. UBND X·"],
]


def texts(rows):
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def walked(path):
    (sheet,) = read_sheets(path, check_upload(path, path.name))
    encoding = suspect_encoding(sheet.texts())
    table = find_table(convert_sheet(sheet, encoding) if encoding else sheet)
    columns = suggest_mapping(table.labels, FIELDS)
    reads = {"name": as_text, "born": as_year, "sex": as_sex, "commune": as_text}
    people = [
        (
            *(read(row.cells[columns[key]]) for key, read in reads.items()),
            as_phone(row.cells[columns["phone"]]).e164,
        )
        for row in table.rows
    ]
    return encoding, people


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.xlsx", write_xlsx),
        ("a.xls", write_xls),
        ("a.ods", lambda path, rows: write_ods(path, ods_rows(rows))),
        ("a.csv", lambda path, rows: write_delimited(path, texts(rows), encoding="utf-8-sig")),
        ("a.csv", lambda path, rows: write_delimited(path, texts(rows), sign=";")),
        (
            "a.tsv",
            lambda path, rows: write_delimited(path, texts(rows), sign="\t", encoding="utf-16"),
        ),
    ],
    ids=["xlsx", "xls", "ods", "csv-with-mark", "csv-semicolons", "tsv-utf-16"],
)
@pytest.mark.parametrize(
    ("rows", "encoding"), [(IN_UNICODE, None), (IN_TCVN3, LegacyEncoding.TCVN3)], ids=["now", "old"]
)
def test_people_of_an_official_list_are_read_from_every_format(
    tmp_path, name, write, rows, encoding
):
    path = tmp_path / name
    write(path, rows)

    assert walked(path) == (encoding, PEOPLE)


def test_bytes_of_an_old_text_table_are_read(tmp_path):
    path = write_delimited(tmp_path / "a.csv", texts(IN_TCVN3), sign=";", encoding="latin-1")

    assert walked(path) == (LegacyEncoding.TCVN3, PEOPLE)


def test_list_in_an_old_page_shows_its_rows_before_it_is_converted(tmp_path):
    """The screen shows what was sent beside what it would become: both are the same rows."""
    (sheet,) = read_sheets(write_xlsx(tmp_path / "a.xlsx", IN_TCVN3), "xlsx")

    converted = find_table(convert_sheet(sheet, LegacyEncoding.TCVN3))
    as_sent = find_table(sheet)

    assert as_sent.header_rows == converted.header_rows
    assert as_sent.labels[1] == "Hä tªn"
    assert {row.number for row in converted.rows} <= {row.number for row in as_sent.rows}
