"""What the suite does by itself once the main job is done: certificate, reminders, report.

A file of its own: while the worker waits for its next minute, other tests go on.
"""

import re
from collections import Counter
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.e2e.test_main_job import TRAINEE, OpenAs, job_done  # noqa: F401
from tests.running import DESKTOP, PHONE, Suite, until

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("job_done")]


def test_certificate_is_issued_verified_and_counted(open_as: OpenAs):
    code = receive_the_certificate(open_as("trainee", PHONE))
    verify_the_certificate(open_as(None, PHONE), code)
    read_the_report_as_the_province(open_as("monitor", DESKTOP))


def test_reminders_are_sent_once(suite: Suite):
    find_the_reminders_sent_once(suite)


def receive_the_certificate(page: Page) -> str:
    """Issued by the worker once the session has ended: a PDF of one page with the name and a number."""

    def issued() -> bool:
        page.goto("/giay-chung-nhan/")
        return page.get_by_role("link", name=re.compile("Tải")).count() > 0

    until(issued, seconds=150, what="the certificate is issued", every=1)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Tải")).first.click()
    paper = PdfReader(BytesIO(Path(download.value.path()).read_bytes()))
    text = " ".join(paper.pages[0].extract_text().split())
    assert len(paper.pages) == 1
    assert TRAINEE in text
    assert "GIẤY CHỨNG NHẬN" in text.upper()
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text)
    assert code is not None, text
    return code.group()


def verify_the_certificate(page: Page, code: str) -> None:
    page.goto(f"/xac-minh/{code}/")
    expect(page.get_by_role("heading", name="Hợp lệ")).to_be_visible()
    expect(page.get_by_text(TRAINEE)).to_be_visible()
    answer = page.goto("/xac-minh/ABCDEFGH2345/")
    assert answer is not None
    assert answer.status == 404


def find_the_reminders_sent_once(suite: Suite) -> None:
    """The next session and unfinished lessons, each person once, by the worker's ticks."""

    def subjects() -> list[tuple[str, str]]:
        return [(mail["To"], mail["Subject"].strip()) for mail in suite.mail()]

    def both_kinds() -> bool:
        found = [subject for _to, subject in subjects()]
        # Before eight in the morning it is today's session that is due, later tomorrow's.
        session = any(re.match("(Ngày mai|Hôm nay), .*Buổi", subject) for subject in found)
        # The class that ends in three days is written to at eight in the morning.
        asleep = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).hour < 8
        return session and (asleep or any("bài chưa học" in subject for subject in found))

    until(both_kinds, seconds=180, what="both kinds of reminder are sent", every=1)
    assert [one for one, times in Counter(subjects()).items() if times > 1] == []


def read_the_report_as_the_province(page: Page) -> None:
    """6/6 districts, 116 communes, down to the names, and the same figures as a file."""
    page.goto("/bao-cao/hoan-thanh/")
    expect(page.locator("tbody tr")).to_have_count(6)
    expect(page.locator(".tiles")).to_contain_text("/116")
    shown = page.locator("tfoot .bar__text").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải XLSX").click()
    sheet = load_workbook(BytesIO(Path(download.value.path()).read_bytes())).active
    total = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Tổng cộng")
    assert shown.replace(".", "") == f"{total[2]}/{total[1]}"
    page.locator("tbody").get_by_role("link", name="Huyện Kim Bảng", exact=True).click()
    page.locator("tbody").get_by_role("link", name="Xã Nguyễn Úy", exact=True).click()
    row = page.locator("tr", has_text=TRAINEE)
    expect(row).to_contain_text("Hoàn thành")
