"""Bring the catalogues of the apps up to date, check them and compile them.

English is the language of the ids and needs no catalogue; each app has a Vietnamese one.
`lms/vietnamese` supplements the Vietnamese of the installed packages: its ids are what they
lack (`installed.py`). A translation that leaves a placeholder out says why in a comment,
“leaves out NAME: …”.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo

from lms.catalogues import installed
from lms.catalogues.extraction import (
    extract_file,
    first_id,
    ids_of,
    is_translated,
    read_catalogue,
    strings_of,
    translatable_files,
)

PROJECT = Path(__file__).resolve().parents[2]
ROOTS = (
    "lms",
    "lms/core",
    "lms/design",
    "lms/ops",
    "lms/spreadsheets",
    "lms/scoped_admin",
    "lms/geography",
    "lms/accounts",
    "lms/notifications",
    "lms/messaging",
    "lms/announcements",
    "lms/importing",
    "lms/reporting",
    "lms/surveys",
    "courses",
    "attendance",
    "certificates",
)
SUPPLEMENT = "lms/vietnamese"
SUB_APPS = tuple(root for root in (*ROOTS, SUPPLEMENT) if root.startswith("lms/"))
LOCALE = "vi"
# No dates and no tool version: a catalogue changes only when a message does.
HEADER = """\
# Vietnamese catalogue of {root}; kept by `make messages`.
msgid ""
msgstr ""
"Language: vi\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
NAMED = re.compile(r"%\((\w+)\)[#0\-+]*(?:\d+)?(?:\.\d+)?[a-zA-Z]")
POSITIONAL = re.compile(r"%[#0\-+]*(?:\d+)?(?:\.\d+)?[sdrfi]")
BRACED = re.compile(r"\{(?:[a-z_][\w.]*|\d*)(?:[!:][^{}]*)?\}")
LEFT_OUT = re.compile(r"leaves out (\w+):")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True)
class Root:
    """One app with catalogues of its own; `project` is the folder that `name` is relative to."""

    name: str
    project: Path = PROJECT

    @property
    def folder(self) -> Path:
        return self.project / self.name

    def catalogue_path(self, domain: str = "django") -> Path:
        return self.folder / "locale" / LOCALE / "LC_MESSAGES" / f"{domain}.po"

    def sources(self) -> Iterator[Path]:
        """Yield the Python files and templates of this root, without those of a root below it."""
        inner = [self.project / name for name in SUB_APPS if name != self.name]
        for path in translatable_files(self.folder):
            if not any(path.is_relative_to(folder) for folder in inner):
                yield path

    def templates(self) -> Iterator[tuple[Path, Catalog]]:
        """Yield the file of each catalogue with the ids that belong in it."""
        yield self.catalogue_path(), extract_root(self)


class Supplement(Root):
    """The Vietnamese that the installed packages lack; their English is that of the ids."""

    def templates(self) -> Iterator[tuple[Path, Catalog]]:
        own = {"django": extract_root(self), "djangojs": Catalog()}
        for domain, template in own.items():
            path = self.catalogue_path(domain)
            present = read_catalogue(path, LOCALE)
            for message in template:
                present[message.id] = message
            for message in installed.wanted(domain, LOCALE, present):
                template[message.id] = message
            yield path, template


def extract_root(root: Root) -> Catalog:
    """Return a catalogue without translations: every id of the root."""
    catalogue = Catalog()
    for path in root.sources():
        for ids, comments, context in extract_file(path):
            catalogue.add(ids, auto_comments=comments, context=context)
    return catalogue


def merge(template: Catalog, existing: Catalog) -> Catalog:
    """Return the ids of `template` with the strings of `existing`; obsolete ones are left out."""
    merged = Catalog(locale=LOCALE)
    for message in template:
        if not message.id:
            continue
        known = existing.get(first_id(message), message.context)
        merged.add(
            message.id,
            _fit_plural(message, known, existing.num_plurals),
            flags={"fuzzy"} if known and known.fuzzy else set(),
            auto_comments=message.auto_comments,
            user_comments=known.user_comments if known else [],
            context=message.context,
        )
    return merged


