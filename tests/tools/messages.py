"""Keep the message catalogues: `python -m tests.tools.messages [--check|--compile] [ROOT …]`.

Extracts the message ids of every app, brings its catalogues up to date and compiles them,
without GNU gettext, so that it runs on a bare machine. A ROOT (`courses`, `lms/core`, …)
limits the run to that catalogue. With `--check` nothing is written: it fails when a catalogue
would change, a translation is missing or fuzzy, or a placeholder differs from the id's.
With `--compile` the catalogues are only compiled.

`lms/vietnamese` supplements the Vietnamese of the installed packages: its ids are what they
lack (`tests/tools/installed.py`). A translation that leaves a placeholder out says why in a
comment, “leaves out NAME: …”.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo

from tests.tools import installed
from tests.tools.extraction import (
    extract_file,
    first_id,
    is_translated,
    read_catalogue,
    translatable_files,
)

PROJECT = Path(__file__).resolve().parents[2]
ROOTS = (
    "lms",
    "lms/core",
    "lms/geography",
    "lms/accounts",
    "lms/notifications",
    "lms/importing",
    "lms/reporting",
    "courses",
    "attendance",
    "certificates",
)
SUPPLEMENT = "lms/vietnamese"
SUB_APPS = tuple(root for root in (*ROOTS, SUPPLEMENT) if root.startswith("lms/"))
IDENTITY_LOCALE = "en"
WRITTEN_LOCALE = "vi"
PLURAL_FORMS = {
    IDENTITY_LOCALE: "nplurals=2; plural=(n != 1);",
    WRITTEN_LOCALE: "nplurals=1; plural=0;",
}
# No dates and no tool version: a catalogue changes only when a message does.
HEADER = """\
# {locale} catalogue of {root}; kept by `make messages`.
msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

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

    def catalogue_path(self, locale: str, domain: str = "django") -> Path:
        return self.folder / "locale" / locale / "LC_MESSAGES" / f"{domain}.po"

    def sources(self) -> Iterator[Path]:
        """The Python files and templates of this root, without those of a root below it."""
        inner = [self.project / name for name in SUB_APPS if name != self.name]
        for path in translatable_files(self.folder):
            if not any(path.is_relative_to(folder) for folder in inner):
                yield path

    def templates(self) -> Iterator[tuple[Path, str, Catalog]]:
        """Yield the file and the locale of each catalogue with the ids that belong in it."""
        template = extract_root(self)
        for locale in (WRITTEN_LOCALE, IDENTITY_LOCALE):
            yield self.catalogue_path(locale), locale, template


class Supplement(Root):
    """The Vietnamese that the installed packages lack; their English is that of the ids."""

    def templates(self) -> Iterator[tuple[Path, str, Catalog]]:
        own = {"django": extract_root(self), "djangojs": Catalog()}
        for domain, template in own.items():
            path = self.catalogue_path(WRITTEN_LOCALE, domain)
            present = read_catalogue(path, WRITTEN_LOCALE)
            for message in template:
                present[message.id] = message
            for message in installed.wanted(domain, WRITTEN_LOCALE, present):
                template[message.id] = message
            yield path, WRITTEN_LOCALE, template


def extract_root(root: Root) -> Catalog:
    """Return a catalogue without translations: every id of the root with the files it is in."""
    catalogue = Catalog()
    for path in root.sources():
        location = (path.relative_to(root.project).as_posix(), 0)
        for ids, comments, context in extract_file(path):
            catalogue.add(ids, locations=[location], auto_comments=comments, context=context)
    return catalogue


