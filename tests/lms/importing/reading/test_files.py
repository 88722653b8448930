"""What is taken in as a list, and the reason for which everything else is not."""

from zipfile import ZipFile

import pytest

from lms.core.refusal import Refusal
from lms.importing.reading import archives, files
from lms.importing.reading.file_types import FileKind
from lms.importing.reading.files import check_upload
from tests.factories.files import (
    MACROS,
    compound,
    ods_rows,
    with_document_type,
    with_lying_sizes,
    with_parts,
    write_delimited,
    write_ods,
    write_xls,
    write_xlsx,
)
from tests.refusing import raises_refusal

ROWS = [["STT", "Họ và tên"], [1, "Nguyễn Thị Hương"]]
TEXTS = [["STT", "Họ và tên"], ["1", "Nguyễn Thị Hương"]]


@pytest.fixture
def xlsx(tmp_path):
    return write_xlsx(tmp_path / "list.xlsx", ROWS)


def refusal(path, name=None):
    with pytest.raises(Refusal) as refused:
        check_upload(path, name or path.name)
    assert str(refused.value)
    return refused.value.code


def test_workbooks_are_known_by_what_they_hold(tmp_path, xlsx):
    xls = write_xls(tmp_path / "list.xls", ROWS)
    ods = write_ods(tmp_path / "list.ods", ods_rows(ROWS))

    kinds = [check_upload(path, path.name) for path in (xlsx, xls, ods)]

    assert kinds == [FileKind.XLSX, FileKind.XLS, FileKind.ODS]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    ("sign", "kind"), [(",", FileKind.CSV), (";", FileKind.CSV), ("\t", FileKind.TSV)]
)
@pytest.mark.parametrize("ending", [".csv", ".TSV", ".txt"])
def test_text_table_is_known_whatever_its_letters_and_signs(tmp_path, encoding, sign, kind, ending):
    path = write_delimited(tmp_path / "list", TEXTS, sign=sign, encoding=encoding)

    assert check_upload(path, f"list{ending}") == kind


@pytest.mark.parametrize("content", [b"", b"  \r\n\t "])
def test_file_without_content_is_refused(tmp_path, content):
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)

    assert refusal(path) == "empty"


def test_file_above_the_size_is_refused_unread(tmp_path):
    path = tmp_path / "list.csv"
    with path.open("wb") as stream:
        # A hole in the file: 500 MB that take no room.
        stream.truncate(500 * 1024 * 1024)

    assert refusal(path) == "too_big"


@pytest.mark.parametrize(
    ("beginning", "really"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "ảnh"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "ảnh"),
        (b"MZ\x90\0\x03\0\0\0", "chương trình"),
        (b"\x7fELF\x02\x01\x01\0", "chương trình"),
        (b"#!/bin/sh\nrm -rf /\n", "chương trình"),
        (b"Rar!\x1a\x07\x01\0", "nén"),
        (b"{\\rtf1\\ansi H\xe0 Nam}", "RTF"),
        (b"\xef\xbb\xbf<html><p>STT</p></html>", "HTML"),
        (b"<?xml version='1.0'?><Workbook/>", "HTML"),
        (b"\0\x01\x02\x03 no kind at all", "không rõ"),
    ],
)
def test_file_that_is_no_list_is_called_what_it_is(tmp_path, beginning, really):
    path = tmp_path / "list.xls"
    path.write_bytes(beginning)

    with raises_refusal("not_a_list") as refused:
        check_upload(path, path.name)

    assert really in refused.value.message


@pytest.mark.parametrize(
    ("part", "really"),
    [
        ("word/document.xml", "Word"),
        ("ppt/presentation.xml", "trình chiếu"),
        ("xl/workbook.bin", "XLSB"),
        ("docProps/app.xml", "nén"),
    ],
)
def test_other_office_files_are_called_what_they_are(tmp_path, xlsx, part, really):
    path = with_parts(tmp_path / "a.xlsx", xlsx, {part: "<x/>"}, drop={"xl/workbook.xml"})

    with raises_refusal("not_a_list") as refused:
        check_upload(path, path.name)

    assert really in refused.value.message


def test_folder_of_files_is_no_workbook(tmp_path):
    path = tmp_path / "lists.xlsx"
    with ZipFile(path, "w") as archive:
        archive.writestr("list.csv", "STT,Họ và tên")

    assert refusal(path) == "not_a_list"


@pytest.mark.parametrize(
    ("stream", "code"),
    [
        ("WordDocument", "not_a_list"),
        ("PowerPoint Document", "not_a_list"),
        ("Something", "not_a_list"),
        ("EncryptedPackage", "encrypted"),
    ],
)
def test_compound_file_without_a_workbook_is_refused(tmp_path, stream, code):
    path = tmp_path / "list.xls"
    path.write_bytes(compound([(stream, b"content")]))

    assert refusal(path) == code


@pytest.mark.parametrize(
    "name", ["list.xls", "list.csv", "list.pdf", "list.xlsx.exe", "list", "list.ods"]
)
def test_name_that_promises_something_else_is_refused(xlsx, name):
    assert refusal(xlsx, name) == "wrong_extension"


