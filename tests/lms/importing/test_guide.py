"""What the guide says that the screen answers to strange files is what it answers.

Whoever changes the words finds the line that the guide should have in the failure.
"""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lms.core.refusal import Refusal
from lms.importing.domain.sheets import open_file
from lms.importing.models import ImportBatch
from tests.factories.files import (
    MACROS,
    ods_rows,
    with_document_type,
    with_parts,
    with_sheet_xml,
    write_delimited,
    write_ods,
    write_xls,
    write_xlsx,
)
from tests.factories.importing import outcomes, rehearsed, upload

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "nhap-danh-sach.md"
ROWS = [["STT", "Họ và tên"], [1, "Nguyễn Thị Hương"]]
TEXTS = [["STT", "Họ và tên"], ["1", "Nguyễn Thị Hương"]]
FAR = '<row r="900000"><c r="A900000"><v>1</v></c></row>'


def xlsx(folder, rows=ROWS):
    return write_xlsx(folder / "goc.xlsx", rows)


def raw(folder, content):
    path = folder / "danh-sach"
    path.write_bytes(content)
    return path


# What people call the file, how it is made, and the name it comes under.
FILES = [
    ("Tệp rỗng", lambda folder: raw(folder, b""), "a.csv"),
    ("Ảnh đổi tên thành .xlsx", lambda folder: raw(folder, b"\x89PNG\r\n\x1a\n\0"), "a.xlsx"),
    ("Bản PDF", lambda folder: raw(folder, b"%PDF-1.7 \xff"), "a.pdf"),
    ("Trang web đổi tên thành .xls", lambda folder: raw(folder, b"<html><table>"), "a.xls"),
    ("Tệp XLSX mang tên .csv", xlsx, "a.csv"),
    ("Tệp Excel có macro", lambda folder: with_parts(
        folder / "a", xlsx(folder), {MACROS: "x"}), "a.xlsx"),
    ("Tệp Excel 97–2003 đặt mật khẩu", lambda folder: write_xls(
        folder / "a", ROWS, encrypted=True), "a.xls"),
    ("Tệp nén chứa dữ liệu khổng lồ (bom nén)", lambda folder: with_parts(
        folder / "a", xlsx(folder), {"xl/x.xml": " " * 90_000_000}), "a.xlsx"),
    ("Tệp XML gọi dữ liệu của máy chủ (XXE)", lambda folder: with_document_type(
        folder / "a", xlsx(folder)), "a.xlsx"),
    ("Tệp bị cắt giữa chừng", lambda folder: raw(
        folder, xlsx(folder).read_bytes()[:900]), "a.xlsx"),
    ("Chỉ có tiêu đề, không có dòng nào", lambda folder: write_delimited(
        folder / "a", TEXTS[:1]), "a.csv"),
    ("Giá trị ở dòng 900.000", lambda folder: with_sheet_xml(
        folder / "a", xlsx(folder), FAR), "a.xlsx"),
]  # fmt: skip


@pytest.mark.parametrize(("called", "make", "name"), FILES, ids=[one[0] for one in FILES])
def test_refusal_stands_in_the_guide_as_the_screen_says_it(
    called, make, name, coordinator, tmp_path
):
    file = SimpleUploadedFile(name, make(tmp_path).read_bytes())

    with pytest.raises(Refusal) as refused:
        open_file(batch=upload(file, by=coordinator))

    line = f"| {called} | {refused.value} |"
    assert line in GUIDE.read_text(), line


PERSON = ["KB-9001", "Nguyễn Thị Hương", "1980", "Quế", "CTV"]
HEADER = ["Mã cán bộ", "Họ và tên", "Năm sinh", "Xã", "Đối tượng"]
TAKEN = [
    ("CSV dùng dấu `;`, có BOM", lambda folder: write_delimited(
        folder / "a", [HEADER, PERSON], sign=";", encoding="utf-8-sig"), "a.csv"),
    ("Bảng chữ cách bằng tab, UTF-16", lambda folder: write_delimited(
        folder / "a", [HEADER, PERSON], sign="\t", encoding="utf-16"), "a.txt"),
    ("Bảng tính ODS", lambda folder: write_ods(
        folder / "a", ods_rows([HEADER, PERSON])), "a.ods"),
    ("Bảng tính XLS 97–2003", lambda folder: write_xls(folder / "a", [HEADER, PERSON]), "a.xls"),
    ("Bảng HTML lưu với tên .xls", lambda folder: raw(folder, b"<table>" + b"".join(
        f"<tr><td>{'<td>'.join(row)}</tr>".encode() for row in (HEADER, PERSON))), "a.xls"),
    ("Tiêu ngữ phía trên, tổng cộng và chữ ký phía dưới", lambda folder: write_xlsx(
        folder / "a", [
            ["UBND HUYỆN KIM BẢNG", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
            ["DANH SÁCH CỘNG TÁC VIÊN"], HEADER, PERSON, ["Tổng cộng: 1 người"],
            [None, None, None, "Kim Bảng, ngày 05 tháng 9 năm 2014"],
        ]), "a.xlsx"),
    ("Tên gõ bằng bộ gõ máy Mac (dấu rời), hai dấu cách", lambda folder: write_delimited(
        folder / "a", [HEADER, [PERSON[0], "Nguye\u0302\u0303n  Thi\u0323 Hu\u031bo\u031bng", *PERSON[2:]]]),
        "a.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("called", "make", "name"), TAKEN, ids=[one[0] for one in TAKEN])
def test_messy_list_is_taken_in_as_the_guide_says(called, make, name, coordinator, tmp_path):
    batch = rehearsed(SimpleUploadedFile(name, make(tmp_path).read_bytes()), by=coordinator)

    assert outcomes(batch) == ["new"], batch.notice
    assert batch.rows.get().cells["full_name"] == "Nguyễn Thị Hương"
    assert f"| {called} | đọc được: 1 dòng **Mới** |" in GUIDE.read_text()
    assert ImportBatch.objects.count() == 1
