"""The folder of the backups: one run at a time, and nothing in it that only looks like a backup."""

import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from lms.core.refusal import Refusal

_MADE: Final = re.compile(r"suite-(\d{8}T\d{6}Z)\.tar\.age")
_TIME: Final = "%Y%m%dT%H%M%SZ"
_WORK: Final = "unfinished-"
VERIFIED: Final = ".verified"


@contextmanager
def work_folder() -> Iterator[Path]:
    """Give a folder for what is not finished; what killed runs left there is removed first.

    Dumps lie there in clear text for a moment, so only the suite's own user may read it.
    """
    backups = Path(settings.SUITE_BACKUP_DIR)
    backups.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (backups / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refusal("busy", f"Another backup or restore is at work in {backups}.") from error
        for rest in backups.glob(f"{_WORK}*"):
            if rest.is_dir():
                shutil.rmtree(rest, ignore_errors=True)
            else:
                rest.unlink()
        with tempfile.TemporaryDirectory(dir=backups, prefix=_WORK) as work:
            yield Path(work)


def keep(finished: Path) -> Path:
    """Give a whole archive its name among the backups; return where it is now."""
    target = Path(settings.SUITE_BACKUP_DIR) / f"suite-{datetime.now(UTC):{_TIME}}.tar.age"
    finished.rename(target)
    _sync(target.parent)
    return target


def mark_of(backup: Path) -> Path:
    """Return the file beside a backup that is there once it has been verified."""
    return backup.with_name(backup.name + VERIFIED)


def mark_verified(backup: Path, told: dict[str, Any]) -> None:
    """Write beside a backup that it was restored and compared, with what was found."""
    mark = mark_of(backup)
    unfinished = backup.with_name(_WORK + mark.name)
    unfinished.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    unfinished.rename(mark)


def made_at(name: str) -> datetime | None:
    """Return when the backup of this name was made; None when it is no name of a backup."""
    found = _MADE.fullmatch(name)
    return datetime.strptime(found[1], _TIME).replace(tzinfo=UTC) if found else None


def _sync(folder: Path) -> None:
    """Have the disk know the new name, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
