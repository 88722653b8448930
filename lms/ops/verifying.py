"""Proves a backup: read to its end, loaded beside the live database, and compared."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyrage
from django.db import DatabaseError

from lms.core.heartbeats import record_heartbeats
from lms.core.refusal import Refusal
from lms.ops.age import BACKUP
from lms.ops.archive import CHUNK, read_archive
from lms.ops.engines import engine_of_suite
from lms.ops.facts import gather_facts, require_known_migrations
from lms.ops.files import require_storages
from lms.ops.folder import mark_verified
from lms.ops.manifest import NAME, Manifest, now_text
from lms.ops.saving import DATABASE


def inspect(backup: Path, key: pyrage.x25519.Identity, dump: Path) -> Manifest:
    """Read the whole archive, leave its database as `dump`, and return its manifest.

    Refuses what is damaged, not of this suite, or newer than it.
    """
    hashes: dict[str, str] = {}
    text = b""

    def take(name: str, content: IO[bytes]) -> None:
        nonlocal text
        if name == NAME:
            text = content.read()
        elif name == DATABASE:
            with dump.open("wb") as file:
                shutil.copyfileobj(content, file, CHUNK)
            hashes[name] = _hash_of(dump)
        else:
            hashes[name.removeprefix("files/")] = hashlib.file_digest(
                content,  # type: ignore[arg-type]
                "sha256",
            ).hexdigest()

    read_archive(backup, key, take)
    if not text:
        raise Refusal("no_backup", f"{backup.name} is no backup of the suite.")
    manifest = Manifest.read(text)
    _require_same(manifest, hashes)
    if manifest.vendor != engine_of_suite().vendor:
        raise Refusal(
            "other_database",
            f"The backup is one of {manifest.vendor}; this suite runs on "
            f"{engine_of_suite().vendor}.",
        )
    require_known_migrations(manifest.facts)
    require_storages(manifest.files)
    return manifest


@contextmanager
def loaded(manifest: Manifest, dump: Path) -> Iterator[str]:
    """Load the dump into a scratch database, prove that it is what was saved; give its alias."""
    with engine_of_suite().scratch(dump) as alias:
        try:
            found = gather_facts(alias)
        except DatabaseError as error:
            raise Refusal("differs", f"The restored database cannot be read: {error}.") from error
        if differences := list(manifest.facts.differences(found)):
            raise Refusal(
                "differs", f"The restored database is not what was saved: {'; '.join(differences)}."
            )
        yield alias


def verify(backup: Path, key: pyrage.x25519.Identity, work: Path) -> Manifest:
    """Restore a backup into a scratch database, compare, and mark it as verified."""
    dump = work / "restored"
    manifest = inspect(backup, key, dump)
    with loaded(manifest, dump):
        pass
    told = {"verified_at": now_text(), "made_at": manifest.made_at, "suite": manifest.suite}
    mark_verified(backup, {**told, "tables": manifest.facts.tables, "files": len(manifest.files)})
    record_heartbeats(BACKUP)
    return manifest


def _require_same(manifest: Manifest, hashes: dict[str, str]) -> None:
    told = {**manifest.files, DATABASE: manifest.database_sha256}
    if told != hashes:
        wrong = sorted(
            name for name in told.keys() | hashes.keys() if told.get(name) != hashes.get(name)
        )
        raise Refusal("damaged", f"{wrong[0]} in the backup is not what was saved.")


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
