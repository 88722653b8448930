"""The error pages that no address of a sound suite leads to, shown in Chromium as they are sent."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import translation
from playwright.sync_api import Route

from lms.design.templatetags.ui import sprite_address
from tests.browser.looking import Look, Looker

pytestmark = pytest.mark.browser

CODES = (400, 403, 429, 500, 503)
WIDTHS = {"vi": 320, "en": 1280}


def answering(code: int, page: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(
        status=code, content_type="text/html; charset=utf-8", body=page
    )


@pytest.fixture(scope="module", params=sorted(WIDTHS))
def looks(request, browser, suite) -> dict[int, Look]:
    """Each page by its status, in one language: rendered here, dressed by the running suite."""
    viewport = {"width": WIDTHS[request.param], "height": 740}
    context = browser.new_context(base_url=suite.url, viewport=viewport, reduced_motion="reduce")
    as_gathered = {
        "STATIC_ROOT": suite.folder / "static",
        "STORAGES": {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "lms.design.stylesheets.GatheredStylesStorage"},
        },
    }
    # Kept for the process, which may have drawn an icon already, as the test settings name the file.
    sprite_address.cache_clear()
    with translation.override(request.param), override_settings(**as_gathered):
        pages = {code: render_to_string(f"{code}.html") for code in CODES}
    sprite_address.cache_clear()
    for code, page in pages.items():
        assert f'lang="{request.param}"' in page or code == CODES[-1]
        context.route(f"**/loi-{code}/", answering(code, page))
    looker = Looker(context, suite.url)
    try:
        yield {code: looker.look_at(f"/loi-{code}/") for code in CODES}
    finally:
        context.close()


def test_error_pages_are_accessible_and_fit(looks):
    found = {
        code: [*look.complaints, *look.foreign, *look.axe, *look.too_wide, *look.small_targets]
        for code, look in looks.items()
    }

    assert found == {code: [] for code in CODES}
