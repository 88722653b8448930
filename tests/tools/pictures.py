"""`python -m tests.tools.pictures FOLDER`: the pictures of the documents, taken anew.

Starts the suite with fresh demo data and walks it as the people of the guides: each main page at
both widths, and what is printed: the report, the frozen one, a sign-in sheet, cards.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from pypdfium2 import PdfDocument

from lms.core.demo import read_accounts
from tests.running import DESKTOP, PHONE, Suite, chromium, log_in, running_suite, until

CLASS = "Lớp tập huấn Dự án 2 số 2, huyện Kim Bảng"
DISTRICT = "Huyện Kim Bảng"
LESSON = "Truyền thông và vận động gia đình"
# Of the last module: the demo loads the quizzes in the order of their modules.
QUIZ = "/kiem-tra/10/"
# Pictures of a page that is endless are cut here.
TALLEST = {360: 2200, 1280: 1900}
# Lets the first holder of a certificate in, and tells who that is and the certificate's code.
HOLDER = """
from certificates.models import Certificate
first = Certificate.objects.select_related("enrolment__user").order_by("pk")[0]
first.enrolment.user.set_password("giay-chung-nhan")
first.enrolment.user.save()
print(first.enrolment.user.staff_code, first.code)
"""
# What an office writes on its report.
OFFICE = {
    "parent": "Uỷ ban nhân dân tỉnh Hà Nam",
    "name": "Sở Lao động - Thương binh và Xã hội",
    "code": "SLĐTBXH",
    "place": "Hà Nam",
    "signer_position": "KT. Giám đốc\nPhó Giám đốc",
    "signer_name": "Trần Văn Mẫu",
    "recipients": "Uỷ ban nhân dân tỉnh (báo cáo)\nPhòng Lao động các huyện, thành phố\nLưu: VT",
}
# 80 to the inch.
PIXELS_A_POINT = 80 / 72
HOLDERS_PASSWORD = "giay-chung-nhan"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="suite-pictures-") as data,
        running_suite(Path(data)) as suite,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**chromium())
        _wait_for_certificates(browser, suite)
        holder, code = _holder(suite)
        for size in (PHONE, DESKTOP):
            _take(browser, suite, size, folder)
            _take_certificates(browser, suite, size, folder, holder, code)
        _print(browser, suite, folder)
        _print_frozen_report(browser, suite, folder)
        browser.close()
    for picture in folder.glob("*.png"):
        _shrink(picture)


def _wait_for_certificates(browser: Browser, suite: Suite) -> None:
    """Until the worker has issued those that the demo leaves to it: figures that stand still."""
    with _demo(browser, suite, DESKTOP, "monitor") as page:

        def all_issued() -> bool:
            page.goto("/bao-cao/hoan-thanh/")
            return "đang chờ cấp" not in page.locator("main").inner_text()

        until(all_issued, seconds=600, what="every certificate is issued")


def _holder(suite: Suite) -> tuple[str, str]:
    """Staff code of somebody with a certificate, and the certificate's own code."""
    environment = {**os.environ, "SUITE_DATA_DIR": str(suite.folder)}
    environment |= {"DJANGO_SETTINGS_MODULE": "lms.settings.dev"}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", HOLDER]
    told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    login, code = told.stdout.split()
    return login, code


@contextmanager
def _person(
    browser: Browser, suite: Suite, size: dict, login: str = "", password: str = ""
) -> Iterator[Page]:
    context = browser.new_context(viewport=size, base_url=suite.url, reduced_motion="reduce")
    page = context.new_page()
    if login:
        log_in(page, login, password)
    yield page
    context.close()


def _demo(browser: Browser, suite: Suite, size: dict, role: str) -> AbstractContextManager[Page]:
    account = read_accounts()[role]
    return _person(browser, suite, size, account["login"], account["password"])


def _shoot(page: Page, folder: Path, name: str) -> None:
    """The whole page on a screen as high as it is: a bar at the foot of the screen stays there."""
    page.wait_for_load_state("networkidle")
    shown = page.viewport_size
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({**shown, "height": min(height, TALLEST[shown["width"]])})
    page.screenshot(path=folder / f"{name}-{shown['width']}.png")
    page.set_viewport_size(shown)


