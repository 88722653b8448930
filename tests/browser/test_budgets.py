"""What the pages of a trainee cost on a weak network, served as in production."""

import pytest

from tests.browser.wire import (
    FIRST_VISIT_BYTES,
    FIRST_VISIT_REQUESTS,
    SECOND_VISIT_BYTES,
    counted,
)

pytestmark = pytest.mark.browser


@pytest.fixture(params=["courses:lesson", "courses:my_work"])
def address(request, walk):
    """The heaviest lesson seen, and Việc của tôi."""
    seen = [visit for visit in walk("trainee") if visit.pattern == request.param]
    return max(seen, key=lambda visit: len(visit.html)).address


@pytest.fixture
def wire(suite):
    with counted(suite.url) as wire:
        yield wire


@pytest.fixture
def phone(browser, wire, visitor):
    context = browser.new_context(base_url=wire.url, viewport={"width": 360, "height": 740})
    context.add_cookies(visitor("trainee").browser_cookies())
    yield context
    context.close()


def test_first_and_second_visit_keep_their_budgets(phone, wire, address):
    """The pictures of the lesson count."""
    first = wire.visit(phone, address)
    second = wire.visit(phone, address)

    assert 5_000 < first.received <= FIRST_VISIT_BYTES
    assert 1 < first.requests <= FIRST_VISIT_REQUESTS
    assert 1_000 < second.received <= SECOND_VISIT_BYTES


def test_first_answer_alone_is_a_usable_page(phone, address):
    """Neither style nor script nor picture arrives: text and the next step are there."""
    page = phone.new_page()
    page.route("**/*", lambda route: route.continue_() if _is_page(route) else route.abort())
    page.goto(address)

    assert len(page.locator("main").inner_text()) > 200
    assert page.locator("main a[href], main button").count() > 0
    assert page.get_by_role("heading", level=1).count() == 1


def _is_page(route):
    return route.request.resource_type == "document"
