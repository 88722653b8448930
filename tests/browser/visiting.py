"""Walks the running suite as one person, by following links, without a browser.

Every page that a link leads to is asked for, but each address pattern only a few times:
the hundredth lesson shows nothing that the second did not.
"""

import hashlib
import re
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from http import HTTPStatus
from http.cookiejar import Cookie, CookieJar

from django.urls import Resolver404, resolve

from tests.running import until

# An address that no pattern knows.
NOWHERE = "nowhere"
# Wagtail draws its menu from data in the page.
MENU_ADDRESS = re.compile(r'"url": "(/quan-tri/[^"?]*)"')


@dataclass(frozen=True)
class Visit:
    """One page as it was sent. `pattern` names the address pattern, with the depth of a page.

    `markup` is the same for pages whose contents differ in words alone.
    """

    address: str
    pattern: str
    status: int
    html: str = field(repr=False)
    markup: str = field(repr=False)


class Visitor:
    """A person's session with the suite at `base`; `login` is None for the public."""

    def __init__(
        self, base: str, login: str | None = None, password: str = "", *, language: str = "vi"
    ) -> None:
        self.base = base
        self.cookies = CookieJar()
        self._keep("django_language", language)
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        if login:
            self._log_in(login, password)

    def get(self, address: str, data: bytes | None = None) -> tuple[str, int, str | None]:
        """Where one ends up, the status, and the page (None if the answer is none)."""
        try:
            answer = self._opener.open(self.base + address, data, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            is_page = answer.headers.get_content_type() == "text/html"
            found = urllib.parse.urlsplit(answer.url)
            end = found.path + (f"?{found.query}" if found.query else "")
            return end, answer.status, answer.read().decode() if is_page else None

    def walk(self, starts: Iterable[str], *, each: int = 2) -> Iterator[Visit]:
        """Every page that can be reached from `starts`, each pattern `each` times at most."""
        waiting = deque(starts)
        asked: set[str] = set()
        times: Counter[str] = Counter()
        while waiting:
            address = waiting.popleft()
            pattern = _pattern(address)
            if pattern is None or address in asked or times[pattern] >= each:
                continue
            asked.add(address)
            times[pattern] += 1
            end, status, html = self._get_when_free(address)
            if end != address:
                waiting.append(end)
            elif html is not None:
                page = _Page()
                page.feed(html)
                yield Visit(address, pattern, status, html, page.markup())
                waiting.extend(_links(address, [*page.addresses, *_menu(html)]))
            else:
                # Another file shows nothing: it is not read.
                times[pattern] = each

    def _get_when_free(self, address: str) -> tuple[str, int, str | None]:
        """What it answers once the database is free; right after the start the workers write a lot."""
        answers = []

        def ask() -> bool:
            answers.append(self.get(address))
            return answers[-1][1] != HTTPStatus.SERVICE_UNAVAILABLE

        until(ask, seconds=90, what=f"{address} answers", every=1)
        return answers[-1]

    def cookie(self, name: str) -> str:
        return next(str(cookie.value) for cookie in self.cookies if cookie.name == name)

    def browser_cookies(self) -> list[dict]:
        """The same session for a browser."""
        return [
            {"name": cookie.name, "value": cookie.value, "url": self.base}
            for cookie in self.cookies
        ]

    def _log_in(self, login: str, password: str) -> None:
        door = "/tai-khoan/login/"

        def enter() -> bool:
            self.get(door)
            form = {
                "login": login,
                "password": password,
                "csrfmiddlewaretoken": self.cookie("csrftoken"),
            }
            end, status, _page = self.get(door, urllib.parse.urlencode(form).encode())
            # As a person does who is asked to: right after the start the workers write a lot.
            if status == HTTPStatus.SERVICE_UNAVAILABLE:
                return False
            assert (status, end.startswith(door)) == (200, False), f"{login} cannot log in"
            return True

        until(enter, seconds=90, what=f"{login} logs in", every=1)

    def _keep(self, name: str, value: str) -> None:
        domain = urllib.parse.urlsplit(self.base).hostname
        self.cookies.set_cookie(
            Cookie(
                0, name, value, None, False, domain, True, False, "/", True, False, None, True,
                None, None, {},
            )
        )  # fmt: skip


def _pattern(address: str) -> str | None:
    """What makes two addresses the same kind of page; None: not to be asked for."""
    parts = urllib.parse.urlsplit(address)
    if parts.netloc or "export=" in parts.query:
        return None
    try:
        match = resolve(urllib.parse.unquote(parts.path))
    except Resolver404:
        return NOWHERE
    depth = parts.path.count("/") if match.view_name == "wagtail_serve" else ""
    return f"{match.view_name}{depth}"


def markup_of(html: str) -> str:
    page = _Page()
    page.feed(html)
    return page.markup()


def _menu(html: str) -> list[str]:
    return MENU_ADDRESS.findall(unescape(html))


def _links(address: str, links: list[str]) -> list[str]:
    joined = (urllib.parse.urljoin(address, link) for link in links)
    return [link.split("#")[0] for link in joined if link.startswith("/")]


class _Page(HTMLParser):
    """Where the links of a page lead, and how its contents are built."""

    # What decides by its value how something looks, works or is told to whoever listens.
    BUILDING = frozenset({"class", "role", "type", "lang", "open", "hidden"})

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self._built: list[str] = []
        self._within = 0

    def markup(self) -> str:
        return hashlib.sha256("\n".join(self._built).encode()).hexdigest()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href") and "download" not in values:
            self.addresses.append(str(values["href"]))
        self._within += tag == "main"
        # Of the others it counts whether there is one and whether it is empty.
        said = ((name, value if name in self.BUILDING else bool(value)) for name, value in attrs)
        self._build(f"{tag} {sorted(said, key=str)}")

    def handle_endtag(self, tag: str) -> None:
        self._build(f"/{tag}")
        self._within -= tag == "main"

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._build("words")

    def _build(self, part: str) -> None:
        if self._within:
            self._built.append(part)
