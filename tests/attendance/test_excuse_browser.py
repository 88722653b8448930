"""A session that was missed, from the request on a phone to the class that is confirmed."""

import io
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from attendance.models import Excuse, RunSignOff
from lms.accounts.enums import Role
from tests.attendance.test_roll_call_browser import NAMES, cookie_of, run, trainer  # noqa: F401
from tests.factories.accounts import make_official
from tests.factories.attendance import SessionFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("database_beside_the_browser"),
]


def photo() -> dict[str, object]:
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(drawn, "PNG")
    return {"name": "giay-moi.png", "mimeType": "image/png", "buffer": drawn.getvalue()}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def phone(browser: Browser, live_server):
    """`phone(person, name of a view)`: the page on a phone of that person's own."""
    contexts = []

    def visit(who, name, *args) -> Page:
        contexts.append(browser.new_context(viewport={"width": 360, "height": 740}))
        contexts[-1].add_cookies([cookie_of(who, live_server.url)])
        page = contexts[-1].new_page()
        page.goto(live_server.url + reverse(f"attendance:{name}", args=args))
        return page

    yield visit
    for context in contexts:
        context.close()


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert not Axe().run(page).response["violations"]


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
