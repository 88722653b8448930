"""What the roll call does in a browser beyond the form: `roll_call.js`, and accessibility."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from attendance.domain.register.sign_off import sign_session
from attendance.domain.walk_ins.enrolling import note_walk_in
from attendance.models import AttendanceMark, AttendanceRecord, LateMark
from courses.models import CourseRun
from lms.accounts.enums import Role
from lms.accounts.models import User
from tests.browser.looking import SMALL_TARGETS, TARGET, axe_of, faults_of
from tests.factories.accounts import PostingFactory, RoleAssignmentFactory, UserFactory
from tests.factories.attendance import (
    SessionFactory,
    age_marks,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.geography import make_map, unit
from tests.factories.rows import set_fields
from tests.live import session_cookie
from tests.running import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("database_beside_the_browser"),
]

NAMES = ("Trần Văn An", "Đỗ Thị Đào", "Nguyễn Thị Hòa")


def make_trainer(run: CourseRun) -> User:
    person = UserFactory()
    RoleAssignmentFactory(user=person, role=Role.TRAINER, unit=unit("350"))
    run.trainers.add(person)
    return person


@pytest.fixture
def run() -> CourseRun:
    make_map()
    run = make_class()
    for person, name in zip(enrol_many(run, 3), NAMES, strict=True):
        set_fields(person.user, full_name=name)
    return run


@pytest.fixture
def trainer(run) -> User:
    return make_trainer(run)


@pytest.fixture
def colleague(run) -> User:
    return make_trainer(run)


@pytest.fixture
def roll(open_live, run, trainer) -> Page:
    """The roll of three people on a phone, nothing noted yet, a trainer logged in."""
    session = SessionFactory(run=run)
    return open_live(trainer, reverse("attendance:roll_call", args=[session.pk]))


def line(roll: Page, name: str):
    return roll.locator(".roll > li", has_text=name)


def tick(roll: Page, name: str, status: str) -> None:
    line(roll, name).locator(f"input[value={status}]").check()


def count(roll: Page, status: str):
    return roll.locator(f"[data-count='{status}']")


def save(roll: Page) -> None:
    roll.get_by_role("button", name="Lưu điểm danh").click()


def note_long_ago(roll: Page, name: str, status: str) -> None:
    """Noted by the reader an hour ago: no slip of the finger any more."""
    tick(roll, name, status)
    expect(line(roll, name).get_by_text("đã ghi")).to_be_visible()
    age_marks()
    roll.reload()
    expect(roll.locator(".is-live")).to_be_visible()


def statuses() -> dict[str, str]:
    rows = AttendanceRecord.objects.values_list("enrolment__user__full_name", "status")
    return dict(rows)


def test_counts_and_list_follow_taps_undo_and_the_search_without_accents(roll):
    tick(roll, "Trần Văn An", "late")
    expect(count(roll, "late")).to_have_text("1")
    expect(count(roll, "")).to_have_text("2")
    expect(roll.locator("[data-roll-state]")).to_have_text("Chưa điểm danh: 2")
    assert statuses() == {"Trần Văn An": "late"}

    roll.get_by_role("button", name="Tất cả có mặt").click()
    expect(count(roll, "present")).to_have_text("2")
    roll.get_by_role("button", name="Hoàn tác").click()
    expect(count(roll, "")).to_have_text("2")
    expect(count(roll, "late")).to_have_text("1")

    roll.get_by_role("searchbox").fill("dao")
    expect(line(roll, "Đỗ Thị Đào")).to_be_visible()
    expect(line(roll, "Trần Văn An")).to_be_hidden()
    expect(roll.get_by_text("Đang hiện 1 trong 3 người.")).to_be_visible()
    roll.get_by_role("button", name="Hiện cả lớp").click()
    expect(line(roll, "Trần Văn An")).to_be_visible()


def test_all_present_then_an_exception_is_saved_at_once(roll):
    tick(roll, "Trần Văn An", "absent")
    roll.get_by_role("button", name="Tất cả có mặt").click()
    expect(count(roll, "present")).to_have_text("2")
    tick(roll, "Đỗ Thị Đào", "late")
    line(roll, "Đỗ Thị Đào").get_by_label("Số phút muộn").fill("8h15")
    save(roll)
    expect(roll.get_by_text("Đã lưu điểm danh 3 người.")).to_be_visible()
    assert statuses() == {
        "Trần Văn An": "absent",
        "Đỗ Thị Đào": "late",
        "Nguyễn Thị Hòa": "present",
    }


def test_tap_that_was_a_slip_is_changed_or_undone_without_a_reason(roll):
    tick(roll, "Trần Văn An", "absent")
    expect(line(roll, "Trần Văn An")).to_have_attribute("class", "")
    tick(roll, "Trần Văn An", "present")
    expect(line(roll, "Trần Văn An").get_by_text("đã ghi")).to_be_visible()
    expect(roll.locator(".is-unsent")).to_have_count(0)
    assert statuses() == {"Trần Văn An": "present"}
    roll.get_by_role("button", name="Hoàn tác").click()
    expect(count(roll, "absent")).to_have_text("1")
    expect(roll.locator(".is-unsent")).to_have_count(0)
    expect(line(roll, "Trần Văn An").get_by_text("đã ghi")).to_be_visible()
    roll.reload()
    assert statuses() == {"Trần Văn An": "absent"}
    # A page that was loaded anew still knows whose mark it is.
    expect(roll.locator(".is-live")).to_be_visible()
    tick(roll, "Trần Văn An", "late")
    expect(count(roll, "late")).to_have_text("1")
    expect(line(roll, "Trần Văn An").get_by_label("Lý do sửa")).to_be_hidden()
    expect(roll.locator(".is-unsent")).to_have_count(0)
    assert statuses() == {"Trần Văn An": "late"}


def test_change_of_a_saved_status_asks_for_the_reason_before_it_is_sent(roll):
    """Though the line is filtered away; what it asks with fits on a phone and on a desk."""
    note_long_ago(roll, "Trần Văn An", "absent")
    reason = line(roll, "Trần Văn An").get_by_label("Lý do sửa")
    expect(reason).to_be_hidden()
    tick(roll, "Trần Văn An", "present")
    expect(reason).to_be_visible()
    roll.get_by_role("searchbox").fill("dao")
    expect(line(roll, "Trần Văn An")).to_be_hidden()
    save(roll)
    assert statuses() == {"Trần Văn An": "absent"}
    expect(reason).to_be_focused()
    expect(reason).to_have_accessible_description("Anh/chị vui lòng ghi lý do sửa.")
    expect(line(roll, "Trần Văn An").get_by_text("Anh/chị vui lòng ghi lý do sửa.")).to_be_visible()
    assert faults_of(roll) == {}
    reason.fill("Đến sau khi điểm danh")
    save(roll)
    expect(roll.get_by_text("Đã lưu điểm danh 1 người.")).to_be_visible()
    assert statuses() == {"Trần Văn An": "present"}


def test_choice_without_a_network_outlives_tab_and_browser_and_is_sent_once(
    roll, trainer, colleague, browser, live_server, tmp_path
):
    """Also kept from another person who logs in on the same phone."""
    path = roll.url

    def phone(person: User) -> BrowserContext:
        context = browser.browser_type.launch_persistent_context(tmp_path, **chromium())
        context.add_cookies([session_cookie(person, live_server.url)])
        return context

    first = phone(trainer)
    page = first.new_page()
    page.goto(path)
    page.route("**/dong/", lambda route: route.abort())
    tick(page, "Trần Văn An", "excused")
    expect(page.get_by_text("Mất mạng")).to_be_visible()
    expect(page.locator("[data-roll-state]")).to_contain_text("Chưa gửi: 1")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator("form[data-unsent-key]").evaluate("form => form.requestSubmit()")
    assert len(asked) == 1
    page.close()
    first.close()

    second = phone(colleague)
    page = second.new_page()
    page.goto(path)
    expect(page.locator("[data-roll-state]")).to_have_text("Chưa điểm danh: 3")
    second.clear_cookies()
    assert statuses() == {}
    second.add_cookies([session_cookie(trainer, live_server.url)])
    page.goto(path)
    expect(line(page, "Trần Văn An").get_by_text("đã ghi")).to_be_visible()
    expect(page.locator(".is-unsent")).to_have_count(0)
    # What was said of the unsent gives way once nothing is.
    expect(page.get_by_text("Đã lấy lại 1 lựa chọn chưa gửi.")).to_be_hidden()
    second.close()
    assert AttendanceMark.objects.count() == 1
    assert statuses() == {"Trần Văn An": "excused"}


def test_clock_of_the_phone_decides_nothing(roll):
    roll.clock.set_fixed_time(datetime(1970, 1, 1, tzinfo=UTC))
    roll.route("**/dong/", lambda route: route.abort())
    tick(roll, "Trần Văn An", "present")
    expect(roll.locator("[data-roll-state]")).to_contain_text("Chưa gửi: 1")
    roll.unroute("**/dong/")
    roll.clock.set_fixed_time(datetime(2099, 1, 1, tzinfo=UTC))
    roll.reload()
    expect(line(roll, "Trần Văn An").get_by_text("đã ghi")).to_be_visible()
    expect(roll.locator(".is-unsent")).to_have_count(0)
    assert abs(AttendanceMark.objects.get().marked_at - timezone.now()) < timedelta(minutes=5)


def test_what_two_phones_say_differently_is_settled_on_the_line(roll, colleague, open_live):
    other = open_live(colleague, roll.url)
    tick(other, "Trần Văn An", "absent")
    tick(other, "Đỗ Thị Đào", "late")
    expect(line(other, "Đỗ Thị Đào").get_by_text("đã ghi")).to_be_visible()
    other.close()
    tick(roll, "Trần Văn An", "present")
    # What the colleague noted about others comes with the answer.
    expect(line(roll, "Đỗ Thị Đào").get_by_text(f"{colleague.full_name} ghi")).to_be_visible()
    expect(line(roll, "Trần Văn An").get_by_label("Lý do sửa")).to_be_visible()
    line(roll, "Trần Văn An").get_by_role("button", name="Để như đã ghi").click()
    expect(count(roll, "absent")).to_have_text("1")
    expect(count(roll, "late")).to_have_text("1")
    expect(roll.locator(".is-unsent")).to_have_count(0)
    assert statuses() == {"Trần Văn An": "absent", "Đỗ Thị Đào": "late"}


def test_who_changes_what_a_colleague_has_changed_is_told_first(roll, colleague):
    tick(roll, "Trần Văn An", "present")
    expect(line(roll, "Trần Văn An").get_by_text("đã ghi")).to_be_visible()
    roll.reload()
    noted = AttendanceRecord.objects.get()
    said = entry(noted.enrolment, "absent", reason="Chưa đến")
    take_roll(session=noted.session, entries=[said], by=colleague, at=timezone.now())

    tick(roll, "Trần Văn An", "excused")

    told = line(roll, "Trần Văn An").locator(".field__errors")
    expect(told).to_contain_text("Vắng")
    expect(told).to_contain_text(colleague.full_name)
    line(roll, "Trần Văn An").get_by_label("Lý do sửa").fill("Có giấy")
    line(roll, "Trần Văn An").get_by_role("button", name="Giữ lựa chọn của tôi").click()
    expect(roll.locator(".is-unsent")).to_have_count(0)
    assert statuses() == {"Trần Văn An": "excused"}


def test_mark_that_comes_after_the_signature_leaves_the_line_as_it_is_noted(roll, run, trainer):
    tick(roll, "Trần Văn An", "absent")
    expect(line(roll, "Trần Văn An").get_by_text("đã ghi")).to_be_visible()
    session, now = run.sessions.get(), timezone.now()
    unmarked = run.enrolments.exclude(user__full_name="Trần Văn An")
    sign_session(session=session, by=trainer, at=now, absent=unmarked.values_list("pk", flat=True))

    tick(roll, "Trần Văn An", "present")

    expect(roll.locator("[data-roll-trouble]")).to_contain_text("Sổ đã được ký")
    expect(line(roll, "Trần Văn An").locator("input[value=absent]")).to_be_checked()
    expect(count(roll, "present")).to_have_text("0")
    expect(roll.locator(".is-unsent")).to_have_count(0)
    # It waits for somebody else: there is nothing to undo on this page.
    expect(roll.get_by_role("button", name="Hoàn tác")).to_be_hidden()
    assert LateMark.objects.get().status == "present"


def test_browser_that_keeps_nothing_says_so_and_sends_all_the_same(roll):
    roll.add_init_script("Object.defineProperty(window, 'indexedDB', {get() { throw 1; }})")
    roll.reload()
    expect(roll.get_by_text("Trình duyệt này không lưu được gì")).to_be_visible()
    tick(roll, "Trần Văn An", "present")
    expect(line(roll, "Trần Văn An").get_by_text("đã ghi")).to_be_visible()
    assert statuses() == {"Trần Văn An": "present"}


def people_in_sight(roll: Page) -> int:
    """Count the lines that stand whole between the tools and the bar below."""
    return roll.evaluate("""() => {
        const lines = [...document.querySelectorAll(".roll > li")];
        lines[3].scrollIntoView({ block: "start", behavior: "instant" });
        const edge = (selector) => document.querySelector(selector).getBoundingClientRect();
        const [top, bottom] = [edge(".roll-call__tools").bottom, edge(".action-bar").top];
        const boxes = lines.map((line) => line.getBoundingClientRect());
        return boxes.filter((box) => box.top >= top && box.bottom <= bottom).length;
    }""")


def test_six_people_stand_on_the_screen_of_a_phone_noted_or_not(roll, run, trainer):
    session, now = run.sessions.get(), timezone.now()
    set_fields(session, starts_at=now, ends_at=now + timedelta(hours=3))
    people = enrol_many(run, 17)
    for number, person in enumerate(people):
        set_fields(person.user, full_name=f"Nguyễn Thị Thanh Hương {number}")
    roll.reload()
    assert people_in_sight(roll) >= 6
    take_roll(session=session, entries=[entry(one) for one in people], by=trainer, at=now)
    roll.reload()
    assert people_in_sight(roll) >= 6


def test_somebody_who_is_not_on_the_list_is_added_with_one_tap(roll, colleague):
    person = PostingFactory(unit=unit("13387"), user__full_name="Đỗ Thị Đào").user
    roll.get_by_role("searchbox").fill("dao")
    roll.locator("[data-roll-walk-in]").click()
    # The namesake is on the roll already.
    expect(roll.locator(".walk-in")).to_have_count(2)
    assert axe_of(roll) == []
    roll.locator(".walk-in", has_text=person.staff_code).get_by_role("button").click()
    expect(roll.get_by_role("button", name="Hoàn tác")).to_be_visible()
    roll.get_by_role("link", name="Trở về điểm danh").click()
    expect(count(roll, "present")).to_have_text("1")
    expect(count(roll, "")).to_have_text("3")
    assert AttendanceRecord.objects.get().enrolment.user == person
    # Whom a colleague adds meanwhile has no line on this page.
    another = PostingFactory(unit=unit("13387")).user
    at, session = timezone.now(), AttendanceRecord.objects.get().session
    note_walk_in(session=session, person=another, client_id=uuid4(), by=colleague, at=at)
    tick(roll, "Trần Văn An", "absent")
    expect(roll.locator("[data-roll-state]")).to_contain_text("Mới có thêm: 1")


def test_leaving_is_noted_on_the_line(roll):
    tick(roll, "Trần Văn An", "present")
    expect(line(roll, "Trần Văn An").get_by_role("link", name="Giờ về")).to_be_visible()
    assert roll.evaluate(SMALL_TARGETS, TARGET) == []
    line(roll, "Trần Văn An").get_by_role("link", name="Giờ về").click()
    left = line(roll, "Trần Văn An").get_by_role("textbox", name="Giờ về")
    left.fill("7h")
    left.press("Enter")
    expect(line(roll, "Trần Văn An").locator(".field__errors")).to_be_visible()
    left.fill("10h55")
    left.press("Enter")
    expect(line(roll, "Trần Văn An").get_by_text("về sớm 35 phút")).to_be_visible()
    expect(left).to_have_count(0)
    expect(roll.locator(".is-unsent")).to_have_count(0)
    assert statuses() == {"Trần Văn An": "present"}
