"""Makes a backup: the database first, the files after it, since files are only ever added."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pyrage

from lms.core.version import suite_version
from lms.ops.archive import CHUNK, Member, write_archive
from lms.ops.engines import engine_of_suite
from lms.ops.facts import Facts, gather_facts
from lms.ops.files import file_members, named_files
from lms.ops.folder import keep
from lms.ops.manifest import NAME, Manifest, now_text

DATABASE = "database"


def save_suite(
    work: Path, key: pyrage.x25519.Identity, say: Callable[[str], None]
) -> tuple[Path, Manifest]:
    """Write database and files into one encrypted archive; return it with its manifest."""
    engine = engine_of_suite()
    dump = work / DATABASE
    with engine.snapshot(dump) as alias:
        facts = gather_facts(alias)
        named = named_files(alias)
    say(f"database: {sum(facts.tables.values())} rows, {dump.stat().st_size} bytes")
    contents = _Contents(work, dump, facts, named, engine.vendor)
    archive = work / "archive"
    write_archive(archive, key, contents.members())
    say(f"files: {len(contents.manifest.files)}")
    return keep(archive), contents.manifest


class _Contents:
    """The members in their order; the manifest is known once the others were read."""

    manifest: Manifest

    def __init__(self, work: Path, dump: Path, facts: Facts, named: set[str], vendor: str) -> None:
        self._work, self._dump, self._facts = work, dump, facts
        self._named, self._vendor = named, vendor

    def members(self) -> Iterator[Member]:
        made_at = now_text()
        database = hashlib.sha256()
        with self._dump.open("rb") as file:
            yield Member(DATABASE, self._dump.stat().st_size, _hashed(file.read, database))
        files: dict[str, str] = {}
        for member in file_members(self._work, files):
            yield member._replace(name=f"files/{member.name}")
        self.manifest = Manifest(
            suite=suite_version(),
            made_at=made_at,
            vendor=self._vendor,
            database_sha256=database.hexdigest(),
            facts=self._facts,
            files=files,
            missing=sorted(self._named - files.keys()),
        )
        text = self.manifest.write()
        yield Member(NAME, len(text), [text])


def _hashed(read: Callable[[int], bytes], found: "hashlib._Hash") -> Iterator[bytes]:
    while chunk := read(CHUNK):
        found.update(chunk)
        yield chunk
