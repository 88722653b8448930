"""A bucket that speaks S3 in the place of a folder (docs/decisions/0042-files-in-a-bucket.md).

Imported only where SUITE_FILES names one: the packages are the dependency group `s3`.
"""

import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import Any, Final
from urllib.parse import quote

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3Storage

from lms.core.handover import SIGNED_SECONDS
from lms.core.outages import Outage
from lms.core.stored_files import StoreAwayError

# A name that holds a UUID is unlike any other; another gets a folder of its own.
_UNLIKE: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_CLIENT: Final = Config(
    signature_version="s3v4",
    connect_timeout=3,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 2},
    # Only Amazon knows the newer check sums.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
_BY_PATH: Final = Config(s3={"addressing_style": "path"})
# In this thread and in one piece: the largest file taken in is smaller than this.
_TRANSFER: Final = TransferConfig(
    use_threads=False, multipart_threshold=64 * 1024**2, num_download_attempts=2
)


store_outage = Outage("store of files")


@contextmanager
def _told() -> Iterator[None]:
    if not store_outage.is_to_be_tried():
        raise StoreAwayError
    try:
        yield
    except ClientError as error:
        # It has answered, and at once: whoever asks next may be luckier.
        raise StoreAwayError from error
    except (BotoCoreError, Boto3Error, RetriesExceededError) as error:
        store_outage.begin(error)
        raise StoreAwayError from error
    store_outage.end()


class ObjectStore(S3Storage):
    """Files in a bucket, private all of them: read by the suite, or at an address it has signed.

    Raises StoreAwayError while the store does not answer. Nothing is overwritten: no two files are
    given one name, so two machines need not ask each other.
    """

    def get_default_settings(self) -> dict[str, Any]:
        return super().get_default_settings() | {
            "querystring_expire": SIGNED_SECONDS,
            "transfer_config": _TRANSFER,
            "max_memory_size": 5 * 1024**2,
        }

    def __init__(self, **options: Any) -> None:
        own = options.get("endpoint_url")
        options["client_config"] = _CLIENT.merge(_BY_PATH) if own else _CLIENT
        super().__init__(**options)

    @property
    def bucket(self) -> Any:
        # Resources belong to one thread; the package keeps one for all of them.
        return self.connection.Bucket(self.bucket_name)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        folder, base = posixpath.split(str(name).replace("\\", "/"))
        if ".." in folder.split("/"):
            raise SuspiciousFileOperation(name)
        if _UNLIKE.search(base):
            return posixpath.join(folder, base)
        folder = posixpath.join(folder, token_hex(8))
        if max_length is not None:
            stem, ending = posixpath.splitext(base)
            base = stem[: max(1, max_length - len(folder) - len(ending) - 1)] + ending
        return posixpath.join(folder, base)

    def signed_url(self, name: str, kind: str, disposition: str, seconds: int) -> str:
        """Return an address of the store that works for so long, and what it says of the file."""
        told = {"ResponseContentType": kind, "ResponseContentDisposition": disposition}
        return str(super().url(name, told, seconds))

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _told():
            file = super()._open(name, mode)
            if "r" in mode:
                # Fetched here and not at the first reading, where nobody expects an error.
                try:
                    _ = file.file
                except BaseException:
                    file.close()
                    raise
        return file

    def _save(self, name: str, content: Any) -> str:
        with _told():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with _told():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _told():
            return bool(super().exists(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _told():
            folders, names = super().listdir(name)
        return folders, names

    def size(self, name: str) -> int:
        with _told():
            return int(super().size(name))


class PictureStore(ObjectStore):
    """Pictures of lessons, in pages that are kept: under an address of this site that never changes."""

    def url(self, name: str, *args: Any, **options: Any) -> str:
        return f"{settings.MEDIA_URL}{quote(name)}"
