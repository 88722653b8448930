"""What the roll call does in a browser beyond the form: `roll_call.js`, and accessibility."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from attendance.models import AttendanceRecord
from lms.accounts.enums import Role
from tests.factories.accounts import RoleAssignmentFactory, UserFactory
from tests.factories.attendance import SessionFactory, enrol_many, make_class
from tests.factories.geography import make_map, unit
from tests.factories.rows import set_fields

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("database_beside_the_browser"),
]

NAMES = ("Trần Văn An", "Đỗ Thị Đào", "Nguyễn Thị Hòa")


@pytest.fixture
def roll(browser: Browser, live_server) -> Iterator[Page]:
    """The roll of three people on a phone, nothing noted yet, a trainer logged in."""
    make_map()
    run = make_class()
    for person, name in zip(enrol_many(run, 3), NAMES, strict=True):
        set_fields(person.user, full_name=name)
    trainer = UserFactory()
    RoleAssignmentFactory(user=trainer, role=Role.TRAINER, unit=unit("350"))
    run.trainers.add(trainer)
    client = Client()
    client.force_login(trainer)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    session = SessionFactory(run=run)
    page = context.new_page()
    page.goto(live_server.url + reverse("attendance:roll_call", args=[session.pk]))
    yield page
    context.close()


def line(roll: Page, name: str):
    return roll.locator(".roll > li", has_text=name)


def tick(roll: Page, name: str, status: str) -> None:
    line(roll, name).locator(f"input[value={status}]").check()


def count(roll: Page, status: str):
    return roll.locator(f"[data-count='{status}']")


def save(roll: Page) -> None:
    roll.get_by_role("button", name="Lưu điểm danh").click()


def statuses() -> dict[str, str]:
    rows = AttendanceRecord.objects.values_list("enrolment__user__full_name", "status")
    return dict(rows)


def test_counts_follow_each_tap(roll):
    tick(roll, "Trần Văn An", "late")
    expect(count(roll, "late")).to_have_text("1")
    expect(count(roll, "")).to_have_text("2")
    expect(roll.locator("[data-roll-state]")).to_have_text("Chưa điểm danh: 2\nChưa lưu: 1")


def test_all_present_then_an_exception_is_saved_at_once(roll):
    tick(roll, "Trần Văn An", "absent")
    roll.get_by_role("button", name="Tất cả có mặt").click()
    expect(count(roll, "present")).to_have_text("2")
    tick(roll, "Đỗ Thị Đào", "late")
    line(roll, "Đỗ Thị Đào").get_by_label("Số phút muộn").fill("15")
    save(roll)
    expect(roll.get_by_text("Đã lưu điểm danh 3 người.")).to_be_visible()
    assert statuses() == {
        "Trần Văn An": "absent",
        "Đỗ Thị Đào": "late",
        "Nguyễn Thị Hòa": "present",
    }


def test_all_present_can_be_undone(roll):
    tick(roll, "Trần Văn An", "absent")
    roll.get_by_role("button", name="Tất cả có mặt").click()
    roll.get_by_role("button", name="Hoàn tác").click()
    expect(count(roll, "")).to_have_text("2")
    expect(count(roll, "absent")).to_have_text("1")


def test_list_follows_the_search_without_accents(roll):
    roll.get_by_role("searchbox").fill("dao")
    expect(line(roll, "Đỗ Thị Đào")).to_be_visible()
    expect(line(roll, "Trần Văn An")).to_be_hidden()
    expect(roll.get_by_text("Đang hiện 1 trong 3 người.")).to_be_visible()
    roll.get_by_role("button", name="Hiện cả lớp").click()
    expect(line(roll, "Trần Văn An")).to_be_visible()


def test_change_of_a_saved_status_asks_for_the_reason_before_it_is_sent(roll):
    tick(roll, "Trần Văn An", "absent")
    save(roll)
    expect(roll.get_by_text("Đã lưu điểm danh 1 người.")).to_be_visible()
    reason = line(roll, "Trần Văn An").get_by_label("Lý do sửa")
    expect(reason).to_be_hidden()
    tick(roll, "Trần Văn An", "present")
    expect(reason).to_be_visible()
    save(roll)
    assert statuses() == {"Trần Văn An": "absent"}
    expect(reason).to_be_focused()
    expect(reason).to_have_accessible_description("Anh/chị vui lòng ghi lý do sửa.")
    reason.fill("Đến sau khi điểm danh")
    save(roll)
    expect(roll.get_by_text("Đã lưu 1 lượt sửa.")).to_be_visible()
    assert statuses() == {"Trần Văn An": "present"}


def test_reason_is_asked_for_though_the_line_is_filtered_away(roll):
    tick(roll, "Trần Văn An", "absent")
    save(roll)
    expect(roll.get_by_text("Đã lưu điểm danh 1 người.")).to_be_visible()
    tick(roll, "Trần Văn An", "present")
    roll.get_by_role("searchbox").fill("dao")
    save(roll)
    expect(line(roll, "Trần Văn An").get_by_label("Lý do sửa")).to_be_focused()


def test_choices_outlive_a_reload_until_they_are_saved(roll):
    tick(roll, "Trần Văn An", "excused")
    roll.reload()
    expect(roll.get_by_text("Đã lấy lại 1 lựa chọn chưa lưu.")).to_be_visible()
    expect(line(roll, "Trần Văn An").locator("input[value=excused]")).to_be_checked()
    save(roll)
    expect(roll.get_by_text("Đã lưu điểm danh 1 người.")).to_be_visible()
    roll.reload()
    expect(roll.get_by_text(re.compile("Đã lấy lại"))).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1280])
def test_page_is_accessible_and_fits(roll, width):
    roll.set_viewport_size({"width": width, "height": 740})
    tick(roll, "Trần Văn An", "absent")
    save(roll)
    expect(roll.get_by_text("Đã lưu điểm danh 1 người.")).to_be_visible()
    tick(roll, "Trần Văn An", "late")
    save(roll)
    expect(line(roll, "Trần Văn An").get_by_text("Anh/chị vui lòng ghi lý do sửa.")).to_be_visible()
    assert roll.evaluate("document.documentElement.scrollWidth") == width
    violations = Axe().run(roll).response["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in violations] == []
