"""Where pictures, documents and papers about people lie: a folder, or a bucket that speaks S3."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

_FOLDER: Final = "django.core.files.storage.FileSystemStorage"
_BUCKET: Final = "lms.core.object_store.ObjectStore"
_PICTURES: Final = "lms.core.object_store.PictureStore"
_KNOWN: Final = {"endpoint", "region"}


def is_bucket(place: str) -> bool:
    return place.startswith("s3:")


def storages_at(place: str, *, key: str = "", secret: str = "") -> dict[str, dict[str, Any]]:
    """Return the storages of `place`: a folder, or s3://bucket/prefix?endpoint=…&region=….

    `private` holds papers about people: never below MEDIA_ROOT, no public rights in a bucket, always
    handed out by a view that asks `visible_to`. `renditions` are pictures of lessons, which anybody
    may see; they lie beside what they were made of.
    """
    if not is_bucket(place):
        private = {"location": Path(place) / "private", "base_url": None}
        return {
            "default": {"BACKEND": _FOLDER},
            "renditions": {"BACKEND": _FOLDER},
            "private": {"BACKEND": _FOLDER, "OPTIONS": private},
        }
    media, private = (
        {**_bucket_options(place, below), "access_key": key or None, "secret_key": secret or None}
        for below in ("media", "private")
    )
    return {
        "default": {"BACKEND": _BUCKET, "OPTIONS": media},
        "renditions": {"BACKEND": _PICTURES, "OPTIONS": media},
        "private": {"BACKEND": _BUCKET, "OPTIONS": private},
    }


def origins_of(place: str) -> list[str]:
    """Return from where browsers fetch what lies in a bucket; nothing for a folder."""
    if not is_bucket(place):
        return []
    options = _bucket_options(place, "")
    if options["endpoint_url"]:
        return ["{0.scheme}://{0.netloc}".format(urlsplit(options["endpoint_url"]))]
    host = ".".join(part for part in ("s3", options["region_name"], "amazonaws.com") if part)
    return [f"https://{options['bucket_name']}.{host}"]


def _bucket_options(place: str, below: str) -> dict[str, Any]:
    address = urlsplit(place)
    query = dict(parse_qsl(address.query))
    if not address.netloc or set(query) - _KNOWN:
        raise ImproperlyConfigured(
            "SUITE_FILES is a folder, or s3://bucket/prefix?endpoint=https://…&region=…"
        )
    return {
        "bucket_name": address.netloc,
        "location": "/".join(part for part in (address.path.strip("/"), below) if part),
        "endpoint_url": query.get("endpoint"),
        "region_name": query.get("region"),
    }
