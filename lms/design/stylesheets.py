"""Put a stylesheet together from its parts and make it small, when static files are gathered.

A stylesheet names its parts by `@import "part.css" layer(name);`. Browsers follow that by
themselves, so nothing is needed while one works on a part; what is gathered is one file
(docs/decisions/0020-stylesheets.md).
"""

import posixpath
import re
import sysconfig
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'^@import "([^"]+)" layer\(([\w-]+)\);\n', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DECLARATION = re.compile(r"([\w-]+): (.+;)")
OWN_ADDRESS = re.compile(r'(?<=url\(")(?![a-z]+:|[/#])[^"]+(?=")')


def part_names(name: str, text: str) -> list[str]:
    """Return the names of the parts that this stylesheet imports, in order."""
    return [_beside(name, part) for part, _ in IMPORT.findall(text)]


def put_together(name: str, read: Callable[[str], str]) -> str:
    """Return the stylesheet with its parts in place of the imports; neighbours share a layer."""
    text = read(name)
    first = IMPORT.search(text)
    if not first:
        return text
    layers = [
        f"@layer {layer} {{\n{''.join(_part(name, part, read) for part, _ in parts)}}}\n"
        for layer, parts in groupby(IMPORT.findall(text), key=itemgetter(1))
    ]
    return text[: first.start()] + "".join(layers) + IMPORT.sub("", text[first.start() :])


def squeeze(text: str) -> str:
    """Return the stylesheet without comments, indents, line ends and needless marks.

    Goes by lines and so needs no knowledge of CSS: each declaration stands on a line of its own,
    and whatever is written in another way only stays longer.
    """
    lines = []
    for line in map(str.strip, COMMENT.sub("", text).splitlines()):
        if declaration := DECLARATION.fullmatch(line):
            lines.append(f"{declaration[1]}:{declaration[2]}")
        elif line.endswith(" {"):
            lines.append(f"{line[:-2]}{{")
        elif line:
            lines.append(line if line.endswith((",", ";", "{", "}")) else f"{line} ")
    return "".join(lines).replace(";}", "}")


def _beside(name: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), address))


def _part(name: str, part: str, read: Callable[[str], str]) -> str:
    """Return the part, its addresses as they are seen from where the whole stands."""
    part_name, folder = _beside(name, part), posixpath.dirname(name)
    return OWN_ADDRESS.sub(
        lambda address: posixpath.relpath(_beside(part_name, address[0]), folder or "."),
        read(part_name),
    )


class GatheredStylesStorage(CompressedManifestStaticFilesStorage):
    """Gather our own stylesheets whole and small; hashing and compressing follow as ever."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        if not dry_run:
            paths = self._gather_styles(paths)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _gather_styles(self, paths: dict[str, Any]) -> dict[str, Any]:
        """Write each stylesheet anew and return `paths` without the parts."""

        def read(name: str) -> str:
            storage, path = paths[name]
            return Path(storage.path(path)).read_text(encoding="utf-8")

        gathered = {name: squeeze(put_together(name, read)) for name in _own(paths)}
        parts = {part for name in gathered for part in part_names(name, read(name))}
        for name in parts:
            self.delete(name)
        for name in gathered.keys() - parts:
            Path(self.path(name)).write_text(gathered[name], encoding="utf-8")
        kept = {name: source for name, source in paths.items() if name not in parts}
        return kept | {name: (self, name) for name in gathered.keys() - parts}


def _own(paths: dict[str, Any]) -> list[str]:
    """Return the names of the stylesheets of the project; packages bring theirs as they want them."""
    packages = sysconfig.get_path("purelib")
    return [
        name
        for name, (storage, path) in paths.items()
        if name.endswith(".css") and not Path(storage.path(path)).is_relative_to(packages)
    ]
