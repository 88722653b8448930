"""A list as an office sends it, from the upload to the undo, in Chromium."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from lms.core.demo import read_accounts
from tests.browser.looking import axe_of
from tests.browser.test_admin import is_wagtails
from tests.factories.files import write_book
from tests.running import DESKTOP, PHONE

pytestmark = pytest.mark.browser

# Names in TCVN3 and in two columns, the heading in two rows, years of birth under “Nam” and “Nữ”;
# the communes head groups, and what came in later stands in a sheet of its own.
HEADING = [
    ["STT", "Họ và tên đệm", "Tên", "Năm sinh", None, "Chức danh", "Số điện thoại"],
    [None, None, None, "Nam", "Nữ"],
]
SHEETS = {
    "Đợt 1": [
        ["UBND HUYỆN KIM BẢNG", None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["PHÒNG LĐTBXH", None, None, None, "Độc lập - Tự do - Hạnh phúc"],
        [None],
        ["DANH SÁCH CÁN BỘ, CỘNG TÁC VIÊN"],
        *HEADING,
        ["I. Thị trấn Quế (2 người)"],
        [1, "TrÇn V¨n", "§øc", 1980, None, "Cộng tác viên", "0168 123 4567"],
        [2, "Lª ThÞ Mai", "Ph­¬ng", None, 1979, "Công chức văn hoá - xã hội", 355000001],
        ["II", "Xã Nguyễn Úy"],
        [3, "NguyÔn ThÞ", "§µo", None, None, "Cộng tác viên"],
        ["Tổng cộng: 3 người"],
        [None, None, None, None, None, "Kim Bảng, ngày 05 tháng 9 năm 2014"],
        [None, None, None, None, None, "TRƯỞNG PHÒNG"],
    ],
    "Bổ sung": [
        *HEADING,
        [None, "Xã Nào Đó"],
        [1, "Ph¹m V¨n", "Th¾ng", 1981, None, "Cộng tác viên"],
    ],
    "Tổng hợp": [["Đơn vị", "Số người", "Ghi chú"], ["Quế", 2], ["Nguyễn Úy", 1]],
}


def look_at_a_phone(page: Page) -> None:
    """Nothing of ours is found by axe where the page is narrowest."""
    page.wait_for_load_state()
    page.set_viewport_size(PHONE)
    found = [
        (rule, element)
        for rule, elements in axe_of(page)
        for element in elements
        if not is_wagtails(rule, page.url, element)
    ]
    page.set_viewport_size(DESKTOP)
    assert found == []


def wait_for_the_worker(page: Page, *, heading: str) -> None:
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=60_000)


def expect_chosen(page: Page, field: str, column: str) -> None:
    chosen = page.locator(f"select[name={field}] option:checked")
    expect(chosen).to_have_text(re.compile(f"^{re.escape(column)}"))


def expect_outcomes(page: Page, *outcomes: str) -> None:
    expect(page.locator(".suite-rehearsal .w-status")).to_have_text(list(outcomes))


def test_messy_list_goes_in_and_is_taken_back(open_as, tmp_path):
    assert read_accounts()["trainee"]["name"] == "Nguyễn Thị Đào"
    file = write_book(tmp_path / "danh-sach-ctv.xlsx", SHEETS)
    page = open_as("coordinator", DESKTOP)

    upload_and_name_the_columns(page, file)
    look_at_the_rehearsal(page)
    download_the_marked_list(page)
    write_and_undo(page)


def upload_and_name_the_columns(page, file):
    page.goto("/quan-tri/imports/new/")
    page.get_by_label("Cán bộ và vị trí công tác").check()
    page.locator("input[type=file]").set_input_files(file)
    look_at_a_phone(page)
    page.get_by_role("button", name="Tải lên và xem tệp").click()

    expect(page.get_by_label("Đợt 1: 3 dòng")).to_be_checked()
    expect(page.get_by_label("Bổ sung: 1 dòng")).to_be_checked()
    expect(page.get_by_text("TrÇn V¨n").first).to_be_visible()
    page.get_by_role("link", name="Chuyển chữ rồi xem").click()
    expect(page.get_by_text("Trần Văn").first).to_be_visible()
    expect_chosen(page, "column_full_name", "Họ và tên đệm")
    expect_chosen(page, "column_full_name_2", "Tên")
    expect_chosen(page, "column_cadre", "Chức danh")
    expect_chosen(page, "column_unit", "Xã, phường, thị trấn (theo tiêu đề")
    look_at_a_phone(page)
    page.get_by_role("button", name="Chạy thử").click()


def look_at_the_rehearsal(page):
    wait_for_the_worker(page, heading="Việc cần làm tiếp")
    expect_outcomes(page, "Mới", "Mới", "Nghi trùng người", "Lỗi")
    expect(page.get_by_role("rowheader", name="Bổ sung: 4")).to_be_visible()
    expect(page.get_by_text("Tổng hợp: 2 dòng")).to_be_visible()
    expect(page.get_by_text("Sẽ được cấp mã cán bộ.").first).to_be_visible()
    look_at_a_phone(page)

    page.get_by_role("link", name="Cần lưu ý (1)").click()
    expect(page.get_by_text("Số được giữ như trong danh sách")).to_be_visible()
    page.get_by_role("link", name="Nghi trùng người (1)").click()
    expect_outcomes(page, "Nghi trùng người")
    look_at_a_phone(page)
    page.get_by_role("button", name="Đó là Nguyễn Thị Đào, HV001").click()
    page.get_by_role("link", name="Tất cả (4)").click()
    expect_outcomes(page, "Mới", "Mới", "Không đổi", "Lỗi")


def download_the_marked_list(page):
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("đánh dấu")).click()
    marked = load_workbook(BytesIO(download.value.path().read_bytes())).active
    assert any("Xã Nào Đó" in str(row[-1]) for row in marked.values)


def write_and_undo(page):
    page.get_by_role("link", name="Ghi danh sách").click()
    expect(page.get_by_role("button", name="Ghi 2 dòng")).to_be_visible()
    expect(page.get_by_text("Tổng hợp: 2 dòng")).to_be_visible()
    look_at_a_phone(page)
    page.get_by_role("button", name="Ghi 2 dòng").click()
    wait_for_the_worker(page, heading="Kết quả")
    expect(page.get_by_text("Đã ghi 2 dòng.")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Mã cán bộ: CB13384-\d{3}")).first).to_be_visible()
    look_at_a_phone(page)

    page.get_by_role("link", name="Hoàn tác lần nhập").click()
    expect(page.get_by_role("button", name="Hoàn tác lần nhập")).to_be_visible()
    look_at_a_phone(page)
    page.get_by_role("button", name="Hoàn tác lần nhập").click()
    expect(page.get_by_text("Mọi thứ đã trở lại như trước.")).to_be_visible(timeout=60_000)
