"""The second place holds whole backups or none, and is tidied up like the first."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import call_command

from lms.ops.places import copy_off_site, fetch, last_made, rotate
from lms.settings.offsite import offsite_storage
from tests.object_store import KEY, SECRET

NAMES = [f"suite-202601{day:02}T030000Z.tar.age" for day in (1, 2, 3)]


@pytest.fixture
def backups(tmp_path, settings):
    settings.SUITE_BACKUP_DIR = tmp_path / "backups"
    settings.SUITE_BACKUP_KEEP = [2, 0, 0]
    settings.SUITE_BACKUP_DIR.mkdir()
    for name in NAMES:
        (settings.SUITE_BACKUP_DIR / name).write_bytes(name.encode())
    (settings.SUITE_BACKUP_DIR / f"{NAMES[0]}.verified").write_text("{}")
    return settings.SUITE_BACKUP_DIR


def off_site(settings, place):
    settings.STORAGES = {**settings.STORAGES, **offsite_storage(place, key=KEY, secret=SECRET)}
    return storages["offsite"]


def test_both_places_hold_the_same_after_a_rotation(backups, settings, tmp_path):
    second = off_site(settings, str(tmp_path / "second"))
    for name in NAMES:
        assert copy_off_site(backups / name)
    said = StringIO()
    rotate(said.write)

    left = [NAMES[0], f"{NAMES[0]}.verified", *NAMES[1:]]
    assert sorted(path.name for path in backups.iterdir()) == left
    assert sorted(second.listdir("")[1]) == left
    assert last_made().name == NAMES[2]

    (backups / f"{NAMES[2]}.verified").write_text("{}")
    copy_off_site(backups / NAMES[2])
    rotate(said.write)
    left = [NAMES[1], NAMES[2], f"{NAMES[2]}.verified"]
    assert sorted(path.name for path in backups.iterdir()) == left
    assert sorted(second.listdir("")[1]) == left


def test_copy_that_breaks_off_is_no_backup(backups, settings, tmp_path, monkeypatch):
    second = off_site(settings, str(tmp_path / "second"))
    # What a killed run leaves.
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / f"{NAMES[0]}.part").write_bytes(b"half")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", lambda _descriptor: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError, match="full"):
            copy_off_site(backups / NAMES[0])
    assert not second.exists(NAMES[0])

    copy_off_site(backups / NAMES[0])
    assert (tmp_path / "second" / NAMES[0]).read_bytes() == NAMES[0].encode()
    assert list((tmp_path / "second").glob("*.part")) == []


def test_second_place_may_be_a_bucket(backups, settings, bucket):
    off_site(settings, f"s3://suite/far?endpoint={bucket.endpoint}&region=hn-1")
    for name in NAMES:
        assert copy_off_site(backups / name)
    rotate(StringIO().write)

    # Just these names: a bucket gives files of people a folder of their own.
    assert sorted(key.rpartition("/")[2] for key in bucket.objects) == [
        *(NAMES[0], f"{NAMES[0]}.verified"),
        *NAMES[1:],
    ]
    assert {key.count("/") for key in bucket.objects} == {2}


def test_what_is_off_site_alone_is_fetched(backups, settings, tmp_path, bucket):
    off_site(settings, f"s3://suite/far?endpoint={bucket.endpoint}&region=hn-1")
    copy_off_site(backups / NAMES[0])
    said = StringIO()
    call_command("backup", list=True, stdout=said)
    assert said.getvalue().splitlines() == [
        f"{NAMES[2]}  here, not verified",
        f"{NAMES[1]}  here, not verified",
        f"{NAMES[0]}  here, verified",
        f"{NAMES[0]}  off-site, verified",
    ]

    assert fetch(backups / NAMES[0], tmp_path) == backups / NAMES[0]
    (backups / NAMES[0]).unlink()
    assert fetch(Path(NAMES[0]), tmp_path).read_bytes() == NAMES[0].encode()
    assert fetch(Path("none"), tmp_path) == Path("none")


def test_without_a_second_place_nothing_is_copied(backups):
    assert not copy_off_site(backups / NAMES[0])


def test_no_backup_was_made_yet(settings, tmp_path):
    settings.SUITE_BACKUP_DIR = tmp_path / "none"

    assert last_made() is None
