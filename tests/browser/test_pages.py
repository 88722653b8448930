"""Every page of the suite in Chromium, as every person: quiet, accessible, narrow, tappable."""

import pytest

from tests.browser.conftest import PUBLIC, ROLES
from tests.browser.looking import axe_of

pytestmark = pytest.mark.browser

EVERYBODY = pytest.mark.parametrize("role", [PUBLIC, *ROLES])
LANGUAGES = pytest.mark.parametrize("language", ["vi", "en"])
# Who holds a phone: those who learn, and those who stand before a class.
ON_PHONES = pytest.mark.parametrize("role", [PUBLIC, "trainee", "trainer"])


def found(looks, attribute):
    return {look.address: getattr(look, attribute) for look in looks if getattr(look, attribute)}


@EVERYBODY
@LANGUAGES
def test_browser_complains_of_nothing(looks, role, language):
    """No error, no breach of the Content-Security-Policy."""
    assert found(looks(role, language), "complaints") == {}


@EVERYBODY
@LANGUAGES
def test_no_other_host_is_asked(looks, role, language):
    assert found(looks(role, language), "foreign") == {}


@EVERYBODY
@LANGUAGES
def test_axe_finds_nothing(looks, role, language):
    assert found(looks(role, language), "axe") == {}


@EVERYBODY
@LANGUAGES
def test_page_does_not_scroll_sideways(looks, role, language):
    """Vietnamese at 320 px, which is 1280 px at 400 %."""
    assert found(looks(role, language), "too_wide") == {}


@EVERYBODY
@LANGUAGES
def test_what_scrolls_sideways_is_reached_by_keyboard(looks, role, language):
    assert found(looks(role, language), "dead_scrollers") == {}


@ON_PHONES
def test_targets_are_large_enough_for_a_thumb(looks, role):
    assert found(looks(role, "vi"), "small_targets") == {}


def test_axe_sees_what_is_wrong(open_as):
    """The checks above would also pass if axe looked at nothing."""
    page = open_as(None, {"width": 360, "height": 740})
    page.goto("/")
    page.evaluate("document.querySelector('main').innerHTML = '<img src=x><input>'")

    assert {rule for rule, _elements in axe_of(page)} >= {"image-alt", "label"}
