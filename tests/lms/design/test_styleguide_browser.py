"""Every component in every state before axe, and what must work by the browser alone."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from lms.accounts.enums import Role
from tests.browser.looking import axe_of
from tests.factories.accounts import PostingFactory, UserFactory, make_official
from tests.factories.geography import make_map, unit
from tests.factories.reporting import enrolled, make_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("database_beside_the_browser"),
]

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def open_page(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """`open_page(user, path, …)`: that person's page on a phone, unless told otherwise."""
    contexts = []

    def visit(user, path, **settings_of_context) -> Page:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(**{"viewport": PHONE} | settings_of_context)
        contexts.append(context)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield visit
    for context in contexts:
        for page in context.pages:
            # What the server still reads, the database cannot be cleared of.
            page.wait_for_load_state("networkidle")
        context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_components_are_accessible_and_fit(open_page, width):
    staff = UserFactory(is_staff=True)
    page = open_page(staff, reverse("styleguide"), viewport={"width": width, "height": 740})
    expect(page.get_by_role("heading", level=1)).to_have_text("Các thành phần giao diện")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert axe_of(page) == []


def test_side_remark_opens_and_closes_without_javascript(open_page):
    staff = UserFactory(is_staff=True)
    page = open_page(staff, reverse("styleguide"), java_script_enabled=False)
    remark = page.get_by_role("dialog")
    expect(remark).to_be_hidden()
    page.get_by_role("button", name="Cách tính số liệu").click()
    expect(remark).to_be_visible()
    page.keyboard.press("Escape")
    expect(remark).to_be_hidden()


def test_report_is_accessible_with_its_remark_open(open_page):
    world = make_world(make_map())
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13387")
    page = open_page(make_official(Role.MONITOR, "35"), reverse("reporting:completion"))
    assert axe_of(page) == []
    page.get_by_role("button", name="Cách tính số liệu").click()
    assert axe_of(page) == []


def test_tile_leads_to_what_lies_behind_it(open_page):
    world = make_world(make_map())
    enrolled(world, "350", "13384", completed=True)
    page = open_page(make_official(Role.MONITOR, "35"), reverse("reporting:completion"))
    page.get_by_role("link", name="Huyện Kim Bảng: 1/1 người hoàn thành, 100%").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hoàn thành: huyện Kim Bảng")


def test_report_prints_on_paper_with_signatures_and_without_navigation(open_page):
    world = make_world(make_map())
    enrolled(world, "350", "13384")
    page = open_page(make_official(Role.MONITOR, "35"), reverse("reporting:completion"))
    expect(page.get_by_text("NGƯỜI LẬP BIỂU")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_text("NGƯỜI LẬP BIỂU")).to_be_visible()
    expect(page.get_by_text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("button")).to_have_count(0)


def test_signatures_never_stand_on_a_sheet_without_names(open_page):
    """24 names fill a sheet, and nobody signs an empty one."""
    make_world(make_map())
    people = [PostingFactory(unit=unit("13384")).user for _ in range(24)]
    page = open_page(
        make_official(Role.MONITOR, "35"), reverse("reporting:people", args=[unit("13384").pk])
    )
    paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    last = paper.pages[-1].extract_text()
    assert any(one.staff_code in last for one in people)
