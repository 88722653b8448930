"""Words of offices: one heading for its spellings; nothing is taken for a total that is a name."""

import pytest

from lms.importing.reading.vocabulary import heading, is_letterhead, is_signature, is_total


@pytest.mark.parametrize(
    ("label", "meant"),
    [
        ("SĐT", "so dien thoai"),
        ("Số ĐT (Zalo)", "so dien thoai"),
        ("HỌ VÀ TÊN", "ho va ten"),
        ("(Họ tên)", "ho va ten"),
        ("Năm", "năm"),
        ("ĐT", "so dien thoai"),
        ("Xã công tác", "xa phuong"),
        ("Xã thường trú", "xa thuong tru"),
        ("Chức vụ đảm nhiệm", "chuc vu"),
        ("Nam", ""),
        ("DT", ""),
        ("Trình độ", "trinh do"),
        ("", ""),
        ("(" * 30_000, ""),
    ],
)
def test_heading_is_spelled_out(label, meant):
    assert heading(label) == meant


def test_long_texts_are_neither_heading_nor_total_nor_signature():
    """Thirty thousand letters in a cell: answered at once."""
    long = " 1" * 15_000

    assert not is_total(f"Tổng cộng:{long}")
    assert not is_signature(f"Ngày{long}")
    assert not is_letterhead([f"Độc lập - Tự do{long}"])
    assert is_letterhead(["Độc lập - Tự do - Hạnh phúc"])


@pytest.mark.parametrize(
    "text",
    ["Cộng trang", "Cộng trang 1", "Cộng trang: 25 người", "CỘNG TRANG", "Cộng dồn", "Mang sang",
     "Chuyển sang trang sau", "Trong đó:", "Trong đó: nữ 12", "Trong đó"],
)  # fmt: skip
def test_sums_of_a_page_are_totals(text):
    assert is_total(text)


@pytest.mark.parametrize("text", ["Trần Trọng Đô", "Công Trang", "Cộng Thị Trang", "Mang Văn Sang"])
def test_names_like_the_sums_of_a_page_are_people(text):
    assert not is_total(text)
