"""Communes as offices write them, and the district that the letterhead tells."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lms.accounts.models import Posting
from lms.geography.domain.finding import UnitIndex
from tests.factories.geography import unit
from tests.factories.importing import rehearsed, write
from tests.factories.rows import set_fields
from tests.refusing import raises_refusal

WRITTEN = {
    **dict.fromkeys(("13384", "Quế", "quế", "Thị trấn Quế", "TT. Quế", "tt Que"), "13384"),
    "X. Nguyễn Úy": "13387",
    "X.Nguyễn Úy": "13387",
    "x Nguyễn Uý": "13387",
    "T.T Quế": "13384",
    "TT Quế": "13384",
    "T.T. Quế": "13384",
    "T.Trấn Quế": "13384",
    "TTr. Quế": "13384",
    "UBND xã Nguyễn Úy": "13387",
    "UBND TT Quế": "13384",
    "Ủy ban nhân dân xã Đức Lý": "13591",
    "Nguyễn Úy - Kim Bảng": "13387",
    "Nguyễn Úy–Kim Bảng": "13387",
    "Xã Nguyễn Úy huyện Kim Bảng": "13387",
    "xã Nguyễn Úy, huyện Kim Bảng, tỉnh Hà Nam": "13387",
    "Nguyễn Úy, Kim Bảng, Hà Nam": "13387",
    "X. Nguyễn Úy, H. Kim Bảng, T. Hà Nam": "13387",
    "Thôn 3, xã Nguyễn Úy": "13387",
    "Thôn 4 - Nguyễn Úy": "13387",
    "Xóm Đình, X.Nguyễn Úy": "13387",
    "Nguyễn Úy (thôn 2)": "13387",
    "TDP số 1, TT. Quế, H.Kim Bảng": "13384",
    "Thôn 1 xã Bắc Lý": "13588",
    "UBND H. Lý Nhân": "353",
    # Of another kind, where it is the only one.
    "P. Quế": "13384",
    "Phường Quế": "13384",
}
DO_NOT_AGREE = ("Đức Lý - Kim Bảng", "Nguyễn Úy, Đức Lý", "Thôn 3", "xã", "Quế - Sao Hoả", "X. Lạ")


def test_unit_is_found_in_what_offices_write_around_it(edition):
    index = UnitIndex(edition.pk)
    assert {text: index.find(text).code for text in WRITTEN} == WRITTEN


def test_kind_tells_two_of_one_name_apart(edition):
    set_fields(unit("13387"), name="Quế", kind="xã", display_name="Xã Quế, huyện Kim Bảng")
    index = UnitIndex(edition.pk)

    written = {"X. Quế, H. Kim Bảng": "13387", "TT Quế, H. Kim Bảng": "13384"}
    assert {text: index.find(text).code for text in written} == written


def test_places_that_do_not_agree_are_unknown(edition):
    index = UnitIndex(edition.pk)
    for text in DO_NOT_AGREE:
        with raises_refusal("unit_unknown"):
            index.find(text)


@pytest.mark.parametrize(
    ("head", "outcome"),
    [
        ("UBND HUYỆN LÝ NHÂN", "new"),
        ("Danh sách cộng tác viên H. Lý Nhân năm 2014", "new"),
        ("UBND TỈNH HÀ NAM", "error"),
        ("Huyện Lý Nhân, huyện Kim Bảng", "error"),
    ],
)
def test_letterhead_tells_the_district_of_a_name_that_two_have(administrator, head, outcome):
    set_fields(unit("13588"), name="Quế", kind="thị trấn")
    row = ("Lê Thị Mới", "1980", "Quế", "CTV")
    text = f"{head},,,\nHọ và tên,Năm sinh,Xã,Nhóm\n{','.join(row)}\n"
    batch = rehearsed(SimpleUploadedFile("a.csv", text.encode()), by=administrator)

    assert [one.outcome for one in batch.rows.all()] == [outcome]
    if outcome == "new":
        write(batch)
        assert Posting.objects.get(user__full_name="Lê Thị Mới").unit == unit("13588")
