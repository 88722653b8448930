"""What a phone shows when the network goes, and that nothing else changes because of it."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lms.accounts.models import User
from tests.browser.looking import axe_of
from tests.live import OpenLive

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("database_beside_the_browser"),
]

PASSWORD = "mua-thu-ha-nam"


# A promise: `wait_for_function` asks again by eval, which the Content-Security-Policy refuses.
CONTROLLED = """() => new Promise(resolve => {
    navigator.serviceWorker.addEventListener("controllerchange", () => resolve(true))
    if (navigator.serviceWorker.controller) resolve(true)
})"""


@pytest.fixture
def page(open_live: OpenLive) -> Page:
    """The log-in page, with the service worker at work."""
    page = open_live(None, "/tai-khoan/login/", service_workers="allow")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.evaluate(CONTROLLED)
    return page


@pytest.fixture
def phone(page: Page) -> BrowserContext:
    return page.context


def test_page_that_cannot_be_fetched_says_so(phone, page):
    phone.set_offline(True)
    page.goto("/xac-minh/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Không có mạng")
    # Styled, and with its picture, from what was kept.
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).borderTopStyle") == (
        "solid"
    )
    assert page.evaluate("document.querySelector('main img').naturalWidth") > 0
    assert axe_of(page) == []


def test_try_again_opens_what_was_wanted(phone, page):
    phone.set_offline(True)
    page.goto("/xac-minh/?code=")
    phone.set_offline(False)
    page.get_by_role("link", name="Thử lại").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Xác minh giấy chứng nhận")
    assert page.url.endswith("/xac-minh/?code=")


def test_form_sent_without_network_says_so_and_can_be_sent_again(phone, page):
    User.objects.create_user("GV900", "Nguyễn Thị Hoa", PASSWORD)
    page.fill("[name=login]", "GV900")
    page.fill("[name=password]", PASSWORD)
    phone.set_offline(True)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Không có mạng")

    phone.set_offline(False)
    page.get_by_role("link", name="Thử lại").click()
    page.fill("[name=login]", "GV900")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()

    expect(page.locator(".menu__who")).to_have_text("Nguyễn Thị Hoa")


def test_nothing_but_the_notice_is_kept(page):
    page.goto("/xac-minh/")
    kept = page.evaluate(
        """async () => {
          const paths = [];
          for (const name of await caches.keys()) {
            for (const request of await (await caches.open(name)).keys()) {
              paths.push(new URL(request.url).pathname);
            }
          }
          return paths.sort();
        }"""
    )

    assert kept == ["/mat-mang/", "/static/lms/css/suite.css", "/static/lms/img/mark.svg"]
