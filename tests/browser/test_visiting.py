"""Whether two pages are built alike, so that one of them need not be shown."""

import pytest

from tests.browser.visiting import markup_of

PAGE = '<p>Chào Đào</p><main id="main"><a class="button" href="/lop/1/">Một</a></main>'


@pytest.mark.parametrize("other", ["Một và hai", "1"])
def test_pages_that_differ_in_words_addresses_and_menu_are_built_alike(other):
    page = f'<nav></nav><main id="x"><a class="button" href="/lop/2/">{other}</a></main><p>'

    assert markup_of(page) == markup_of(PAGE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("button", "button button--quiet"),
        ("/lop/1/", ""),
        ("Một", ""),
        ("Một", "<b>Một</b>"),
        ('href="/lop/1/"', 'href="/lop/1/" aria-current="page"'),
    ],
)
def test_pages_that_may_look_or_sound_otherwise_are_not(before, after):
    assert markup_of(PAGE.replace(before, after)) != markup_of(PAGE)