def merge(template: Catalog, existing: Catalog, locale: str) -> Catalog:
    """Return the ids of `template` with the strings of `existing`; obsolete ones are left out."""
    merged = Catalog(locale=locale)
    for message in template:
        if not message.id:
            continue
        if locale == IDENTITY_LOCALE:
            string, flags, comments = message.id, set(), []
        else:
            known = existing.get(first_id(message), message.context)
            string = _fit_plural(message, known, existing.num_plurals)
            flags = {"fuzzy"} if known and known.fuzzy else set()
            comments = known.user_comments if known else []
        merged.add(
            message.id,
            string,
            locations=sorted(message.locations),
            flags=flags,
            auto_comments=message.auto_comments,
            user_comments=comments,
            context=message.context,
        )
    return merged


def _fit_plural(message: Message, known: Message | None, forms: int) -> str | tuple[str, ...]:
    """Carry a string over when a message gains or loses its plural form."""
    if known is None:
        return ("",) * forms if message.pluralizable else ""
    if message.pluralizable == known.pluralizable:
        return known.string
    return (known.string,) * forms if message.pluralizable else known.string[0]


def render(catalogue: Catalog, root: Root, locale: str) -> str:
    """Return the text of the file: fixed header, sorted by id, no line numbers, no wrapping."""
    header = HEADER.format(locale=locale, root=root.name, plural_forms=PLURAL_FORMS[locale])
    body = BytesIO()
    pofile.write_po(
        body, catalogue, width=0, omit_header=True, include_lineno=False, sort_output=True
    )
    return header + body.getvalue().decode().strip() + "\n"


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
    ids = message.id if message.pluralizable else (message.id,)
    strings = message.string if message.pluralizable else (message.string,)
    if not all(strings):
        yield "has no translation"
        return
    # The last id is the plural one: a singular may leave the number out, Vietnamese may not.
    model = ids[-1]
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
    for path, locale, template in root.templates():
        name = path.relative_to(root.project)
        merged = merge(template, read_catalogue(path, locale), locale)
        present = path.read_text(encoding="utf-8") if path.exists() else None
        if present != (render(merged, root, locale) if len(merged) else None):
            yield f"{name}: not up to date, run `make messages`"
        if locale == WRITTEN_LOCALE:
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
        catalogue = read_catalogue(root.catalogue_path(WRITTEN_LOCALE), WRITTEN_LOCALE)
        for message in catalogue:
            if not message.id or not is_translated(message):
                continue
            first = first_id(message)
            string = message.string if isinstance(message.string, str) else message.string[0]
            other, known = said.setdefault((message.context, first), (root.name, string))
            if known != string:
                yield f'"{first}" is "{known}" in {other} and "{string}" in {root.name}'


def update_root(root: Root) -> None:
    """Write and compile the catalogues of one root; a root without messages has none."""
    for path, locale, template in root.templates():
        merged = merge(template, read_catalogue(path, locale), locale)
        if not len(merged):
            path.unlink(missing_ok=True)
            path.with_suffix(".mo").unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(merged, root, locale), encoding="utf-8")
        compile_catalogue(path, locale)


def compile_catalogue(path: Path, locale: str) -> None:
    with path.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_catalogue(path, locale))


def compile_root(root: Root) -> None:
    for locale in PLURAL_FORMS:
        for path in (root.folder / "locale" / locale / "LC_MESSAGES").glob("*.po"):
            compile_catalogue(path, locale)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="write nothing, fail on any fault")
    mode.add_argument("--compile", action="store_true", help="only compile what is there")
    parser.add_argument("roots", nargs="*", metavar="ROOT", help="only these, such as courses")
    options = parser.parse_args(arguments)
    known = (*ROOTS, SUPPLEMENT)
    names = [name.strip("/") for name in options.roots] or known
    if unknown := set(names) - set(known):
        parser.error(f"no such root: {', '.join(sorted(unknown))}; there is {', '.join(known)}")
    kinds = ((Supplement if name == SUPPLEMENT else Root)(name) for name in names)
    roots = [root for root in kinds if root.folder.is_dir()]
    if not options.check:
        for root in roots:
            (compile_root if options.compile else update_root)(root)
        return 0
    faults = [fault for root in roots for fault in check_root(root)]
    faults += check_clashes(roots)
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
