"""The places that a text names: kinds that are also words of names, and offices that sit there."""

import pytest

from lms.geography.domain.place_texts import NamedPlace, names_a_commune, places_in


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("XÃ VĂN XÁ - HUYỆN KIM BẢNG", [("xa", "van xa"), ("huyen", "kim bang")]),
        ("xa van xa, huyen kim bang", [("xa", "van xa"), ("huyen", "kim bang")]),
        ("Xã Đông Phương Yên", [("xa", "dong phuong yen")]),
        ("tỉnh Hà Tĩnh", [("tinh", "ha tinh")]),
        ("Phường", []),
        ("Phòng LĐ-TB&XH Kim Bảng", [("", "kim bang")]),
        ("Phòng Lao động - Thương binh và Xã hội huyện Kim Bảng", [("huyen", "kim bang")]),
        ("* Xã Mỹ Thọ:", [("xa", "my tho")]),
        ("Thôn 3", []),
    ],
)
def test_kinds_are_told_from_words_of_names(text, places):
    assert places_in(text) == [NamedPlace(*place) for place in places]


def test_society_is_no_commune():
    assert not names_a_commune("văn hoá - xã hội")
