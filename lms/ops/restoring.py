"""Puts a backup in the place of what is there: nothing is touched before all of it is proved."""

from collections.abc import Callable
from pathlib import Path
from typing import IO

import pyrage

from lms.core.refusal import Refusal
from lms.ops.archive import read_archive
from lms.ops.engines import engine_of_suite
from lms.ops.facts import count_people
from lms.ops.files import put_back
from lms.ops.manifest import Manifest
from lms.ops.verifying import inspect, loaded


def restore(
    backup: Path,
    key: pyrage.x25519.Identity,
    work: Path,
    *,
    replace: str,
    say: Callable[[str], None],
) -> Manifest:
    """Restore database and files. `replace`: the name of the database, where people are in it."""
    _require_leave(replace)
    dump = work / "restored"
    manifest = inspect(backup, key, dump)
    say("read to its end and found whole")
    with loaded(manifest, dump) as alias:
        say("loaded beside the live database and compared")
        # Files first: one without a row is harmless, a row without its file is not.
        written = _put_back_files(backup, key, manifest)
        say(f"files: {written} written, {len(manifest.files) - written} were there")
        engine_of_suite().replace_live(alias)
    say("database: replaced")
    return manifest


def _require_leave(replace: str) -> None:
    engine = engine_of_suite()
    if replace and replace != engine.name():
        raise Refusal("other_name", f"The database is called {engine.name()}, not {replace}.")
    if not replace and (people := count_people()):
        raise Refusal(
            "people",
            f"The database {engine.name()} holds {people} people. To lose it and take the backup "
            f"instead, add: --replace {engine.name()}",
        )


def _put_back_files(backup: Path, key: pyrage.x25519.Identity, manifest: Manifest) -> int:
    written = 0

    def take(name: str, content: IO[bytes]) -> None:
        nonlocal written
        member = name.removeprefix("files/")
        if member != name:
            written += put_back(member, content, manifest.files[member])

    read_archive(backup, key, take)
    return written
