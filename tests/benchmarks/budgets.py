"""What a trainee's pages cost on the wire and on a weak network, beside their budgets."""

from pathlib import Path

from django.test import Client
from playwright.sync_api import Browser, sync_playwright

from courses.models import LessonPage
from lms.accounts.models import User
from tests.benchmarks.serving import web_server
from tests.benchmarks.timing import Measure
from tests.browser.wire import (
    FIRST_VISIT_BYTES,
    FIRST_VISIT_REQUESTS,
    LCP_SECONDS,
    SECOND_VISIT_BYTES,
    Wire,
    counted,
)
from tests.running import PHONE, chromium


def page_budgets(folder: Path) -> list[Measure]:
    """A lesson and Việc của tôi, first and second visit; none without Chromium."""
    options = chromium()
    if not Path(options["executable_path"]).exists():
        return []
    trainee = Client()
    trainee.force_login(User.objects.get(staff_code="HV001"))
    session = trainee.cookies["sessionid"].value
    lesson = max(LessonPage.objects.live(), key=lambda page: len(str(page.body)))
    pages = {"lesson": lesson.url, "Việc của tôi": "/viec-cua-toi/"}
    environment = {
        "SUITE_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
    }
    with (
        web_server("lms.wsgi:application", environment) as port,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**options)
        with counted(f"http://127.0.0.1:{port}") as wire:
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
        aim="<= 1x",
    )
