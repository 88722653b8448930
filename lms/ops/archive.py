"""One encrypted file: a tar inside age, written and read as a stream.

Any `age -d` and `tar` opens it without the suite. age notices a changed byte and a missing end;
a tar alone notices neither (docs/decisions/0043-backups.md).
"""

import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Final, NamedTuple

import pyrage

from lms.core.refusal import Refusal

CHUNK: Final = 1 << 20


class Member(NamedTuple):
    """What is put into an archive; `chunks` make up exactly `size` bytes."""

    name: str
    size: int
    chunks: Iterable[bytes]


def write_archive(path: Path, key: pyrage.x25519.Identity, members: Iterable[Member]) -> None:
    """Write the members, each read only when its turn comes; all is on the disk afterwards."""
    with path.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        source = _Source(members)
        try:
            pyrage.encrypt_io(source, file, [key.to_public()])
        except pyrage.EncryptError as error:
            # What went wrong while reading comes back as a sentence of age alone.
            raise source.error or OSError(str(error)) from error
        file.flush()
        os.fsync(file.fileno())


def read_archive(
    path: Path, key: pyrage.x25519.Identity, take: Callable[[str, IO[bytes]], None]
) -> None:
    """Give `take` the name and the content of each member, to be read at once.

    Whether the archive is whole is known at the end alone: act on nothing before. Raises
    Refusal: `wrong_key`, `damaged` or `no_backup`.
    """
    reading, writing = os.pipe()
    decryption = _Decryption(path, key, writing)
    decryption.start()
    try:
        with os.fdopen(reading, "rb") as plain:
            _take_members(plain, take)
            # Behind the last member age may still find that the end is missing.
            while plain.read(CHUNK):
                pass
    except tarfile.TarError as error:
        decryption.join()
        raise decryption.refusal() or _damaged("it holds no tar") from error
    finally:
        decryption.join()
    if refusal := decryption.refusal():
        raise refusal


def _take_members(plain: IO[bytes], take: Callable[[str, IO[bytes]], None]) -> None:
    with tarfile.open(fileobj=plain, mode="r|", errorlevel=2) as tar:
        while entry := tar.next():
            content = tar.extractfile(entry)
            if content is None:
                raise _damaged(f"{entry.name} is no file")
            take(entry.name, content)
            # Else tarfile would remember every entry that it has met.
            tar.members = []  # type: ignore[attr-defined]


class _Source(io.BufferedIOBase):
    """What age reads: the tar, made while it is read."""

    def __init__(self, members: Iterable[Member]) -> None:
        self.error: Exception | None = None
        self._blocks = _blocks(members)
        self._rest = memoryview(b"")

    def read(self, size: int | None = -1, /) -> bytes:
        try:
            while not self._rest:
                self._rest = memoryview(next(self._blocks))
        except StopIteration:
            return b""
        except Exception as error:
            self.error = error
            raise
        piece, self._rest = self._rest[:size], self._rest[size:]
        return bytes(piece)


def _blocks(members: Iterable[Member]) -> Iterator[bytes]:
    for member in members:
        entry = tarfile.TarInfo(member.name)
        entry.size = member.size
        entry.mode = 0o600
        yield entry.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
        yield from member.chunks
        yield bytes(-member.size % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)


class _Decryption(threading.Thread):
    """Writes what it decrypts into a pipe: age pushes, while a tar is pulled."""

    def __init__(self, path: Path, key: pyrage.x25519.Identity, writing: int) -> None:
        super().__init__(daemon=True)
        self._path, self._key, self._writing = path, key, writing
        self._error: Exception | None = None

    def run(self) -> None:
        try:
            with os.fdopen(self._writing, "wb") as pipe, self._path.open("rb") as file:
                pyrage.decrypt_io(file, pipe, [self._key])
        except BrokenPipeError:
            # Closed by whoever reads no further: then nobody asks for the rest.
            pass
        except Exception as error:  # noqa: BLE001 - told by the thread that reads
            self._error = error

    def refusal(self) -> Refusal | None:
        """Return what was wrong in a sentence; None when the archive is whole."""
        error = self._error
        if error is None:
            return None
        said = str(error)
        if isinstance(error, FileNotFoundError):
            return Refusal("no_backup", f"There is no backup {self._path}.")
        if isinstance(error, pyrage.DecryptError) and "No matching keys" in said:
            return Refusal("wrong_key", f"{self._path.name} was made with another key.")
        if isinstance(error, pyrage.DecryptError) and "Header" in said:
            return Refusal("no_backup", f"{self._path.name} is no backup of the suite.")
        return _damaged(said)


def _damaged(what: str) -> Refusal:
    return Refusal("damaged", f"The backup is cut or damaged ({what}). Take another one.")
