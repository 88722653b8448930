"""Code pages of the years before Unicode: recognised in lists, never in right text."""

import csv
import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.demo.names import FAMILY, GIVEN, MIDDLE
from lms.geography.domain.files import SHIPPED
from lms.importing.reading import encodings
from lms.importing.reading.encodings import (
    LegacyEncoding,
    convert,
    convert_sheet,
    suspect_encoding,
)
from lms.importing.reading.sheets import Sheet
from lms.importing.reading.syllables import LETTERS, is_syllable

TCVN3, VNI = LegacyEncoding.TCVN3, LegacyEncoding.VNI
WINDOWS_1258, MISREAD_UTF8 = LegacyEncoding.WINDOWS_1258, LegacyEncoding.MISREAD_UTF8

# Codes at which the fonts of the ABC programme have no letter.
UNUSED_IN_FONTS = {0xBA, 0xBF, *range(0xC0, 0xC6), 0xCD, 0xD9, 0xDA, 0xDB, 0xE0, 0xF0}

RIGHT = ["Đức Lý", "Nguyễn Thị Hương", "Trần Văn Tuấn", "Phủ Lý", "Vũ Hữu Đạt", "Hoà Hậu", "Bé Tư"]
# As each of the code pages writes them.
IN_TCVN3 = [
    "§øc Lý",
    "NguyÔn ThÞ H\xad¬ng",
    "TrÇn V¨n TuÊn",
    "Phñ Lý",
    "Vò H÷u §¹t",
    "Hoµ HËu",
    "BÐ T\xad",
]
IN_VNI = [
    "Ñöùc Lyù",
    "Nguyeãn Thò Höông",
    "Traàn Vaên Tuaán",
    "Phuû Lyù",
    "Vuõ Höõu Ñaït",
    "Hoaø Haäu",
    "Beù Tö",
]


def as_windows_1258(text):
    """The page has the tones as letters of their own, after ă â ê ô ơ ư, and the rest in one."""
    found = []
    for letter in text:
        try:
            found.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            base, *marks = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
            rest = "".join(mark for mark in marks if mark != tone)
            found.append((unicodedata.normalize("NFC", base + rest) + tone).encode("cp1258"))
    return b"".join(found).decode("cp1252")


def as_tcvn3(text):
    codes = {convert(chr(code) + "x", TCVN3)[0]: chr(code) for code in range(0xA1, 0xFF)}
    return "".join(codes.get(letter, letter) for letter in text)


def as_misread_utf8(text):
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


SAMPLES = {
    TCVN3: IN_TCVN3,
    VNI: IN_VNI,
    WINDOWS_1258: [as_windows_1258(text) for text in RIGHT],
    MISREAD_UTF8: [as_misread_utf8(text) for text in RIGHT],
}


@pytest.mark.parametrize("encoding", list(LegacyEncoding))
def test_list_in_an_old_page_is_recognised_and_converted(encoding):
    assert suspect_encoding(SAMPLES[encoding]) == encoding
    assert [convert(text, encoding) for text in SAMPLES[encoding]] == RIGHT


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("§øc Lý", TCVN3), ("Ñöùc Lyù", VNI), ("Ðýìc Lyì", WINDOWS_1258), ("LÃª An", MISREAD_UTF8)],
)
def test_single_text_is_enough(text, encoding):
    assert suspect_encoding([text]) == encoding


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ha Nam",
        "Hà Nam",
        "Lê Bé",
        "Ngô Tôn Ý",
        "Krông Pắk, Đắk Lắk",
        "Müller, Zoë, Citroën, El Niño, Ångström, naïve",
        "“Hà” – 25 m², 37 °C, ½, 3 × 4, «Lý», § 5, Nº 7, ©, ®, 10 €",
        "Hà" + "\u200b" + "Nam",
        unicodedata.normalize("NFD", "Nguyễn Thị Hương"),
    ],
)
def test_right_text_is_not_suspected(text):
    assert suspect_encoding([text]) is None


@given(st.lists(st.text("".join(sorted(LETTERS)) + " ,.-/()0123456789fjwzFJWZ")))
def test_text_of_vietnamese_letters_is_never_suspected(texts):
    assert suspect_encoding(texts) is None
    assert suspect_encoding([unicodedata.normalize("NFD", text) for text in texts]) is None


def test_a_word_in_an_old_page_does_not_condemn_a_foreign_list():
    assert suspect_encoding(["Müßig", "Größe", "Übung", "Çelik", "§øc"]) is None


def test_long_lists_are_judged_by_their_beginning(monkeypatch):
    monkeypatch.setattr(encodings, "_ENOUGH_WORDS", 20)
    onsets = ["b", "ch", "l", "m", "n", "t", "th", "tr"]
    texts = iter(f"{onset}{tone}nh" for onset in onsets for tone in "µ¸¶·¹")

    assert suspect_encoding(texts) == TCVN3
    assert len(list(texts)) == 40 - 21


@pytest.mark.parametrize("encoding", list(LegacyEncoding))
@given(text=st.text())
def test_conversion_takes_any_text_and_gives_composed_text(encoding, text):
    converted = convert(text, encoding)

    assert converted in {text, unicodedata.normalize("NFC", converted)}


