"""What becomes of a session, on the phones of those who have a part in it."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceRecord, Excuse, RunSignOff
from courses.models import ModulePage
from lms.accounts.enums import Role
from tests.attendance.test_roll_call_browser import (
    NAMES,
    make_trainer,
    run,  # noqa: F401
    trainer,  # noqa: F401
)
from tests.attendance.views.test_papers import photo as photo_of_sheet
from tests.browser.looking import faults_of
from tests.factories.accounts import PostingFactory, make_official
from tests.factories.attendance import SessionFactory, entry, make_class, take_roll
from tests.factories.courses import ask
from tests.factories.geography import unit
from tests.factories.rows import set_fields

NEWCOMER = "Bùi Thị Lạ"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("database_beside_the_browser"),
]


def signed_page(session) -> dict[str, object]:
    sent = photo_of_sheet(session)
    return {"name": sent.name, "mimeType": "image/jpeg", "buffer": sent.read()}


def photo() -> dict[str, object]:
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(drawn, "PNG")
    return {"name": "giay-moi.png", "mimeType": "image/png", "buffer": drawn.getvalue()}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def phone(open_live):
    """`phone(person, name of a view)`: the page on a phone of that person's own."""
    return lambda who, name, *args: open_live(who, reverse(f"attendance:{name}", args=args))


def assert_fits(page: Page) -> None:
    assert faults_of(page, widths=(360,)) == {}


def ask_with_photo(page: Page) -> None:
    page.get_by_role("link", name="Xin vắng mặt").click()
    page.get_by_label("Lý do").fill("Họp thôn theo giấy mời")
    page.get_by_label("Ảnh chụp giấy tờ").set_input_files(photo())
    press(page, "Xin vắng mặt")
    expect(page.get_by_role("link", name="Xem giấy tờ")).to_be_visible()
    assert_fits(page)


def sign_all(page: Page) -> None:
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "Ký sổ điểm danh")
    press(page, "Ký sổ cả lớp")
    expect(page.get_by_role("button", name="Ký sổ cả lớp")).to_have_count(0)


def test_excuse_asked_on_a_phone_decided_signed_and_confirmed(phone, run, trainer):  # noqa: F811
    coordinator = make_official(Role.COORDINATOR, "350")
    session = SessionFactory(run=run, starts_at=timezone.now() - timedelta(hours=5))
    person = run.enrolments.get(user__full_name=NAMES[0])

    ask_with_photo(phone(person.user, "my_sessions"))
    waiting = phone(coordinator, "excuse_list")
    assert_fits(waiting)
    grant = f"Đồng ý cho vắng: {NAMES[0]}"
    press(waiting, grant)
    expect(waiting.get_by_role("button", name=grant)).to_have_count(0)
    sign_all(phone(trainer, "session_sign", session.pk))
    register = phone(coordinator, "run_register", run.pk)
    press(register, "Xác nhận lớp")
    expect(register.get_by_role("button", name="Xác nhận lớp")).to_have_count(0)

    assert Excuse.objects.get().decided_by == coordinator
    assert RunSignOff.objects.get().confirmed_by == coordinator
    assert (session.sign_off.excused_count, session.sign_off.absent_count) == (1, 2)


def typed(run, signs) -> str:  # noqa: F811
    """What is typed from the sheet: these signs for the three of the class and the newcomer."""
    people = run.enrolments.order_by("user__sort_key", "user__staff_code")
    names = list(people.values_list("user__full_name", flat=True))
    said = zip((*NAMES, NEWCOMER), signs, strict=True)
    return ", ".join(f"{names.index(name) + 1} {sign}" for name, sign in said if sign)


def test_missed_session_is_made_up_for_in_another_class(phone, run):  # noqa: F811
    module, now = ModulePage.objects.get(), timezone.now()
    ask(run, attendance_hours={"percent": 100, "make_up_days": 30})
    missed = SessionFactory(run=run, module=module, starts_at=now - timedelta(days=1))
    person = run.enrolments.get(user__full_name=NAMES[0])
    absent = [entry(person, AttendanceStatus.ABSENT)]
    take_roll(session=missed, entries=absent, by=person.user, at=now)
    other = make_class("353", course=run.course, code="LN-1")
    session = SessionFactory(
        run=other, module=module, starts_at=now + timedelta(minutes=1), counted_at=None
    )
    teacher = make_trainer(other)

    calendar = phone(person.user, "my_sessions")
    with calendar.expect_navigation():
        calendar.get_by_role("link", name="Học bù buổi này").click()
    assert_fits(calendar)
    press(calendar, "Tôi sẽ học bù buổi này")
    expect(calendar.get_by_role("button", name="Huỷ hẹn")).to_be_visible()
    assert_fits(calendar)
    set_fields(session, starts_at=now - timedelta(minutes=5))
    roll = phone(teacher, "roll_call", session.pk)
    guest = roll.locator(".roll > li", has_text=NAMES[0])
    guest.locator("input[value=present]").check()
    expect(guest.get_by_text("đã ghi")).to_be_visible()

    record = AttendanceRecord.objects.get(session=session)
    assert (record.enrolment, record.mark.method) == (person, MarkMethod.MAKE_UP)


def test_somebody_who_comes_unexpected_and_the_sheet_that_is_signed(phone, run, trainer):  # noqa: F811
    session = SessionFactory(run=run, starts_at=timezone.now() - timedelta(hours=5))
    person = PostingFactory(unit=unit("13387"), user__full_name=NEWCOMER).user

    door = phone(trainer, "walk_in", session.pk)
    door.get_by_role("searchbox").fill("bui thi la")
    door.get_by_role("searchbox").press("Enter")
    expect(door.get_by_role("button", name="Có mặt")).to_be_visible()
    assert_fits(door)
    press(door, "Có mặt")
    expect(door.get_by_role("button", name="Hoàn tác")).to_be_visible()
    desk = phone(trainer, "run_papers", run.pk)
    desk.get_by_label("Ảnh chụp hoặc bản quét").set_input_files(signed_page(session))
    press(desk, "Đính kèm phiếu")
    desk.get_by_role("link", name="Nhập từ phiếu ký tên").click()
    desk.get_by_label("Ghi theo phiếu").fill(typed(run, ("v", "m 15", "", "v")))
    press(desk, "So với bản điểm danh")
    desk.get_by_role("checkbox", name=NEWCOMER).check()
    assert_fits(desk)
    press(desk, "Lưu theo phiếu")
    expect(desk.get_by_role("heading", name="lệch nhau 1 dòng")).to_be_visible()
    assert_fits(desk)

    records = AttendanceRecord.objects.filter(session=session)
    noted = dict(records.values_list("enrolment__user__full_name", "status"))
    assert noted == {
        **dict(zip(NAMES, ("absent", "late", "present"), strict=True)),
        NEWCOMER: "present",
    }
    assert session.papers.in_use().get().attached_by == trainer
    with desk.expect_download() as cards:
        desk.evaluate(
            "path => { location.href = path }", reverse("attendance:run_cards", args=[run.pk])
        )
    assert Path(cards.value.path()).read_bytes().startswith(b"%PDF-")
    assert run.enrolments.filter(user=person).exists()