def test_refusal_of_a_name_says_what_the_file_really_is_and_a_capital_ending_is_taken(xlsx):
    with raises_refusal("wrong_extension") as refused:
        check_upload(xlsx, "danh sách.csv")

    assert "Excel (XLSX)" in refused.value.message
    assert ".xlsx" in refused.value.message
    assert check_upload(xlsx, "DANH SACH.XLSX") == FileKind.XLSX


@pytest.mark.parametrize("part", [MACROS, "xl/macrosheets/sheet1.xml"])
def test_workbook_with_macros_is_refused(tmp_path, xlsx, part):
    path = with_parts(tmp_path / "a.xlsx", xlsx, {part: "macro"})

    assert refusal(path) == "macros"


def test_workbook_that_declares_macros_is_refused_whatever_its_name(tmp_path, xlsx):
    types = '<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    path = with_parts(tmp_path / "a.xlsm", xlsx, {"[Content_Types].xml": types})

    assert {refusal(path), refusal(path, "a.xlsx")} == {"macros"}


def test_old_and_open_workbooks_with_macros_are_refused(tmp_path):
    xls = write_xls(tmp_path / "list.xls", ROWS, storages=["_VBA_PROJECT_CUR"])
    ods = write_ods(tmp_path / "list.ods", ods_rows(ROWS), extra=["Basic/Standard/Module1.xml"])

    assert {refusal(xls), refusal(ods)} == {"macros"}


def test_locked_old_workbook_and_open_document_are_refused(tmp_path):
    ods = write_ods(tmp_path / "a.ods", "", manifest="<manifest:encryption-data/>")

    assert refusal(write_xls(tmp_path / "a.xls", ROWS, encrypted=True)) == "encrypted"
    assert refusal(ods) == "encrypted"


def test_open_document_without_its_table_of_files_is_read(tmp_path):
    source = write_ods(tmp_path / "a.ods", ods_rows(ROWS))
    path = with_parts(tmp_path / "b.ods", source, {}, drop={"META-INF/manifest.xml"})

    assert check_upload(path, path.name) == FileKind.ODS


def test_locked_part_is_refused(tmp_path, xlsx):
    raw = bytearray(xlsx.read_bytes())
    # The flag of the last entry in the table of contents.
    raw[raw.rindex(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "locked.xlsx"
    path.write_bytes(raw)

    assert refusal(path) == "encrypted"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "_rels/.rels"])
def test_document_type_is_refused_in_every_part(tmp_path, xlsx, part):
    assert refusal(with_document_type(tmp_path / "a.xlsx", xlsx, part)) == "document_type"


STYLES, MEDIA = "xl/styles.xml", "xl/media/a.bin"
ENTITY = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        (STYLES, lambda: ENTITY.encode("utf-16"), "document_type"),
        (STYLES, lambda: f"<!-- {' ' * 100_000} --><!DOCTYPE x><x/>", "damaged"),
        (STYLES, lambda: "no XML at all", "damaged"),
        (MEDIA, lambda: bytes(250 * 1024 * 1024), "unpacks_too_big"),
        (MEDIA, lambda: bytes(30 * 1024 * 1024), "unpacks_too_big"),
    ],
    ids=[
        *("document type in other letters", "document type after a long remark", "no XML"),
        *("bomb by its sizes", "bomb by its ratio"),
    ],
)
def test_workbook_with_such_a_part_is_refused(tmp_path, xlsx, part, content, code):
    path = with_parts(tmp_path / "a.xlsx", xlsx, {part: content()})

    assert path.stat().st_size < 1024 * 1024
    assert refusal(path) == code


def test_bomb_of_many_parts_is_refused(tmp_path, xlsx):
    parts = {f"xl/media/{number}.bin": b"" for number in range(archives.MAX_PARTS + 1)}

    assert refusal(with_parts(tmp_path / "a.xlsx", xlsx, parts)) == "unpacks_too_big"


def test_bomb_that_lies_about_its_sizes_is_refused(tmp_path, xlsx):
    path = with_lying_sizes(tmp_path / "a.xlsx", xlsx, "xl/media/a.bin", bytes(12_345_678))

    assert refusal(path) == "damaged"


def test_sizes_are_counted_again_while_unpacking(tmp_path, xlsx, monkeypatch):
    monkeypatch.setattr(archives, "_check_contents_table", lambda *_args, **_kwargs: None)
    monkeypatch.setattr(archives, "MAX_UNPACKED", 100_000)
    path = with_parts(tmp_path / "a.xlsx", xlsx, {"xl/media/a.bin": bytes(200_000)})

    assert refusal(path) == "unpacks_too_big"


@pytest.mark.parametrize("kept", [30, 400, 3000])
def test_cut_off_workbook_is_damaged(tmp_path, xlsx, kept):
    path = tmp_path / "cut.xlsx"
    path.write_bytes(xlsx.read_bytes()[:kept])

    assert refusal(path) == "damaged"


def test_workbook_packed_in_another_way_is_damaged(tmp_path, xlsx):
    path = tmp_path / "a.xlsx"
    with ZipFile(xlsx) as old, ZipFile(path, "w", compression=14) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))

    assert refusal(path) == "damaged"


def test_size_limit_leaves_room_for_the_biggest_list():
    """100,000 people with 12 columns are 7 MB as XLSX, 12 MB as CSV."""
    assert files.MAX_BYTES == 20 * 1024 * 1024
