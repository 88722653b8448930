"""The second place of backups: a folder on another disk, or a bucket of another house."""

from typing import Any

from lms.settings.files import is_bucket, storages_at


def offsite_storage(place: str, *, key: str, secret: str) -> dict[str, dict[str, Any]]:
    """Return the storage of SUITE_BACKUP_OFFSITE; none where it is empty."""
    if not place:
        return {}
    if is_bucket(place):
        return {"offsite": storages_at(place, key=key, secret=secret)["private"]}
    backend = "lms.ops.whole_files.WholeFileStorage"
    return {"offsite": {"BACKEND": backend, "OPTIONS": {"location": place}}}
