"""The files that belong to the rows: every storage of the suite but what an upgrade brings itself."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from django.apps import apps
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import models

from lms.core.refusal import Refusal
from lms.ops.archive import CHUNK, Member

# Style sheets come with the code, pictures in sizes lie in the same place as their originals, and
# the last one holds the backups.
_NOT_SAVED: Final = {"staticfiles", "renditions", "offsite"}
_IN_MEMORY: Final = 16 << 20


def saved_storages() -> dict[str, Storage]:
    return {alias: storages[alias] for alias in settings.STORAGES if alias not in _NOT_SAVED}


def file_members(folder: Path, hashes: dict[str, str]) -> Iterator[Member]:
    """Yield each file as `alias/name`, and put its hash into `hashes`."""
    for alias, storage in saved_storages().items():
        for name in _walk(storage, ""):
            # Copied first: how long it is must be known, and it may be growing.
            with tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(folder)) as copied:
                found = hashlib.sha256()
                try:
                    with storage.open(name) as file:
                        for chunk in file.chunks(CHUNK):
                            found.update(chunk)
                            copied.write(chunk)
                except FileNotFoundError:
                    # Taken away since it was listed; whether a row names it is asked later.
                    continue
                size = copied.tell()
                copied.seek(0)
                yield Member(f"{alias}/{name}", size, iter(lambda: copied.read(CHUNK), b""))
                hashes[f"{alias}/{name}"] = found.hexdigest()


def named_files(alias: str) -> set[str]:
    """Return each file that a row of this database names, as `alias/name`."""
    found: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.FileField) and not model._meta.proxy:
                storage = _alias_of(field)
                names = model._base_manager.using(alias).values_list(field.name, flat=True)
                found |= {f"{storage}/{name}" for name in names.iterator() if name}
    return found


def require_storages(names: dict[str, str]) -> None:
    """Refuse files of a storage that this installation does not have."""
    if unknown := sorted({name.partition("/")[0] for name in names} - saved_storages().keys()):
        raise Refusal("no_storage", f"The settings name no storage “{unknown[0]}” for its files.")


def put_back(member: str, content: IO[bytes], sha256: str) -> bool:
    """Write one file where it was; False when the same is there already."""
    alias, _, name = member.partition("/")
    storage = storages[alias]
    # Read to its end before the old one goes.
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copied:
        shutil.copyfileobj(content, copied, CHUNK)
        if storage.exists(name):
            with storage.open(name) as file:
                if hashlib.file_digest(file, "sha256").hexdigest() == sha256:
                    return False
        copied.seek(0)
        save_as(storage, name, copied)
    return True


def save_as(storage: Storage, name: str, content: IO[bytes]) -> None:
    """Write under just this name; `save` would choose another one where rows cannot follow."""
    storage.delete(name)
    saved = storage._save(name, File(content))  # type: ignore[attr-defined]  # noqa: SLF001
    if saved != name:
        raise Refusal("other_name", f"The storage keeps {name} under another name, {saved}.")


def _walk(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        # Nothing was ever saved there.
        return
    prefix = f"{folder}/" if folder else ""
    yield from (f"{prefix}{name}" for name in sorted(files) if name)
    for name in sorted(folders):
        yield from _walk(storage, f"{prefix}{name}")


def _alias_of(field: models.FileField) -> str:
    # Asked anew: the field keeps what the settings named when its model was made.
    ask = getattr(field, "_storage_callable", lambda: field.storage)
    storage = ask()
    found = next((alias for alias in settings.STORAGES if storages[alias] == storage), "")
    return found if found in saved_storages() else "default"
