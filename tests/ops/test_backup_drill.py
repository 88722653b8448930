"""A fire drill with real processes: saved, lost, brought back; and what is left of a killed run."""

import os
import time

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection

from certificates.models import Certificate
from lms.ops.engines import engine_of_suite
from lms.ops.keys import new_key
from tests.databases import own_database
from tests.ops.backups import PAPER, House, devastate, facts_now, furnish, postgres_programs
from tests.workers import kill

pytestmark = [
    pytest.mark.process,
    pytest.mark.sqlite("each kind of database is saved and loaded in its own way"),
]
# Room for the database and for no large file.
SMALL_DISK = 12 << 20
ON_SMALL_DISK = f"""
import resource
from django.core.management import execute_from_command_line
resource.setrlimit(resource.RLIMIT_FSIZE, ({SMALL_DISK}, {SMALL_DISK}))
execute_from_command_line(["manage.py", "backup"])
"""


@pytest.fixture
def house(tmp_path, django_db_blocker, django_test_environment):
    with django_db_blocker.unblock(), own_database(tmp_path) as url:
        furnish(private_of(tmp_path))
        environment = {
            **os.environ,
            "PATH": postgres_programs(),
            "DJANGO_SETTINGS_MODULE": "lms.settings.dev",
            "SUITE_DATA_DIR": str(tmp_path),
            "SUITE_BACKUP_KEY": new_key(),
            "DATABASE_URL": url,
        }
        yield House(tmp_path, environment)


def private_of(folder):
    return FileSystemStorage(folder / "private")


def kill_half_way(house: House) -> None:
    """Kill a run that writes its archive: it waits for a file that never ends."""
    endless = house.folder / "media" / "endless"
    endless.parent.mkdir(exist_ok=True)
    os.mkfifo(endless)
    process = house.start("manage.py", "backup")
    try:
        deadline = time.monotonic() + 60
        while not list(house.folder.glob("backups/unfinished-*/archive")):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        kill(process)
    endless.unlink()


def test_drill(house):
    kill_half_way(house)
    assert house.backups() == []
    assert list(house.folder.glob("backups/unfinished-*"))
    before = facts_now()

    done = house.run("manage.py", "backup")
    assert done.returncode == 0, done.stderr
    (backup,) = house.backups()
    assert list(house.folder.glob("backups/unfinished-*")) == []
    assert house.environment["SUITE_BACKUP_KEY"] not in done.stdout + done.stderr

    devastate(private_of(house.folder))
    asked = house.run("manage.py", "restore", str(backup))
    assert asked.returncode == 1
    assert "--replace" in asked.stderr
    done = house.run("manage.py", "restore", str(backup), "--replace", engine_of_suite().name())
    assert done.returncode == 0, done.stderr

    # Whoever was logged in to the old database was put out.
    connection.close()
    # All but the sign of life that the first command left after it had saved.
    assert list(before.differences(facts_now())) == []
    paper = Certificate.objects.exclude(file="").get()
    assert (house.folder / "private" / paper.file.name).read_bytes() == PAPER


def test_full_disk_leaves_nothing_that_looks_like_a_backup(house):
    large = house.folder / "media" / "large"
    large.parent.mkdir()
    large.write_bytes(os.urandom(SMALL_DISK + 1))

    done = house.run("-c", ON_SMALL_DISK)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert house.backups() == []
    assert list(house.folder.glob("backups/unfinished-*")) == []
