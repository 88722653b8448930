"""What a trainee's pages cost on the wire and on a weak network, beside their budgets."""

from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from lms.accounts.models import User
from tests.benchmarks.enlarging import log_in, longest_lesson
from tests.benchmarks.measures import Aim, Measure, NotMeasurableError
from tests.benchmarks.serving import SUITE, web_server
from tests.browser.wire import (
    FIRST_VISIT_BYTES,
    FIRST_VISIT_REQUESTS,
    LCP_SECONDS,
    SECOND_VISIT_BYTES,
    Wire,
    counted,
)
from tests.running import PHONE, chromium


def page_budgets() -> list[Measure]:
    """A lesson and Việc của tôi, first and second visit."""
    options = chromium()
    if not Path(options["executable_path"]).exists():
        raise NotMeasurableError("Chromium is missing: install it, or name one in CHROMIUM")
    trainee = log_in(User.objects.get(staff_code="HV001"))
    session = trainee.cookies["sessionid"].value
    pages = {"lesson": longest_lesson().url, "Việc của tôi": "/viec-cua-toi/"}
    with web_server(SUITE) as suite, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        with counted(suite) as wire:
            return [
                measure
                for name, address in pages.items()
                for measure in _budgets(browser, wire, name=name, address=address, session=session)
            ]


def _budgets(
    browser: Browser, wire: Wire, *, name: str, address: str, session: str
) -> list[Measure]:
    def phone():
        context = browser.new_context(viewport=PHONE, base_url=wire.url)
        context.add_cookies([{"name": "sessionid", "value": session, "url": wire.url}])
        return context

    context = phone()
    first, second = wire.visit(context, address), wire.visit(context, address)
    weak = wire.visit(phone(), address, weak=True)
    return [
        _beside(f"{name}, first visit: kB", first.received / 1000, FIRST_VISIT_BYTES / 1000),
        _beside(f"{name}, first visit: requests", first.requests, FIRST_VISIT_REQUESTS),
        _beside(f"{name}, second visit: kB", second.received / 1000, SECOND_VISIT_BYTES / 1000),
        _beside(f"{name}, LCP at 400 kbit/s, 400 ms: s", weak.largest_paint, LCP_SECONDS),
    ]


def _beside(name: str, value: float, budget: float) -> Measure:
    return Measure(
        name=name,
        value=f"{value:.1f}",
        floor_name="budget",
        floor=f"{budget:g}",
        ratio=value / budget,
        aims=(Aim("<=", 1, "x"),),
    )
