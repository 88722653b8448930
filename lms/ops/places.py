"""Where finished backups lie: the folder of this machine, and a second place away from it."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages

from lms.core.refusal import Refusal
from lms.ops.files import save_as
from lms.ops.folder import VERIFIED, made_at
from lms.ops.rotation import Made, names_to_delete


def copy_off_site(backup: Path) -> bool:
    """Copy a backup and its mark to the second place; False when the settings name none."""
    if "offsite" not in settings.STORAGES:
        return False
    second = storages["offsite"]
    # The mark last: it stands for a whole archive.
    for path in (backup, _mark_of(backup)):
        if not path.exists():
            continue
        with path.open("rb") as file:
            save_as(second, path.name, file)
        if second.size(path.name) != path.stat().st_size:
            raise Refusal("off_site", f"{path.name} did not arrive whole at the second place.")
    return True


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


def _mark_of(backup: Path) -> Path:
    return backup.with_name(backup.name + VERIFIED)