@pytest.mark.parametrize("encoding", list(LegacyEncoding))
@pytest.mark.parametrize("text", ["Đức Lý", "Ha Nam", "Nguyễn Tú, §øc", "5 m²", ""])
def test_text_in_unicode_comes_back_as_it_was(encoding, text):
    assert convert(text, encoding) == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("NGUYÔN V¡N A", "NGUYỄN VĂN A"),
        ("Vò THÞ Tó", "VŨ THỊ TÚ"),
        ("§ç Lª", "Đỗ Lê"),
        ("UBND x· B¾c Lý", "UBND xã Bắc Lý"),
        ("TP. Hµ Lª", "TP. Hà Lê"),
    ],
)
def test_capitals_of_the_font_of_capitals_are_restored(text, meant):
    """.VnTimeH shows small letters with a tone as capitals: TCVN3 itself has none."""
    assert convert(text, TCVN3) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("TRAÀN VAÊN TUAÁN", "TRẦN VĂN TUẤN"),
        ("ÑOÃ THÒ HÖÔØNG", "ĐỖ THỊ HƯỜNG"),
        ("Yù Lyõ Ngoïc Quyeàn", "Ý Lỹ Ngọc Quyền"),
        ("Mó Kyø Tæ Myî", "Mĩ Kỳ Tỉ Myỵ"),
        ("AÙnh Nguyeät, Aên, Eâm", "Ánh Nguyệt, Ăn, Êm"),
    ],
)
def test_vni_writes_marks_as_letters_of_their_own(text, meant):
    assert convert(text, VNI) == meant


@pytest.mark.skipif(shutil.which("iconv") is None, reason="needs the iconv of the C library")
def test_table_of_tcvn3_agrees_with_the_c_library():
    # What the fonts have; the standard has capitals with a tone besides. x: set in small letters.
    codes = b"x" + bytes({*range(0xA1, 0xAF), *range(0xB5, 0xFF)} - UNUSED_IN_FONTS)

    done = subprocess.run(
        ["iconv", "-f", "TCVN", "-t", "UTF-8"], input=codes, capture_output=True, check=True
    )

    assert convert(codes.decode("latin-1"), TCVN3) == unicodedata.normalize(
        "NFC", done.stdout.decode()
    )


def test_table_of_tcvn3_has_every_letter_that_the_fonts_have():
    codes = "x" + "".join(map(chr, {*range(0xA1, 0xAF), *range(0xB5, 0xFF)} - UNUSED_IN_FONTS))
    letters = [letter for letter in convert(codes, TCVN3) if letter != "x"]

    small = {letter for letter in LETTERS if letter > "\x7f" and letter.islower()}
    assert len(letters) == len(set(letters)) == 74
    assert set(letters) == small | set("ĂÂĐÊÔƠƯ")


def test_rows_typed_in_unicode_are_left_as_they_are():
    sheet = Sheet(
        "DS",
        [
            ["Họ và tên", "Ghi chú", 1],
            ["NguyÔn ThÞ Hµ", "BÐ", None],
            ["Đỗ Thị Bé", "chú"],
            ["Lª V¨n Tó", "Đã học"],
            [],
        ],
    )

    assert convert_sheet(sheet, TCVN3).rows == [
        ["Họ và tên", "Ghi chú", 1],
        ["Nguyễn Thị Hà", "Bé", None],
        ["Đỗ Thị Bé", "chú"],
        ["Lê Văn Tú", "Đã học"],
        [],
    ]
    assert sheet.rows[1][0] == "NguyÔn ThÞ Hµ"


RIGHT_SPELLING = """
Nguyễn Hoà Hòa Quỳnh quý Quí giếng gì Giang Nghiêm khuỷu Thuở ưu yêu Uyên quốc Đoàn Xoong ỷ khuya
Hươu mía mùa tuệ
"""
WRONG_SPELLING = "Müller aa hàò coc tàch bcd wa Đ nguyêñ saò maí Krông 5 Nam2 áá"


def test_syllables_in_right_spelling_and_words_that_are_none():
    assert [word for word in RIGHT_SPELLING.split() if not is_syllable(word)] == []
    assert [word for word in WRONG_SPELLING.split() if is_syllable(word)] == []


@pytest.fixture(scope="module")
def names_of_hand():
    """Family, middle and given names of the demo people, and every unit of the province."""
    people = [FAMILY, *MIDDLE.values(), *GIVEN.values()]
    units = [
        row["name"]
        for path in SHIPPED.glob("units_*.csv")
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    ]
    return sorted({*(name for group in people for name in group), *units})


def test_names_of_people_and_places_are_syllables(names_of_hand):
    words = {word for name in names_of_hand for word in name.split()}

    assert len(words) > 150
    assert [word for word in sorted(words) if not is_syllable(word)] == []


def test_names_of_people_and_places_come_back_from_every_page(names_of_hand):
    in_pages = {
        WINDOWS_1258: [as_windows_1258(name) for name in names_of_hand],
        MISREAD_UTF8: [as_misread_utf8(name) for name in names_of_hand],
        TCVN3: [as_tcvn3(name) for name in names_of_hand],
    }
    for encoding, texts in in_pages.items():
        assert suspect_encoding(texts) == encoding
        assert [convert(text, encoding) for text in texts] == names_of_hand
    assert suspect_encoding(names_of_hand) is None
