"""Columns found by the names that offices give them, and never one that means something else."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.importing.reading.mapping import suggest_mapping


@dataclass(frozen=True)
class Field:
    key: str
    aliases: tuple[str, ...]


FIELDS = [
    Field("staff_code", ("Mã cán bộ",)), Field("full_name", ("Họ và tên",)),
    Field("born", ("Ngày, tháng, năm sinh",)), Field("year_of_birth", ("Năm sinh",)),
    Field("sex", ("Giới tính",)), Field("phone", ("Số điện thoại",)),
    Field("email", ("Thư điện tử",)), Field("unit", ("Đơn vị",)), Field("commune", ("Xã/phường",)),
    Field("district", ("Quận/huyện",)), Field("village", ("Thôn/xóm",)),
    Field("post", ("Chức vụ",)), Field("title", ("Chức danh",)), Field("year", ("Năm",)),
]  # fmt: skip


def mapped(*labels):
    return {key: labels[column] for key, column in suggest_mapping(labels, FIELDS).items()}


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Họ và tên", "full_name"), ("HỌ TÊN", "full_name"), ("ho va ten", "full_name"),
        ("Họ, tên", "full_name"), ("Họ và tên người tham dự", "full_name"),
        ("Họ và tên cộng tác viên", "full_name"), ("Ngày, tháng, năm sinh", "born"),
        ("Ngày sinh", "born"), ("NTNS", "born"), ("Ngày sinh (dd/mm/yyyy)", "born"),
        ("Năm sinh", "year_of_birth"), ("Ngày sinh / Năm", "year_of_birth"), ("SĐT", "phone"),
        ("Số ĐT", "phone"), ("ĐT", "phone"), ("ĐT liên hệ", "phone"), ("Điện thoại", "phone"),
        ("Số điện thoại (nếu có)", "phone"), ("Di động", "phone"), ("Đơn vị", "unit"),
        ("Đơn vị công tác", "unit"), ("Xã/phường", "commune"), ("Xã, phường, thị trấn", "commune"),
        ("Xã", "commune"), ("Nơi công tác / Xã", "commune"), ("Nơi công tác / Huyện", "district"),
        ("Huyện/TP", "district"), ("Thôn/xóm", "village"), ("Thôn", "village"),
        ("Tổ dân phố", "village"), ("Chức vụ", "post"), ("Chức vụ hiện nay", "post"),
        ("Chức danh", "title"), ("Giới tính", "sex"), ("GT", "sex"), ("Nam/Nữ", "sex"),
        ("Giới tính (Nam/Nữ)", "sex"), ("E-mail", "email"), ("Mã số cán bộ", "staff_code"),
        ("Năm", "year"), ("NĂM", "year"),
    ],
)  # fmt: skip
def test_label_of_an_office_is_understood(label, key):
    assert mapped(label) == ({key: label} if key else {})


@pytest.mark.parametrize(
    "label",
    [
        "", "STT", "Nam", "Nữ", "NAM", "nam", "Giới tính / Nam", "Giới tính / Nữ", "Năm sinh / Nam",
        "Năm sinh / Nữ", "DT", "Dân tộc", "Tên", "Họ và tên, chức vụ", "Chức vụ, đơn vị công tác",
        "Đơn vị / Số người", "Số người", "Ghi chú", "(1)",
        "Họ và tên cha mẹ hoặc người giám hộ của trẻ",
    ],
)  # fmt: skip
def test_label_that_means_something_else_or_more_is_left_to_a_person(label):
    assert mapped(label) == {}


def test_surest_label_wins_and_each_column_serves_once():
    labels = ["Họ và tên học sinh", "Họ và tên", "Nơi ở / Xã", "Xã", "Xã"]

    assert suggest_mapping(labels, FIELDS) == {"full_name": 1, "commune": 3}


def test_official_list_is_mapped_whole():
    labels = ["STT", "Họ và tên", "Năm sinh", "Giới tính", "Chức danh", "Nơi công tác / Xã", "SĐT"]

    assert suggest_mapping(labels, FIELDS) == {
        "full_name": 1,
        "year_of_birth": 2,
        "sex": 3,
        "title": 4,
        "commune": 5,
        "phone": 6,
    }


@given(
    st.lists(st.sampled_from(["Họ tên", "SĐT", "Xã", "Nam", "", "Năm sinh", "Ghi chú"]) | st.text())
)
def test_any_labels_give_a_mapping_without_repeats(labels):
    mapping = suggest_mapping(labels, FIELDS)

    assert len(set(mapping.values())) == len(mapping)
    assert set(mapping.values()) <= set(range(len(labels)))
