"""The main job, walked by the five people who do it, in order, in one sitting."""

import re
import sqlite3
import tomllib
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.running import DESKTOP, PHONE, ROOT, Suite, once

pytestmark = pytest.mark.browser

TRAINEE = "Nguyễn Thị Đào"
NEW_SENTENCE = "Câu này giảng viên vừa thêm vào bài học."
LESSON = "Truyền thông và vận động gia đình"
CLASS = "Lớp tập huấn Dự án 2 số 2, huyện Kim Bảng"

OpenAs = Callable[..., Page]


@pytest.fixture
def job_done(suite: Suite, open_as: OpenAs) -> None:
    """What the five do themselves, for whichever test asks first."""
    once(suite.folder / "main-job.txt", lambda: do_the_job(suite, open_as))


def do_the_job(suite: Suite, open_as: OpenAs) -> str:
    trainer = open_as("trainer", DESKTOP)
    edit_preview_and_publish_a_lesson(trainer)
    open_the_class_and_see_its_trainees(trainer)
    trainee = open_as("trainee", PHONE)
    read_the_lessons_of_a_module(trainee)
    answer_the_quiz(trainee)
    take_the_roll_and_correct_one(open_as("trainer", PHONE))
    let_the_session_end(suite)
    read_the_report_as_a_district(open_as("coordinator", DESKTOP))
    look_back_a_year(open_as("monitor", DESKTOP), open_as("focal_point", DESKTOP))
    return "done"


def test_main_job(job_done):
    """Whatever else must be so is asked on the way."""


def edit_preview_and_publish_a_lesson(page: Page) -> None:
    """Typed without accents, found with them; previewed as a trainee on a phone; published."""
    page.goto("/quan-tri/pages/search/?q=truyen+thong+va+van+dong")
    page.locator("main").get_by_role("link", name=LESSON, exact=True).click()
    page.locator("textarea[name=summary]").fill(NEW_SENTENCE)
    page.locator("[data-side-panel-toggle=preview]").click()
    preview = page.frame_locator("iframe[title]").last
    expect(preview.get_by_text(NEW_SENTENCE)).to_be_visible(timeout=30_000)
    page.locator("button[name=action-publish]").click()
    expect(page.locator(".messages .success")).to_be_visible()


def open_the_class_and_see_its_trainees(page: Page) -> None:
    page.goto("/lop/")
    page.locator("main").get_by_role("link", name=CLASS).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CLASS)
    expect(page.get_by_text(re.compile("Buổi 1:")).filter(visible=True).first).to_be_visible()
    expect(page.get_by_text(re.compile("Buổi 2:")).filter(visible=True).first).to_be_visible()
    page.locator("main input[name=q]").fill("nguyen thi dao")
    page.locator("main input[name=q]").press("Enter")
    expect(page.get_by_role("link", name=TRAINEE).first).to_be_visible()


def read_the_lessons_of_a_module(page: Page) -> None:
    """Logged in by phone number; the last module is still to be read."""
    page.goto("/viec-cua-toi/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")
    expect(page.locator(".bar__text").first).to_have_text("27/30")
    page.get_by_role("link", name="Học tiếp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(LESSON)
    expect(page.get_by_text(NEW_SENTENCE)).to_be_visible()
    for read in (28, 29, 30):
        page.get_by_role("button", name="Đã học xong").click()
        page.wait_for_load_state()
        if read < 30:
            expect(page.locator(".bar__text").last).to_have_text(f"{read}/30")


def answer_the_quiz(page: Page) -> None:
    """The right answers stand in the files of the course; one question of any kind a screen."""
    questions = questions_of("m10.toml")
    page.goto("/viec-cua-toi/")
    expect(page.locator(".bar__text").first).to_have_text("30/30")
    page.get_by_role("link", name="Làm bài kiểm tra").click()
    page.get_by_role("button", name="Bắt đầu").click()
    for _ in questions:
        give_the_right_answer(page, questions[page.get_by_role("heading", level=1).inner_text()])
        page.locator(".action-bar button").last.click()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_text(f"{len(questions)}/{len(questions)}").first).to_be_visible()
    page.goto("/viec-cua-toi/")
    expect(page.get_by_text("3 giờ 30 phút")).to_be_visible()


