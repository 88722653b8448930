"""What the checks of the running suite share: each person walks and looks once a session."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from functools import cache

import pytest
from playwright.sync_api import Browser

from lms.core.demo import read_accounts
from tests.browser.looking import SEEN_NARROW, Look, Looker
from tests.browser.visiting import Visit, Visitor
from tests.running import Suite, once

PUBLIC = "public"
ROLES = ("trainee", "trainer", "coordinator", "monitor", "administrator")
# Reports are met alike by all who are there for them.
SEEN_AS = {"monitor": ("coordinator",), "administrator": ("coordinator", "monitor")}
# What no link leads to: a mistyped address, a certificate that is none, no network.
PUBLIC_STARTS = ("/", "/xac-minh/", "/khong-co/", "/xac-minh/ABCDEFGH2345/", "/mat-mang/")
# Pages that Wagtail makes alone: heard, and read for their words, but not put to axe.
WAGTAILS = re.compile(
    "wagtailadmin_(?!home|explore|pages:edit)|wagtail(images|docs|_bulk)"
    "|.*:(history|usage|delete|copy|revisions_.*|unpublish)$"
)
ADMIN_PARTS = 2
STARTS = ("/bat-dau/", "/", "/styleguide/", "/quan-tri/")


@pytest.fixture(scope="session")
def visitor(suite: Suite) -> Callable[..., Visitor]:
    """`visitor("trainee")`: that person's session, logged in once."""

    @cache
    def enter(role: str, language: str = "vi") -> Visitor:
        if role == PUBLIC:
            return Visitor(suite.url, language=language)
        account = read_accounts()[role]
        return Visitor(suite.url, account["login"], account["password"], language=language)

    return enter


@pytest.fixture(scope="session")
def walk(suite: Suite, visitor: Callable[..., Visitor]) -> Callable[[str], list[Visit]]:
    """`walk("trainee")`: every page that person can reach, twice a pattern, in Vietnamese.

    Kept beside the suite's data, for the other processes that test the same suite.
    """

    def walked(role: str) -> str:
        visits = visitor(role).walk(PUBLIC_STARTS if role == PUBLIC else STARTS)
        return json.dumps([asdict(visit) for visit in visits])

    @cache
    def reach(role: str) -> list[Visit]:
        kept = once(suite.folder / f"walk-{role}.json", lambda: walked(role))
        return [Visit(**visit) for visit in json.loads(kept)]

    return reach


def to_see(
    walk: Callable[[str], list[Visit]], role: str, language: str, *, admin: bool
) -> list[Visit]:
    """One page of each pattern, of the site or of the admin, but for what is seen as somebody before.

    In English a pattern is seen as the first who meets it; in Vietnamese by whoever finds it built
    otherwise than all before, who are shown the same with other words.
    """
    everybody = (PUBLIC, *ROLES)
    before = () if admin else everybody[: everybody.index(role)]
    seen_as = before if language == "en" else SEEN_AS.get(role, ())
    known = {visit.pattern for other in seen_as if other in before for visit in walk(other)}
    built = {(one.pattern, one.markup) for other in before for one in first_of_each(walk(other))}
    return [
        visit
        for visit in first_of_each(walk(role))
        if visit.address.startswith("/quan-tri/") == admin
        and visit.pattern not in known
        and (visit.pattern, visit.markup) not in built
    ]


def first_of_each(visits: list[Visit]) -> list[Visit]:
    return [*{visit.pattern: visit for visit in reversed(visits)}.values()]


@pytest.fixture(scope="session")
def looks(
    browser: Browser,
    suite: Suite,
    walk: Callable[[str], list[Visit]],
    visitor: Callable[..., Visitor],
) -> Callable[..., list[Look]]:
    """`looks("trainee", "vi")`: each pattern of the suite's own pages, seen once in Chromium.

    Vietnamese on the narrowest screen, which is also a screen of 1280 px at 400 %; English on
    a wide one, each pattern once for all people. What is the same page for somebody of SEEN_AS is
    seen as that person. A `part` is one of ADMIN_PARTS shares, so that several processes look at
    them.
    """

    @cache
    def look(
        role: str, language: str, *, admin: bool = False, part: int | None = None
    ) -> list[Look]:
        width = 320 if language == "vi" and not admin else 1280
        visits = to_see(walk, role, language, admin=admin)
        context = browser.new_context(
            base_url=suite.url, viewport={"width": width, "height": 740}, reduced_motion="reduce"
        )
        context.add_cookies(visitor(role, language).browser_cookies())
        looker = Looker(context, suite.url)
        try:
            return [
                looker.look_at(
                    visit.address,
                    with_axe=not WAGTAILS.match(visit.pattern),
                    without=SEEN_NARROW if language == "en" else (),
                )
                for visit in (visits if part is None else visits[part::ADMIN_PARTS])
            ]
        finally:
            context.close()

    return look
