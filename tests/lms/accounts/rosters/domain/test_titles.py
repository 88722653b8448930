"""Titles as offices write them, and the cadre that they mean."""

import pytest

from lms.accounts.enums import Cadre
from lms.accounts.rosters.domain.titles import cadre_at, cadre_of_list, cadre_titled
from lms.geography.enums import Level

CTV, COMMUNE, DISTRICT = Cadre.COLLABORATOR, Cadre.COMMUNE_OFFICER, Cadre.DISTRICT_OFFICER


@pytest.mark.parametrize(
    ("title", "cadre"),
    [
        ("CTV thôn 3", CTV), ("CTV xóm Đình", CTV), ("CTV TE", CTV), ("ctv.", CTV),
        ("Cộng tác viên BVTE", CTV), ("Cộng tác viên dân số, trẻ em", CTV),
        ("Trưởng thôn kiêm CTV", CTV), ("TNV thôn 2", CTV), ("CC VH-XH", COMMUNE), ("CCVHXH", None),
        ("CC. Văn hoá - Xã hội", COMMUNE), ("CB LĐ-TB&XH", COMMUNE), ("CB LĐTBXH xã", COMMUNE),
        ("Cán bộ LĐ - TB và XH", COMMUNE), ("Công chức VHXH xã Khả Phong", COMMUNE),
        ("Cán bộ chuyên trách trẻ em", COMMUNE), ("CB phụ trách công tác TE", COMMUNE),
        ("VH-XH", COMMUNE), ("CB xã", COMMUNE), ("CV Phòng LĐ-TB&XH", DISTRICT),
        ("Phó phòng LĐTBXH", DISTRICT), ("CB LĐTBXH huyện", DISTRICT),
        ("Cán bộ cấp huyện", DISTRICT), ("Nhóm cha mẹ", Cadre.PARENT_GROUP),
        ("Trẻ em nòng cốt", Cadre.CORE_CHILD), ("Trưởng thôn", None), ("Hội LHPN", None),
        ("Chủ tịch UBND xã", None), ("", None),
    ],
)  # fmt: skip
def test_title_means_a_cadre_or_nothing(title, cadre):
    assert cadre_titled(title) == cadre


@pytest.mark.parametrize(
    ("title", "level", "cadre"),
    [
        ("CB LĐ-TB&XH", Level.DISTRICT, DISTRICT),
        ("CB LĐ-TB&XH", Level.COMMUNE, COMMUNE),
        ("CB LĐ-TB&XH xã", Level.DISTRICT, COMMUNE),
    ],
)
def test_unit_tells_the_level_of_an_officer(title, level, cadre):
    assert cadre_at(title=title, cadre=COMMUNE, level=level) == cadre


@pytest.mark.parametrize(
    ("head", "cadre"),
    [
        (["UBND HUYỆN KIM BẢNG", "DANH SÁCH CỘNG TÁC VIÊN BẢO VỆ TRẺ EM"], CTV),
        (["Danh sách CTV xã Khả Phong năm 2014"], CTV),
        (["Danh sách công chức VH-XH các xã"], COMMUNE),
        (["Danh sách CTV", "Danh sách trẻ em nòng cốt"], None),
        (["I. DANH SÁCH CTV XÃ NGUYỄN ÚY"], CTV),
        (["DS CTV"], CTV),
        (["Danh sách học viên"], None),
        ([], None),
        (["DANH SÁCH CÁN BỘ, CỘNG TÁC VIÊN"], None),
    ],
)
def test_title_of_a_list_names_its_cadre(head, cadre):
    assert cadre_of_list(head) == cadre
