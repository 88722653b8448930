"""Wagtail's admin in Chromium: quiet under the strict policy, and what its scripts start works."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lms.core.text import slug
from tests.browser.conftest import ADMIN_PARTS
from tests.browser.keys import Keys
from tests.browser.looking import Look
from tests.running import DESKTOP, Suite

pytestmark = pytest.mark.browser

# What axe finds in Wagtail 8.0 itself, nothing of it in our own views: rule, where, on what.
WAGTAILS = (
    # The rich text editor is named by what stands above it, for the eye only.
    ("aria-input-field-name", "", "public-DraftEditor-content"),
    # How many lines a search or a filter has left: a heading that is also an alert.
    ("aria-allowed-role", "", '<h2 role="alert">'),
    # Who else is editing: a button that only a tooltip names.
    ("button-name", "", "w-editing-sessions__session"),
    # A link in the sentence that asks whether a page shall go is told by its colour.
    ("link-in-text-block", "/pages/", "/unpublish/"),
    # While the menu folds to a new width, the button that folds it is partly covered.
    ("target-size", "", 'aria-keyshortcuts="["'),
    # The form of a snippet has its title in the breadcrumb, not as a heading.
    ("page-has-heading-one", "/snippets/", "<html"),
    # The notice that a form cannot be previewed yet, inside the editor's frame.
    ("region", "/preview/", "preview"),
    ("region", "/preview/", "skiplink"),
    ("skip-link", "/preview/", "skiplink"),
)


def is_wagtails(rule: str, address: str, element: str) -> bool:
    return any(
        rule == known and where in address and on in element for known, where, on in WAGTAILS
    )


@pytest.mark.parametrize("part", range(ADMIN_PARTS), ids="part{}".format)
def test_pages_are_quiet_and_axe_finds_nothing_of_ours(looks, part):
    """No error, no breach of the Content-Security-Policy, no other host."""
    found = {
        look.address: [*look.complaints, *look.foreign, *ours(look)]
        for look in looks("administrator", "vi", admin=True, part=part)
    }

    assert {address: faults for address, faults in found.items() if faults} == {}


def ours(look: Look) -> list[tuple[str, str]]:
    return [
        (rule, element)
        for rule, elements in look.axe
        for element in elements
        if not is_wagtails(rule, look.address, element)
    ]


@pytest.fixture(scope="module")
def desk(browser: Browser, suite: Suite, visitor) -> Iterator[BrowserContext]:
    """The administrator's browser: it fetches Wagtail's scripts once."""
    context = browser.new_context(base_url=suite.url, viewport=DESKTOP)
    context.add_cookies(visitor("administrator").browser_cookies())
    yield context
    context.close()


@pytest.fixture
def open_admin(desk, walk):
    """`open_admin("quizzes:edit", "text")`: the first such page that holds the text."""
    page = desk.new_page()

    def open_one(pattern: str, text: str = "") -> Page:
        pages = (visit for visit in walk("administrator") if visit.pattern == pattern)
        page.goto(next(visit.address for visit in pages if text in visit.html))
        return page

    yield open_one
    page.close()


def test_chooser_of_a_page_opens(open_admin):
    page = open_admin("wagtailadmin_pages:move")
    page.locator(".page-chooser .w-dropdown__toggle").click()
    page.locator(".tippy-box [data-chooser-action-choose]").click()
    expect(page.locator(".modal-content")).to_be_visible()


def test_questions_of_a_quiz_are_chosen(open_admin):
    page = open_admin("quizzes:edit")
    page.locator("button[id$='-OPEN_MODAL']").first.click()
    expect(page.locator(".modal-content")).to_be_visible()


def test_answer_is_added_to_a_question(open_admin):
    page = open_admin("questions:edit")
    rows = page.locator("[data-inline-panel-child]")
    before = rows.count()
    page.locator("button[id$='-ADD']").first.click()
    expect(rows).to_have_count(before + 1)


def test_calendar_opens_below_a_date(open_admin):
    page = open_admin("runs:edit")
    page.locator("input[name=starts_on]").click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)


NEW_LESSON = re.compile(r"/quan-tri/pages/add/courses/lessonpage/\d+/")
SHOWS_PLACEHOLDER = """editor => {
  const last = [...editor.querySelectorAll(".Draftail-block--empty")].pop();
  const content = last ? getComputedStyle(last, "::before").content : "none";
  return content !== "none" && /\\w/.test(content);
}"""


def test_editor_shows_the_placeholder_that_it_styles_itself(desk, walk):
    found = (NEW_LESSON.search(visit.html) for visit in walk("administrator"))
    page = desk.new_page()
    page.goto(next(match.group() for match in found if match))
    # A paragraph of its own: what a text in the demo ends with, a list for one, may have none.
    page.locator("button.c-sf-add-button").last.click()
    page.get_by_role("option", name="Đoạn văn", exact=True).click()
    editor = page.locator(".public-DraftEditor-content").last
    editor.click()
    expect(editor.locator(".Draftail-block--empty")).to_be_visible()
    # The editor writes the line first and its class afterwards.
    page.wait_for_function(SHOWS_PLACEHOLDER, arg=editor.element_handle())
    page.close()


@pytest.mark.parametrize("title", ["Đường dây nóng 111: đừng im lặng", "Kế hoạch 2014–2020, ƯỚC"])
def test_address_follows_the_title_while_it_is_typed(open_admin, title):
    page = open_admin("wagtailadmin_pages:add")
    page.locator("#id_title").press_sequentially(title)
    expect(page.locator("#id_slug")).to_have_value(slug(title))


def test_key_stays_as_it_was_typed(open_admin):
    page = open_admin("questions:edit")
    key = page.locator("#id_key")
    key.fill("TV-Q01")
    key.blur()
    expect(key).to_have_value("TV-Q01")


def test_lesson_is_published_by_keyboard(open_as):
    page = open_as("trainer", DESKTOP)
    page.goto("/quan-tri/pages/search/?q=so+lieu+va+dinh+kien")
    keys = Keys(page, ours=False)
    keys.follow("Số liệu và định kiến")
    keys.go_to("Tóm tắt", kind="textarea")
    keys.press("Control+A")
    keys.type("Câu này gõ bằng bàn phím.")
    keys.follow("Xuất bản")
    expect(page.locator(".messages .success")).to_contain_text(
        "Đã xuất bản trang “Số liệu và định kiến”"
    )
