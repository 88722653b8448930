"""Files that may lie on another machine: read from a path, and what is said while it is away."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.storage import Storage
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from lms.core.refusal import Refusal

logger = logging.getLogger(__name__)


class StoreAwayError(Refusal, OSError):
    """The store of files does not answer, or says no.

    A refusal, so that a form keeps what was typed and an import waits; an OSError, so that a page
    goes on without a picture. Where nobody catches it the answer is 503.
    """

    def __init__(self) -> None:
        super().__init__(
            "store_away",
            _(
                "Files cannot be read or saved at the moment. Nothing has been lost. Please try "
                "again in a few minutes."
            ),
        )


def forget_file(storage: Storage, name: str) -> None:
    """Delete a file that no row names any more; while its store is away, tell the log which."""
    try:
        storage.delete(name)
    except StoreAwayError:
        logger.exception("This file is left over and has to be deleted by hand: %s", name)


@contextmanager
def local_path(file: FieldFile) -> Iterator[Path]:
    """Give the path of a stored file on this machine: its own, or that of a passing copy."""
    try:
        own = Path(file.path)
    except NotImplementedError:
        own = None
    if own is not None:
        yield own
        return
    with NamedTemporaryFile(prefix="suite-", suffix=Path(str(file.name)).suffix) as copy:
        with file.storage.open(str(file.name), "rb") as stored:
            shutil.copyfileobj(stored, copy)
        copy.flush()
        yield Path(copy.name)