def give_the_right_answer(page: Page, question: dict[str, Any]) -> None:
    options = question["options"]
    if question["kind"] == "number":
        page.locator("input[name=typed]").fill(options[0]["text"])
        return
    for place, option in enumerate(options, start=1):
        field = page.get_by_label(option["text"], exact=True)
        if question["kind"] == "matching":
            field.select_option(label=option["match"])
        elif question["kind"] == "ordering":
            field.select_option(label=str(place))
        elif option["correct"]:
            field.check()


def take_the_roll_and_correct_one(page: Page) -> None:
    """Everybody present in one tap, three exceptions; then a correction, which needs a reason."""
    page.goto("/lop/")
    page.locator("main").get_by_role("link", name=CLASS).first.click()
    page.locator("main a[href*='/diem-danh/']", has_text="Điểm danh").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Buổi 2")
    page.get_by_role("button", name="Tất cả có mặt").click()
    others = page.locator(".roll > li", has_not_text=TRAINEE)
    for place, status in enumerate(("late", "excused", "absent")):
        others.nth(place).locator(f"input[value={status}]").check()
    changed = others.nth(2).locator(".roll__name").inner_text()
    save_the_roll(page)
    expect(page.get_by_text(re.compile("Đã lưu")).first).to_be_visible()
    # For ten minutes no reason is asked for a slip, on the page loaded anew either.
    page.reload()
    row = page.locator(".roll > li", has_text=changed).first
    row.locator("input[value=excused]").check()
    save_the_roll(page)
    expect(page.get_by_text(re.compile("Đã lưu")).first).to_be_visible()


def save_the_roll(page: Page) -> None:
    """Before the hour of the session the page asks whether it is meant."""
    early = page.get_by_label("Tôi điểm danh trước giờ học")
    if early.count():
        early.check()
    page.get_by_role("button", name="Lưu điểm danh").click()


def let_the_session_end(suite: Suite) -> None:
    """In place of waiting, where its hour has not passed: the session ended a minute ago."""
    now = datetime.now(UTC).replace(tzinfo=None)
    ended = {"begin": str(now - timedelta(minutes=211)), "end": str(now - timedelta(minutes=1))}
    with closing(sqlite3.connect(suite.folder / "db.sqlite3", timeout=30)) as database, database:
        database.execute(
            "UPDATE attendance_session SET starts_at = :begin, ends_at = :end "
            "WHERE counted_at IS NULL AND id IN "
            "(SELECT session_id FROM attendance_attendancemark ORDER BY id DESC LIMIT 1)",
            ended,
        )


def read_the_report_as_a_district(page: Page) -> None:
    page.goto("/bao-cao/hoan-thanh/")
    expect(page.locator("h1")).to_contain_text("Kim Bảng")
    # Its communes, and the people of its own office.
    expect(page.locator("tbody tr")).to_have_count(19)
    expect(page.locator("main")).not_to_contain_text("Lý Nhân")


def look_back_a_year(monitor: Page, focal_point: Page) -> None:
    """Two programmes, a class that was cancelled; who looks after a commune begins at its names."""
    monitor.goto("/bao-cao/hoan-thanh/")
    programmes = monitor.locator("select[name=programme] option")
    expect(programmes).to_have_count(2)
    other = programmes.nth(1).get_attribute("value")
    monitor.goto(f"/bao-cao/hoan-thanh/?programme={other}")
    expect(monitor.locator("tfoot .bar__text")).not_to_have_text(re.compile("^0/"))
    monitor.goto("/lop/?q=DA2-352-03")
    expect(monitor.locator("main")).to_contain_text("Đã huỷ")
    focal_point.goto("/bao-cao/hoan-thanh/")
    expect(focal_point.locator("h1")).to_contain_text("Nguyễn Úy")
    expect(focal_point).to_have_url(re.compile("/hoc-vien/"))


def questions_of(file_name: str) -> dict[str, dict[str, Any]]:
    """Return the questions by their text, from the course's own files."""
    with (ROOT / "fixtures" / "course" / file_name).open("rb") as file:
        return {one["text"]: one for one in tomllib.load(file)["questions"]}