def _fit_plural(message: Message, known: Message | None, forms: int) -> str | tuple[str, ...]:
    """Carry a string over when a message gains or loses its plural form."""
    strings = (strings_of(known) if known else []) or [""]
    if not message.pluralizable:
        return strings[0]
    return tuple(strings) if known and known.pluralizable else (strings[0],) * forms


def render(catalogue: Catalog, root: Root) -> str:
    """Return the text of the file: fixed header, sorted by id, no wrapping.

    It does not say where a message stands: modules move, and every move would change the file.
    """
    body = BytesIO()
    pofile.write_po(body, catalogue, width=0, omit_header=True, no_location=True, sort_output=True)
    return HEADER.format(root=root.name) + body.getvalue().decode().strip() + "\n"


def placeholders(text: str) -> list[str]:
    """Return what a caller fills in, sorted: `%(name)s` by name, `%s`, `{name}`."""
    text = text.replace("%%", "")
    named = NAMED.findall(text)
    rest = NAMED.sub("", text)
    return sorted([*named, *POSITIONAL.findall(rest), *BRACED.findall(rest)])


def tags(text: str) -> list[str]:
    """Return the HTML tags, sorted, with their attributes."""
    return sorted(TAG.findall(text))


def edges(text: str) -> tuple[str, str]:
    """Return the white space around a text: it is put together with others."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def problems_of(message: Message) -> Iterator[str]:
    """Yield what is wrong with one translated message, as the end of a sentence."""
    if message.fuzzy:
        yield "is marked fuzzy"
    strings = strings_of(message)
    if not strings or not all(strings):
        yield "has no translation"
        return
    # The last id is the plural one: a singular may leave the number out, Vietnamese may not.
    model = ids_of(message)[-1]
    left_out = LEFT_OUT.findall(" ".join(message.user_comments))
    expected = [name for name in placeholders(model) if name not in left_out]
    for string in strings:
        if placeholders(string) != expected:
            yield f"has the placeholders {placeholders(string)} instead of {expected}"
        if tags(string) != tags(model):
            yield f"has the tags {tags(string)} instead of {tags(model)}"
        if edges(string) != edges(model):
            yield f"has the edges {edges(string)} instead of {edges(model)}"


def check_root(root: Root) -> Iterator[str]:
    """Yield one line for everything that `make test` must refuse."""
    for path, template in root.templates():
        name = path.relative_to(root.project)
        merged = merge(template, read_catalogue(path, LOCALE))
        present = path.read_text(encoding="utf-8") if path.exists() else None
        if present != (render(merged, root) if len(merged) else None):
            yield f"{name}: not up to date, run `make messages`"
        for message in merged:
            if message.id:
                for problem in problems_of(message):
                    yield f'{name}: "{first_id(message)}" {problem}'


def check_clashes(roots: Iterable[Root]) -> Iterator[str]:
    """Yield one line for each id that two catalogues translate differently.

    Django merges all catalogues into one, so one app would speak with the words of another.
    A context (`pgettext`) or a fuller sentence tells two meanings apart.
    """
    said: dict[tuple[str | None, str], tuple[str, object]] = {}
    for root in roots:
        catalogue = read_catalogue(root.catalogue_path(), LOCALE)
        for message in catalogue:
            if not message.id or not is_translated(message):
                continue
            first = first_id(message)
            string = strings_of(message)[0]
            other, known = said.setdefault((message.context, first), (root.name, string))
            if known != string:
                yield f'"{first}" is "{known}" in {other} and "{string}" in {root.name}'


def update_root(root: Root) -> None:
    """Write and compile the catalogues of one root; a root without messages has none."""
    for path, template in root.templates():
        merged = merge(template, read_catalogue(path, LOCALE))
        if not len(merged):
            path.unlink(missing_ok=True)
            path.with_suffix(".mo").unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(merged, root), encoding="utf-8")
        compile_catalogue(path)


def compile_catalogue(path: Path) -> None:
    """Write the `.mo` in one step: a process that starts meanwhile reads the former or the new one,
    never half of it.
    """
    written = path.with_suffix(".new.mo")
    with written.open("wb") as compiled:
        write_mo(compiled, read_catalogue(path, LOCALE))
    written.replace(path.with_suffix(".mo"))


def compile_root(root: Root) -> None:
    for path in root.catalogue_path().parent.glob("*.po"):
        compile_catalogue(path)
