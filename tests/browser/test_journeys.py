"""The main job without a mouse, and without JavaScript."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from attendance.models import AttendanceRecord
from courses.models import LessonCompletion, QuizAttempt
from tests.browser.keys import Keys
from tests.browser.looking import SEEN_NARROW, axe_of
from tests.browser.scenario import PASSWORD, RUN, SESSION, TRAINEE, Scenario, make_scenario
from tests.factories.attendance import age_marks
from tests.running import DESKTOP, log_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("database_beside_the_browser"),
]


@pytest.fixture
def scenario(live_server) -> Scenario:
    return make_scenario()


def statuses() -> list[str]:
    """Of the three people, the trainee first."""
    records = AttendanceRecord.objects.order_by("enrolment__pk")
    return list(records.values_list("status", flat=True))


# --- Without a mouse


def log_in_by_keys(page: Page, login: str) -> Keys:
    keys = Keys(page)
    # The page asks one thing only, so the focus is there already.
    expect(page.locator("[name=login]")).to_be_focused()
    keys.type(login)
    keys.go_to("Mật khẩu", kind="password")
    keys.type(PASSWORD)
    with page.expect_navigation(url=lambda url: "/login/" not in url):
        keys.press("Enter")
    return keys


def test_trainee_logs_in_and_learns_by_keyboard(scenario, open_live):
    page = open_live(None, "/tai-khoan/login/")
    keys = log_in_by_keys(page, "0912345678")
    page.goto("/viec-cua-toi/")
    keys.skip_link_comes_first()
    keys.follow("Học tiếp")
    keys.follow("Đã học xong")
    keys.follow("Đã học xong")
    assert LessonCompletion.objects.filter(enrolment__user=scenario.trainee).count() == 2

    page.goto("/viec-cua-toi/")
    keys.follow("Làm bài kiểm tra")
    keys.follow("Bắt đầu làm bài")
    for button in ("Câu sau", "Xem lại"):
        keys.go_to("Đúng", kind="radio")
        keys.press("Space")
        keys.follow(button)
    keys.follow("Nộp bài")
    expect(page.get_by_text("2/2").first).to_be_visible()


def test_trainer_takes_the_roll_by_keyboard(scenario, open_live):
    page = open_live(scenario.trainer, "/lop/")
    keys = Keys(page)
    keys.skip_link_comes_first()
    keys.follow(RUN)
    keys.follow("Điểm danh")
    expect(page.get_by_role("heading", level=1)).to_contain_text(SESSION)
    keys.go_to("Tất cả có mặt")
    keys.press("Enter")
    keys.go_to("", group=TRAINEE, kind="radio")
    keys.press("ArrowRight")
    keys.go_to("Lưu điểm danh")
    keys.press("Enter")
    expect(page.get_by_text("Đã lưu điểm danh 3 người.")).to_be_visible()
    assert statuses() == ["late", "present", "present"]

    # For ten minutes no reason is asked for a slip.
    age_marks()
    page.reload()
    keys.go_to("", group=TRAINEE, kind="radio")
    keys.press("ArrowRight")
    keys.go_to("Lý do sửa")
    keys.type("Có đơn xin phép")
    keys.go_to("Lưu điểm danh")
    keys.press("Enter")
    expect(page.get_by_text("Đã lưu điểm danh 3 người.")).to_be_visible()
    assert statuses() == ["excused", "present", "present"]


def test_coordinator_reads_the_district_by_keyboard(scenario, open_live):
    page = open_live(scenario.coordinator, "/bao-cao/hoan-thanh/", viewport=DESKTOP)
    keys = Keys(page)
    keys.skip_link_comes_first()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kim Bảng")
    keys.follow("Nguyễn Úy")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nguyễn Úy")


def test_certificate_is_fetched_and_verified_by_keyboard(scenario, open_live):
    page = open_live(scenario.trainee, "/giay-chung-nhan/")
    keys = Keys(page)
    keys.skip_link_comes_first()
    keys.go_to("Tải")
    with page.expect_download() as download:
        keys.press("Enter")
    text = PdfReader(download.value.path()).pages[0].extract_text()
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text).group()

    page = open_live(None, "/xac-minh/")
    keys = Keys(page)
    keys.skip_link_comes_first()
    keys.go_to("", kind="text")
    keys.type(code)
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_role("heading", name="Hợp lệ")).to_be_visible()


# --- Without JavaScript


def saved_by(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(name)).first.click()
    return Path(download.value.path()).read_bytes()


def test_trainee_logs_in_and_learns_without_javascript(scenario, open_live):
    page = open_live(None, java_script_enabled=False)
    log_in(page, "0912345678", PASSWORD)
    page.goto("/viec-cua-toi/")
    page.get_by_role("link", name="Học tiếp").click()
    for _ in range(2):
        page.get_by_role("button", name="Đã học xong").click()
    page.goto("/viec-cua-toi/")
    page.get_by_role("link", name="Làm bài kiểm tra").click()
    page.get_by_role("button", name="Bắt đầu").click()
    for button in ("Câu sau", "Xem lại"):
        page.get_by_label("Đúng", exact=True).check()
        page.get_by_role("button", name=re.compile(button)).last.click()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_text("2/2").first).to_be_visible()
    assert QuizAttempt.objects.get(enrolment__user=scenario.trainee).score == 2

    page.goto("/giay-chung-nhan/")
    paper = PdfReader(BytesIO(saved_by(page, "Tải")))
    assert TRAINEE in " ".join(paper.pages[0].extract_text().split())


def test_trainer_takes_the_roll_without_javascript(scenario, open_live):
    page = open_live(scenario.trainer, "/lop/", java_script_enabled=False)
    page.locator("main").get_by_role("link", name=RUN).first.click()
    page.locator("main a[href*='/diem-danh/']").first.click()
    page.get_by_role("button", name="Tất cả có mặt").click()
    line = page.locator(".roll > li", has_text=TRAINEE)
    line.locator("input[value=late]").check(force=True)
    page.get_by_role("button", name="Lưu điểm danh").click()
    assert statuses() == ["late", "present", "present"]

    age_marks()
    line.locator("input[value=excused]").check(force=True)
    page.get_by_role("button", name="Lưu điểm danh").click()
    line.get_by_label("Lý do sửa").fill("Có đơn xin phép")
    page.get_by_role("button", name="Lưu điểm danh").click()
    assert statuses() == ["excused", "present", "present"]


def test_coordinator_downloads_the_report_without_javascript(scenario, open_live):
    page = open_live(scenario.coordinator, "/bao-cao/hoan-thanh/", java_script_enabled=False)
    sheet = load_workbook(BytesIO(saved_by(page, "Tải XLSX"))).active
    assert "Xã Nguyễn Úy" in [row[0] for row in sheet.iter_rows(values_only=True)]


# --- States that no link leads to


@pytest.mark.parametrize("language", ["vi", "en"])
def test_states_on_the_way_are_accessible(scenario, live_server, open_live, language):
    """Wrong log-in, a question, a question left out, the answers looked over, the result, a
    correction without its reason.
    """
    page = open_live(None, viewport={"width": 320, "height": 740})
    page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": live_server.url}]
    )
    found = {}

    def look(state: str) -> None:
        page.wait_for_load_state()
        wide = page.evaluate("document.documentElement.scrollWidth")
        # They do not depend on the language.
        without = SEEN_NARROW if language == "en" else ()
        if problems := [*axe_of(page, without=without), *([wide] if wide > 320 else [])]:
            found[state] = problems

    page.goto("/tai-khoan/login/")
    page.locator("input[name=login]").fill("0900000000")
    page.locator("input[name=password]").fill("x")
    page.locator("input[name=password]").press("Enter")
    page.get_by_role("alert").first.wait_for()
    look("wrong log-in")
    log_in(page, "0912345678", PASSWORD)
    quiz = scenario.run.course.get_children().first().specific.quiz
    page.goto(f"/kiem-tra/{quiz.pk}/")
    page.locator("main form button").click()
    look("question")
    page.locator(".action-bar button").last.click()
    look("question without an answer")
    for _ in range(2):
        page.locator("[name=option]").first.check()
        page.locator(".action-bar button").last.click()
    look("answers looked over")
    page.locator("main form button").last.click()
    look("result")
    page.goto("/viec-cua-toi/")
    look("my work")
    assert found == {}
