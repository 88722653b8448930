"""Find message ids in Python files and templates, and read catalogues, without GNU gettext."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_CALLS = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})\s*\(")
COMMENT_TAGS = ("Translators:",)
# What Babel gives for an id: the singular and the plural together, or one text.
Ids = str | tuple[str, ...] | list[str]


def translatable_files(folder: Path) -> Iterator[Path]:
    """Yield the Python files and templates of an app, sorted."""
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt", ".xml"}:
            continue
        if path.suffix == ".py" or "templates" in path.relative_to(folder).parts:
            yield path


def extract_file(path: Path) -> Iterator[tuple[Ids, list[str], str | None]]:
    """Yield (id or (singular, plural), translators' comments, context) for each message."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # In brackets, because a template knows nothing of Python's indentation.
        source = f"(\n{templatize(source, origin=str(path))}\n)"
    # Two files in three translate nothing: they need not be taken apart.
    if not _CALLS.search(source):
        return
    found = extract("python", BytesIO(source.encode()), KEYWORDS, COMMENT_TAGS)
    for _line, ids, comments, context in found:
        yield ids, comments, context


def read_catalogue(path: Path, locale: str) -> Catalog:
    """Return what the file holds, or an empty catalogue when there is no file yet."""
    if not path.exists():
        return Catalog(locale=locale)
    return pofile.read_po(BytesIO(path.read_bytes()), locale=locale, abort_invalid=True)


def ids_of(message: Message) -> list[str]:
    """Return the id, or the singular and the plural."""
    return [message.id] if isinstance(message.id, str) else list(message.id)


def first_id(message: Message) -> str:
    return ids_of(message)[0]


def strings_of(message: Message) -> list[str]:
    """Return the translation, or every plural form of it; nothing when there is none."""
    if isinstance(message.string, str):
        return [message.string]
    return list(message.string or ())


def is_translated(message: Message | None) -> bool:
    """Return whether the message is in effect: every form is there and somebody stands by it."""
    if message is None or message.fuzzy:
        return False
    strings = strings_of(message)
    return bool(strings) and all(strings)
