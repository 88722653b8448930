"""A file holds what its name says: told by its content, and whole."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from lms.core.file_contents import check_content
from lms.core.refusal import Refusal

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n" + bytes(3000) + b"\ntrailer\n%%EOF\n"
#: Frames of MPEG 1 and MPEG 2, layer III: 417 and 104 bytes.
FRAME, SMALL_FRAME = b"\xff\xfb\x90\x00" + bytes(413), b"\xff\xf3\x40\x00" + bytes(100)
TAG = b"ID3\x03\x00\x00\x00\x00\x01\x00" + bytes(128)
VTT = "WEBVTT\n\n00:01.000 --> 00:04.000\nChào anh chị\n".encode()


def box(name, content, *, is_long=False):
    if is_long:
        return b"\0\0\0\1" + name + (len(content) + 16).to_bytes(8) + content
    return (len(content) + 8).to_bytes(4) + name + content


def mpeg4(handler, *, is_long=False):
    moov = box(b"moov", box(b"hdlr", bytes(8) + handler))
    return box(b"ftyp", b"isom") + moov + box(b"mdat", bytes(500), is_long=is_long)


def office(*parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for part in parts:
            packed.writestr(part, "application/vnd.oasis.opendocument.text" + "x" * 300)
    return file.getvalue()


WHOLE = {
    "giay.pdf": PDF,
    "tu-may-quet.pdf": b"\r\n" + PDF,
    "ghi-am.mp3": FRAME * 4,
    "giong-doc.MP3": SMALL_FRAME * 4,
    "co-nhan.mp3": TAG + FRAME * 4,
    "lech.mp3": b"\xff\xff\xfe\xff\xfb\xf0" + FRAME * 4,
    "ghi-am.m4a": mpeg4(b"soun"),
    "phim.mp4": mpeg4(b"vide", is_long=True),
    "phim-truc-tiep.mp4": mpeg4(b"vide") + b"\0\0\0\0mdat" + bytes(20),
    "phim.webm": b"\x1aE\xdf\xa3\x01webm" + bytes(60) + b"\x1fC\xb6u" + bytes(9),
    "phu-de.vtt": VTT,
    "phu-de-windows.vtt": b"\xef\xbb\xbf" + VTT,
    "danh-sach.csv": "Họ tên\n".encode(),
    "unicode.txt": "Họ tên".encode("utf-16"),
    "cu.txt": b"H\xe4\xcd t\xean",
    "mau.docx": office("[Content_Types].xml", "word/document2.xml"),
    "mau.pptx": office("ppt/presentation.xml"),
    "mau.xlsx": office("xl/workbook.xml"),
    "mau.odt": office("mimetype", "content.xml"),
    # An ending that is not known is left to the settings.
    "may.exe": b"MZ",
}
WRONG = {
    "ba-byte.mp3": b"ID3",
    "phim.mp3": mpeg4(b"vide"),
    "gan-giong.mp3": b"\xff\xfb\x90\x00" * 40,
    "lop-khac.mp3": (b"\xff\xfd\x90\x00" + bytes(413)) * 4,
    "giay.pdf": b"MZ" + bytes(200),
    "ghi-am.m4a": mpeg4(b"vide"),
    "phim.mp4": mpeg4(b"soun"),
    "phim.webm": b"\x1aE\xdf\xa3\x01matroska" + bytes(90),
    "phu-de.vtt": b"1\n00:00:01,000 --> 00:00:04,000\n",
    "nhi-phan.vtt": b"WEBVTT\xff\xff",
    "danh-sach.csv": office("xl/workbook.xml"),
    "mau.docx": office("xl/workbook.xml"),
    "cu.docx": b"\xd0\xcf\x11\xe0" + bytes(90),
    "bang.odt": office("content.xml").replace(b".text", b".data"),
}
CUT_OFF = {
    "giay.pdf": PDF[:1500],
    "co-nhan.mp3": TAG[:60],
    "ghi-am.m4a": mpeg4(b"soun")[:-40],
    "phim.mp4": mpeg4(b"vide")[:30],
    "dau-dai.mp4": mpeg4(b"vide", is_long=True)[:-510],
    "phim.webm": b"\x1aE\xdf\xa3\x01webm" + bytes(90),
    "phu-de.vtt": VTT[:8],
    "mau.docx": office("word/document.xml")[:200],
    "mau.odt": office("mimetype", "content.xml")[:200],
}


def said_of(name, data):
    file = ContentFile(data)
    try:
        check_content(file, name=name)
    except Refusal as refusal:
        return refusal.code
    assert file.tell() == 0
    return ""


TOLD = {"": WHOLE, "file_kind": WRONG, "file_damaged": CUT_OFF}


@pytest.mark.parametrize(
    ("told", "name"), [(told, name) for told, files in TOLD.items() for name in files]
)
def test_whole_file_is_taken_and_another_told_by_its_kind_or_that_it_was_cut_off(told, name):
    assert said_of(name, TOLD[told][name]) == told


@given(st.binary(max_size=300), st.sampled_from([name.rpartition(".")[2] for name in WHOLE]))
def test_any_bytes_are_taken_or_refused(data, ending):
    for head in (b"", b"ID3", b"PK\x03\x04", b"\0\0\0\x08ftyp", b"\x1aE\xdf\xa3webm"):
        assert said_of(f"a.{ending}", head + data) in ("", "file_kind", "file_damaged")
