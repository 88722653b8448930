"""One suite at a time on the embedded default's folder of data."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lms.core.refusal import Refusal


@contextmanager
def hold_data_folder(folder: Path) -> Iterator[None]:
    """Keep a second suite, and whoever replaces the database, out of the folder.

    The kernel lets go of the lock when we die. Raises Refusal `running`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("a", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(
                "running", f"The suite is running already on the data in {folder}.\nStop it first."
            ) from None
        yield
