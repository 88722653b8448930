"""Pages of Django's own server, which shares the rows of the test, in a real Chromium.

`tests/conftest.py` hands the fixture to every test.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from lms.accounts.models import User
from tests.factories.accounts import browse
from tests.running import PHONE

OpenLive = Callable[..., Page]


def session_cookie(user: User, url: str) -> dict[str, Any]:
    """Return what a browser keeps of somebody who is logged in to the server at `url`."""
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": browse(user).cookies[name].value, "url": url}


@pytest.fixture
def open_live(browser: Browser, live_server: LiveServer) -> Iterator[OpenLive]:
    """`open_live(user, "/lop/")`: that person's page on a phone of the own, unless told otherwise.

    Without the service worker, which would be installed on each phone: it has tests of its own.
    """
    contexts = []

    def visit(user: User | None, path: str = "", **options: Any) -> Page:
        usual = {"viewport": PHONE, "base_url": live_server.url, "service_workers": "block"}
        context = browser.new_context(**{**usual, **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        if user:
            context.add_cookies([session_cookie(user, live_server.url)])
        page = context.new_page()
        if path:
            page.goto(path)
        return page

    yield visit
    for context in contexts:
        context.close()