def _take(browser: Browser, suite: Suite, size: dict, folder: Path) -> None:
    with _person(browser, suite, size) as page:
        page.goto("/")
        _shoot(page, folder, "01-home")
        page.goto("/tai-khoan/login/")
        _shoot(page, folder, "02-login")
        page.goto("/khong-co-trang-nay/")
        _shoot(page, folder, "14-not-found")
    with _demo(browser, suite, size, "trainee") as page:
        _shoot(page, folder, "03-my-work")
        page.goto("/lich-cua-toi/")
        _shoot(page, folder, "15-my-calendar")
        page.goto("/viec-cua-toi/")
        page.get_by_role("link", name="Học tiếp").first.click()
        _shoot(page, folder, "04-lesson")
        page.goto(QUIZ)
        page.locator("main form button").first.click()
        _shoot(page, folder, "05-quiz")
    with _demo(browser, suite, size, "trainer") as page:
        _take_class(page, folder)
        page.goto("/quan-tri/")
        _shoot(page, folder, "12-admin")
        page.goto("/quan-tri/pages/search/?q=truyen+thong+va+van+dong")
        page.locator("main").get_by_role("link", name=LESSON, exact=True).click()
        _shoot(page, folder, "13-editor")
    with _demo(browser, suite, size, "monitor") as page:
        page.goto("/bao-cao/hoan-thanh/")
        _shoot(page, folder, "08-districts")
        page.locator("tbody").get_by_role("link", name=DISTRICT).first.click()
        _shoot(page, folder, "09-communes")


def _take_class(page: Page, folder: Path) -> None:
    page.goto("/lop/")
    page.locator("main").get_by_role("link", name=CLASS).first.click()
    address = page.url
    _shoot(page, folder, "06-class")
    page.locator("main a[href*='/diem-danh/']").first.click()
    _shoot(page, folder, "07-roll-call")
    for name, part in (("16-attendance-table", "bang-diem-danh"), ("17-register", "so-diem-danh")):
        page.goto(f"{address}{part}/")
        _shoot(page, folder, name)


def _take_certificates(
    browser: Browser, suite: Suite, size: dict, folder: Path, holder: str, code: str
) -> None:
    with _person(browser, suite, size, holder, HOLDERS_PASSWORD) as page:
        page.goto("/giay-chung-nhan/")
        _shoot(page, folder, "11-certificates")
        page.goto(f"/xac-minh/{code}/")
        _shoot(page, folder, "10-verify")


def _print(browser: Browser, suite: Suite, folder: Path) -> None:
    with _demo(browser, suite, DESKTOP, "monitor") as page:
        page.goto("/bao-cao/hoan-thanh/")
        report = page.pdf(format="A4", prefer_css_page_size=True)
        _draw(report, folder / "08-districts-print.png")
    with _demo(browser, suite, DESKTOP, "trainer") as page:
        page.goto("/lop/")
        page.locator("main").get_by_role("link", name=CLASS).first.click()
        for name, part in (
            ("18-sign-in-sheet", "phieu-ky-ten.pdf"),
            ("19-cards", "the-hoc-vien.pdf"),
        ):
            address = page.locator(f"main a[href$='{part}']").first.get_attribute("href")
            _draw(page.request.get(str(address)).body(), folder / f"{name}.png")


def _print_frozen_report(browser: Browser, suite: Suite, folder: Path) -> None:
    """Print the report of the last month as two people make it: its head, and where it is signed."""
    with _demo(browser, suite, DESKTOP, "monitor") as page:
        page.goto("/bao-cao/da-chot/lap/")
        for name, text in OFFICE.items():
            page.locator(f"[name={name}]").fill(text)
        page.locator("main form.card button").click()
        page.wait_for_url(re.compile(r"/da-chot/\d+/$"))
        address = page.url
    with _demo(browser, suite, DESKTOP, "administrator") as page:
        page.goto(address)
        page.get_by_role("button", name="Duyệt báo cáo").click()
        page.wait_for_load_state()
        report = page.request.get(f"{address}pdf/").body()
    _draw(report, folder / "20-frozen-report.png")
    _draw(report, folder / "21-frozen-report-signed.png", at=len(PdfDocument(report)) - 1)


def _draw(pdf: bytes, picture: Path, at: int = 0) -> None:
    """Draw one page, the first unless told."""
    PdfDocument(pdf)[at].render(scale=PIXELS_A_POINT).to_pil().save(picture)


def _shrink(picture: Path) -> None:
    """128 colours are enough for pages, and a quarter of the bytes."""
    with Image.open(picture) as image:
        image.convert("RGB").quantize(128).save(picture, optimize=True)


if __name__ == "__main__":
    # Only for the list of demo accounts; the suite itself runs beside this process.
    os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings.test"
    main(Path(sys.argv[1]))
