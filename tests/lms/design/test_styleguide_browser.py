"""Every component in every state before axe, and what must work by the browser alone."""

from io import BytesIO

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pypdf import PdfReader

from lms.accounts.enums import Role
from tests.browser.keys import Keys
from tests.browser.looking import TARGET, axe_of, faults_of
from tests.factories.accounts import PostingFactory, UserFactory, make_official
from tests.factories.geography import make_map, unit
from tests.factories.reporting import enrolled, make_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("database_beside_the_browser"),
]


def test_components_are_accessible_and_fit(open_live):
    page = open_live(UserFactory(is_staff=True), reverse("styleguide"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Các thành phần giao diện")
    assert faults_of(page, widths=(320, 1280)) == {}
    title = page.locator(".card__title a").bounding_box()
    assert title["height"] >= TARGET - 0.5


def test_side_remark_opens_and_closes_without_javascript(open_live):
    staff = UserFactory(is_staff=True)
    page = open_live(staff, reverse("styleguide"), java_script_enabled=False)
    remark = page.get_by_role("dialog")
    expect(remark).to_be_hidden()
    page.get_by_role("button", name="Cách tính số liệu").click()
    expect(remark).to_be_visible()
    page.keyboard.press("Escape")
    expect(remark).to_be_hidden()


def test_report_is_accessible_prints_for_signatures_and_leads_on(open_live):
    world = make_world(make_map())
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13387")
    page = open_live(make_official(Role.MONITOR, "35"), reverse("reporting:completion"))
    assert axe_of(page) == []
    remark, keys = page.get_by_role("dialog"), Keys(page)
    keys.go_to("Cách tính số liệu")
    keys.press("Enter")
    expect(remark).to_be_visible()
    assert axe_of(page) == []
    keys.press("Escape")
    expect(remark).to_be_hidden()

    expect(page.get_by_text("NGƯỜI LẬP BIỂU")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_text("NGƯỜI LẬP BIỂU")).to_be_visible()
    expect(page.get_by_text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("button")).to_have_count(0)
    page.emulate_media(media="screen")
    # On a phone the bars of the cards have the width of the card, also within a link.
    page.set_viewport_size({"width": 360, "height": 740})
    bars = page.locator(".table--cards progress").evaluate_all(
        "(bars) => bars.map((one) => one.getBoundingClientRect().width)"
    )
    assert min(bars) > 100

    page.get_by_role("link", name="Huyện Kim Bảng: 1/2 người hoàn thành, 50%").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hoàn thành: huyện Kim Bảng")


def test_signatures_never_stand_on_a_sheet_without_names(open_live):
    """24 names fill a sheet, and nobody signs an empty one."""
    make_world(make_map())
    people = [PostingFactory(unit=unit("13384")).user for _ in range(24)]
    page = open_live(
        make_official(Role.MONITOR, "35"), reverse("reporting:people", args=[unit("13384").pk])
    )
    paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    last = paper.pages[-1].extract_text()
    assert any(one.staff_code in last for one in people)
