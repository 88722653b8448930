"""Lists of names on paper: 25 on a sheet, however long the names and however much is missing."""

from io import BytesIO

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pypdf import PdfReader

from lms.accounts.enums import Role
from lms.reporting.views.people import PEOPLE_PER_PAGE
from tests.factories.accounts import make_official
from tests.factories.courses import ask, make_run
from tests.factories.geography import make_map, unit
from tests.factories.reporting import also_in, ask_course, enrolled, make_world
from tests.factories.rows import set_fields

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("database_beside_the_browser"),
]

#: The paper between its margins, in pixels of a style sheet.
A4 = {"width": 703, "height": 1032}
IS_WHOLE = """selector => [...document.querySelectorAll(selector)].every(
    cell => cell.scrollWidth <= cell.clientWidth && cell.scrollHeight <= cell.clientHeight)"""
LONG_NAME = "Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Thảo Nguyên"
LONG_COURSE = "Kỹ năng phát hiện, can thiệp và hỗ trợ trẻ em có hoàn cảnh đặc biệt tại cộng đồng"


def sheets_of(page: Page, path: str) -> list[str]:
    page.goto(path)
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    # Telephone and status are never cut.
    assert page.evaluate(IS_WHOLE, ".names td.fit > *")
    paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert all(sheet.mediabox.height > sheet.mediabox.width for sheet in paper.pages)
    return [sheet.extract_text() for sheet in paper.pages]


def people_who_lack_much(world, count: int) -> list[str]:
    """The staff codes of people in three classes with all still to do, and one course without a class."""
    ask(world.runs["350"], lessons={"percent": 100}, quizzes={"pass_percent": 50})
    runs = [world.runs["350"]]
    for number in (2, 3, 4):
        course = ask_course(world, f"khoa-hoc-so-{number}")
        set_fields(course, title=f"{LONG_COURSE} {number}")
        if number < 4:
            runs.append(make_run(course, unit("350")))
            ask(runs[-1], lessons={"percent": 100}, quizzes={"pass_percent": 50})
    codes = []
    for number in range(count):
        first = enrolled(world, "350", "13384")
        set_fields(first.user, full_name=LONG_NAME, phone=f"+849120000{number:02}")
        for run in runs[1:]:
            also_in(first, run)
        codes.append(first.user.staff_code)
    return codes


def test_sheet_holds_25_who_lack_much(open_live):
    """Counted in the night or now."""
    codes = people_who_lack_much(make_world(make_map()), PEOPLE_PER_PAGE + 1)
    page = open_live(make_official(Role.MONITOR, "35"))

    for counted in ("", "?counted=now"):
        first, *_others = sheets_of(page, reverse("reporting:all_people") + counted)
        assert sum(code in first for code in codes) == PEOPLE_PER_PAGE
