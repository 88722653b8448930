"""Where finished backups lie: the folder of this machine, and a second place away from it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages

from lms.core.refusal import Refusal
from lms.ops.archive import CHUNK
from lms.ops.files import save_as
from lms.ops.folder import VERIFIED, made_at, mark_of
from lms.ops.rotation import Made, names_to_delete


def copy_off_site(backup: Path) -> bool:
    """Copy a backup and its mark to the second place; False when the settings name none."""
    if "offsite" not in settings.STORAGES:
        return False
    second = storages["offsite"]
    # The mark last: it stands for a whole archive.
    for path in (backup, mark_of(backup)):
        if not path.exists():
            continue
        with path.open("rb") as file:
            save_as(second, path.name, file)
        if second.size(path.name) != path.stat().st_size:
            raise Refusal("off_site", f"{path.name} did not arrive whole at the second place.")
    return True


def fetch(backup: Path, work: Path) -> Path:
    """Return where a backup can be read: here, or in `work`, copied from the second place.

    Of that its name alone is enough. One that is nowhere is told by whoever reads it.
    """
    second = storages["offsite"] if "offsite" in settings.STORAGES else None
    if backup.exists() or second is None or not second.exists(backup.name):
        return backup
    fetched = work / backup.name
    with second.open(backup.name) as file, fetched.open("wb") as copied:
        for chunk in file.chunks(CHUNK):
            copied.write(chunk)
    return fetched


def list_backups() -> Iterator[tuple[str, Made]]:
    """Yield each backup with the word for its place, the newest first."""
    for word, storage in zip(("here", "off-site"), _places(), strict=False):
        for one in sorted(_made(storage), key=lambda made: made.at, reverse=True):
            yield word, one


def rotate(say: Callable[[str], None]) -> None:
    """Delete in both places what is older than the settings want."""
    for storage in _places():
        for name in names_to_delete(_made(storage), settings.SUITE_BACKUP_KEEP):
            storage.delete(name)
            storage.delete(name + VERIFIED)
            say(f"deleted the old {name}")


def last_made() -> Made | None:
    """Return the newest backup of this machine."""
    return max(_made(_here()), key=lambda one: one.at, default=None)


def _places() -> list[Storage]:
    return [_here(), *([storages["offsite"]] if "offsite" in settings.STORAGES else [])]


def _here() -> Storage:
    return FileSystemStorage(settings.SUITE_BACKUP_DIR)


def _made(storage: Storage) -> list[Made]:
    try:
        _folders, files = storage.listdir("")
    except FileNotFoundError:
        return []
    names = set(files)
    found = ((name, made_at(name)) for name in files)
    return [Made(name, at, name + VERIFIED in names) for name, at in found if at]
