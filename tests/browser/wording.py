"""The words of a page that a person reads or hears, and which of them are English."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import allauth
import django
import wagtail
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
SPOKEN = (
    "aria-label",
    "aria-description",
    "title",
    "placeholder",
    "alt",
    "data-w-tooltip-content-value",
)
# Code is the same in every language.
SILENT = {"script", "style", "noscript", "code"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
# Not one of them is a Vietnamese syllable.
ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "is",
        "are",
        "this",
        "that",
        "with",
        "from",
        "your",
        "you",
        "has",
        "have",
        "was",
        "been",
        "which",
        "please",
        "select",
        "choose",
        "search",
        "delete",
        "edit",
        "add",
        "page",
        "pages",
        "view",
        "save",
        "filter",
        "filters",
        "status",
        "date",
        "name",
        "user",
        "users",
        "all",
        "time",
        "new",
        "more",
        "only",
        "when",
        "where",
        "there",
        "their",
        "cannot",
        "must",
        "should",
        "use",
        "used",
        "create",
        "created",
        "update",
        "updated",
        "published",
        "draft",
        "history",
        "settings",
        "help",
        "home",
        "back",
        "next",
        "previous",
        "show",
        "hide",
        "title",
        "language",
        "type",
        "first",
        "last",
        "by",
        "number",
        "actions",
        "action",
        "options",
        "option",
    ]
)
# Names of things that are the same in both languages, and addresses.
NO_WORD = re.compile(r"\S*[@/\\._\d#%{}=&]\S*")
WORD = re.compile(r"[^\W\d_]+")


def words_of(html: str) -> list[str]:
    """Every text and every spoken attribute of the page, spaces made one."""
    reader = _Reader()
    reader.feed(html)
    return reader.found


def english_in(text: str) -> bool:
    """Whether the text is one that a catalogue translates, or holds plainly English words."""
    if text.lower() in _message_ids():
        return True
    words = [word.lower() for word in WORD.findall(NO_WORD.sub(" ", text))]
    return any(word in ENGLISH for word in words)


@cache
def _message_ids() -> frozenset[str]:
    """English messages of the suite and of the packages below it whose Vietnamese differs."""
    packages = [Path(package.__file__).parent for package in (allauth, django, wagtail)]
    paths = [path for root in packages for path in root.rglob("locale/vi/LC_MESSAGES/*.po")]
    for app in ("lms", "courses", "attendance", "certificates"):
        paths += (ROOT / app).rglob("locale/vi/LC_MESSAGES/*.po")
    found = {}
    for path in paths:
        with path.open("rb") as file:
            for message in read_po(file, ignore_obsolete=True):
                ids = message.id if message.pluralizable else [message.id]
                strings = message.string if message.pluralizable else [message.string]
                for text in ids:
                    found.setdefault(text.lower(), set()).update(one.lower() for one in strings)
    # A word that some catalogue keeps as it is ("URL", "Email") is not English left over.
    return frozenset(
        text for text, strings in found.items() if len(text) > 1 and text not in strings
    )


class _Reader(HTMLParser):
    """Leaves out what is said to be in another language (`lang`) and what nobody sees."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._left_out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        foreign = tag != "html" and values.get("lang", "vi") != "vi"
        unseen = tag in SILENT or "hidden" in values
        if tag not in VOID and (self._left_out or unseen or foreign):
            self._left_out.append(tag)
        if self._left_out or unseen or foreign:
            return
        for name in SPOKEN:
            self._take(values.get(name))
        if tag == "input" and values.get("type") in ("submit", "button", "reset"):
            self._take(values.get("value"))

    def handle_endtag(self, tag: str) -> None:
        if self._left_out and tag in self._left_out:
            while self._left_out.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            self._take(data)

    def _take(self, text: str | None) -> None:
        if text and (shown := " ".join(text.split())):
            self.found.append(shown)
