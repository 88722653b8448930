"""Every page of the suite in Chromium, as every person: quiet, accessible, narrow, tappable."""

import pytest

from tests.browser.conftest import PUBLIC, ROLES
from tests.browser.looking import axe_of

pytestmark = pytest.mark.browser

FAULTS = ("complaints", "foreign", "axe", "too_wide", "dead_scrollers")
# Who holds a phone: those who learn, and those who stand before a class.
ON_PHONES = (PUBLIC, "trainee", "trainer")


@pytest.mark.parametrize("role", [PUBLIC, *ROLES])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_are_quiet_accessible_narrow_and_tappable(looks, role, language):
    """No error, no breach of the Content-Security-Policy, no other host, nothing that axe finds.

    Nothing reaches past the edge (Vietnamese at 320 px, which is 1280 px at 400 %), what scrolls
    sideways is reached by keyboard, and a thumb hits what there is to tap.
    """
    thumbs = ("small_targets",) if language == "vi" and role in ON_PHONES else ()
    found = {
        (look.address, fault): getattr(look, fault)
        for look in looks(role, language)
        for fault in (*FAULTS, *thumbs)
    }

    assert {place: faults for place, faults in found.items() if faults} == {}


def test_axe_sees_what_is_wrong(open_as):
    """The checks above would also pass if axe looked at nothing."""
    page = open_as(None, {"width": 360, "height": 740})
    page.goto("/")
    page.evaluate("document.querySelector('main').innerHTML = '<img src=x><input>'")

    assert {rule for rule, _elements in axe_of(page)} >= {"image-alt", "label"}
