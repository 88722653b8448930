"""Levels, kinds, names and codes as official lists write them."""

import pytest

from lms.geography.domain.naming import full_code, kind_and_name, known_code, level_named
from lms.geography.enums import Level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Tỉnh", "province"),
        ("Thành phố trực thuộc Trung ương", "province"),
        ("Huyện, thị xã, thành phố", "district"),
        ("Thị xã", "district"),
        ("commune", "commune"),
        ("ĐẶC KHU", "commune"),
        ("Phường", "commune"),
        ("Thôn", None),
        ("", None),
    ],
)
def test_level_is_known_by_the_words_of_offices(text, level):
    assert level_named(text=text) == level


@pytest.mark.parametrize(
    ("kind", "name", "level", "both"),
    [
        ("xã", "Đức Lý", "commune", ("xã", "Đức Lý")),
        ("Xã", "Xã Đức Lý", "", ("xã", "Đức Lý")),
        ("", "Thị xã Duy Tiên", "", ("thị xã", "Duy Tiên")),
        ("", "THÀNH PHỐ PHỦ LÝ", "", ("thành phố", "PHỦ LÝ")),
        ("", "Quế", "Thị trấn", ("thị trấn", "Quế")),
        ("", "Quế", "Cấp xã", ("", "Quế")),
        ("xã", "Phường Đúc", "", ("xã", "Phường Đúc")),
        ("", "Xãng", "", ("", "Xãng")),
    ],
)
def test_kind_and_name_are_told_apart(kind, name, level, both):
    assert kind_and_name(kind=kind, name=name, level=level) == both


@pytest.mark.parametrize(
    ("code", "level", "full"),
    [
        ("1", Level.PROVINCE, "01"),
        ("1", Level.DISTRICT, "001"),
        ("1", Level.COMMUNE, "00001"),
        ("13591", Level.COMMUNE, "13591"),
        ("A1", Level.COMMUNE, "A1"),
        ("1", "", "1"),
    ],
)
def test_lost_zeros_are_put_back(code, level, full):
    assert full_code(code=code, level=level) == full


@pytest.mark.parametrize(
    ("code", "found"), [("1", "001"), ("13591", "13591"), ("7", "7"), ("A1", "A1"), ("01", "001")]
)
def test_code_is_found_among_others_whatever_it_has_lost(code, found):
    assert known_code(code=code, among={"001", "13591"}) == found
