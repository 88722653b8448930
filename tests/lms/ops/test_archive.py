"""The encrypted file: whatever was done to it is found, and what cannot be read is not written."""

import errno
import os
import threading

import pytest

from lms.core.refusal import Refusal
from lms.ops.archive import Member, read_archive, write_archive
from lms.ops.keys import backup_key, new_key
from tests.refusing import raises_refusal

CONTENT = os.urandom(200_000)


@pytest.fixture
def key(settings):
    settings.SUITE_BACKUP_KEY = new_key()
    return backup_key()


@pytest.fixture
def archive(tmp_path, key):
    path = tmp_path / "archive"
    parts = [CONTENT[:150_000], CONTENT[150_000:]]
    members = [Member("lớp/ảnh " + "a" * 120, len(CONTENT), parts), Member("empty", 0, [])]
    write_archive(path, key, members)
    return path


def read(path, key):
    found = {}
    read_archive(path, key, lambda name, content: found.update({name: content.read()}))
    return found


def test_members_come_back_as_they_were(archive, key):
    assert read(archive, key) == {"lớp/ảnh " + "a" * 120: CONTENT, "empty": b""}
    assert archive.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("at", [0.01, 0.3, 0.999])
def test_changed_byte_is_found(archive, key, at):
    written = bytearray(archive.read_bytes())
    written[int(len(written) * at)] ^= 1
    archive.write_bytes(written)

    with raises_refusal("damaged"):
        read(archive, key)


@pytest.mark.parametrize("length", [0.001, 0.5, 0.9999])
def test_cut_file_is_found(archive, key, length):
    os.truncate(archive, int(archive.stat().st_size * length))

    with pytest.raises(Refusal) as caught:
        read(archive, key)
    assert caught.value.code in {"damaged", "no_backup"}


def test_file_cut_between_two_pieces_is_found(archive, key):
    header = archive.read_bytes().index(b"\n---") + 4 + 1 + 43 + 1 + 16
    # age seals 64 KiB at a time, with 16 bytes to prove each: this cut falls on such an edge.
    os.truncate(archive, header + 3 * (65_536 + 16))

    with raises_refusal("damaged"):
        read(archive, key)


def test_other_key_and_other_files_are_told_apart(archive, settings, tmp_path, key):
    settings.SUITE_BACKUP_KEY = new_key()
    other = tmp_path / "other"
    other.write_bytes(b"PK" + CONTENT)

    for path, code in (
        (archive, "wrong_key"),
        (other, "no_backup"),
        (tmp_path / "no", "no_backup"),
    ):
        with raises_refusal(code):
            read(path, backup_key())


def test_fault_while_reading_ends_the_archive(tmp_path, key):
    def broken():
        yield b"a"
        raise PermissionError("no")

    with pytest.raises(PermissionError):
        write_archive(tmp_path / "archive", key, [Member("a", 2, broken())])


def test_reader_that_stops_leaves_nothing_running(archive, key):
    def stop(_name, _content):
        raise OSError(errno.ENOSPC, "full")

    before = set(threading.enumerate())
    with pytest.raises(OSError, match="full"):
        read_archive(archive, key, stop)
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize(
    ("given", "code"),
    [("", "no_key"), ("password", "no_such_key"), (new_key()[:60], "no_such_key")],
    ids=["none", "password", "cut"],
)
def test_missing_and_short_key_is_refused(settings, given, code):
    settings.SUITE_BACKUP_KEY = given
    settings.SUITE_BACKUP_KEY_FILE = ""

    with raises_refusal(code):
        backup_key()


def test_key_stands_in_a_file(settings, tmp_path):
    settings.SUITE_BACKUP_KEY = ""
    settings.SUITE_BACKUP_KEY_FILE = str(tmp_path / "key")
    with raises_refusal("no_key"):
        backup_key()

    text = new_key()
    (tmp_path / "key").write_text(
        f"# created: today\n# public key: age1…\n{text}\n", encoding="utf-8"
    )
    assert str(backup_key()) == text
