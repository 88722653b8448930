"""A backup comes back whole, or not at all and with a sentence why."""

import hashlib
import json
import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.db import connection

from certificates.models import Certificate
from lms.core.data_folder import hold_data_folder
from lms.core.models import Heartbeat
from lms.core.refusal import Refusal
from lms.ops.age import BACKUP, backup_age
from lms.ops.archive import Member, read_archive, write_archive
from lms.ops.engines import engine_of_suite
from lms.ops.engines import sqlite as sqlite_engine
from lms.ops.files import put_back
from lms.ops.folder import work_folder
from lms.ops.keys import backup_key, new_key
from lms.ops.manifest import NAME
from lms.ops.restoring import restore
from lms.ops.saving import save_suite
from lms.ops.verifying import verify
from tests.factories.courses import EVENING
from tests.ops.backups import PAPER, devastate, facts_now

pytestmark = pytest.mark.sqlite("each kind of database is saved and loaded in its own way")


def save():
    with work_folder() as work:
        return save_suite(work, backup_key(), lambda _what: None)


def bring_back(backup, replace=""):
    with work_folder() as work:
        return restore(backup, backup_key(), work, replace=replace, say=lambda _what: None)


def refused(act, *arguments, **options) -> str:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **options)
    return caught.value.code


def read_paper() -> bytes:
    with Certificate.objects.exclude(file="").get().file.open() as file:
        return file.read()


def test_all_comes_back_where_people_are_written_over_on_purpose(house):
    before = facts_now()
    backup, manifest = save()
    devastate(storages["private"])
    now = facts_now()
    assert now != before

    assert refused(bring_back, backup) == "people"
    assert refused(bring_back, backup, "another") == "other_name"
    assert facts_now() == now
    bring_back(backup, engine_of_suite().name())

    assert facts_now() == before == manifest.facts
    assert manifest.facts.proofs["certificates"]["count"] == 2
    assert read_paper() == PAPER
    assert manifest.missing == []


def test_empty_database_asks_for_no_leave_and_a_changed_file_is_put_right(house):
    backup, manifest = save()
    storages["private"].delete("certificates/huong.pdf")
    storages["private"].save("certificates/huong.pdf", ContentFile(b"another"))
    empty_database()

    bring_back(backup)

    assert facts_now() == manifest.facts
    assert read_paper() == PAPER
    # What is the same is left.
    paper = "private/certificates/huong.pdf"
    assert not put_back(paper, BytesIO(PAPER), manifest.files[paper])


def empty_database() -> None:
    if connection.vendor == "sqlite":
        connection.close()
        Path(connection.settings_dict["NAME"]).unlink()
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")


def test_verified_backup_is_marked_and_leaves_no_scratch_database(house):
    Heartbeat.objects.all().delete()
    assert backup_age(now=EVENING) is None
    backup, _ = save()
    databases = own_databases()
    leave_rest_of_a_killed_run()

    with work_folder() as work:
        verify(backup, backup_key(), work)

    assert backup.with_name(f"{backup.name}.verified").exists()
    assert Heartbeat.objects.filter(name=BACKUP).exists()
    assert own_databases() == databases
    assert sorted(path.name.removeprefix(backup.name) for path in house.iterdir()) == [
        "",
        ".lock",
        ".verified",
    ]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no pooler")
def test_pooler_is_refused(house, monkeypatch):
    backup, _ = save()
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)

    assert refused(save) == "pooler"
    assert refused(bring_back, backup, engine_of_suite().name()) == "pooler"


def leave_rest_of_a_killed_run() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{engine_of_suite().name()}_verify_dead"')


def own_databases() -> list[str]:
    """Only what is named after the suite's own: tests beside this one make and drop others."""
    if connection.vendor == "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY 1",
            [engine_of_suite().name()],
        )
        return [name for (name,) in cursor.fetchall()]


def test_row_without_file_is_told_and_file_without_row_is_kept(house):
    storages["private"].delete("certificates/huong.pdf")
    lone = default_storage.save("documents/lone.txt", ContentFile(b"lone"))
    backup, manifest = save()
    default_storage.delete(lone)

    assert manifest.missing == ["private/certificates/huong.pdf"]
    bring_back(backup, engine_of_suite().name())
    with default_storage.open(lone) as file:
        assert file.read() == b"lone"
    default_storage.delete(lone)


def altered(backup, harm):
    """Write the backup anew, with a manifest that says something else."""
    members = {}
    read_archive(backup, backup_key(), lambda name, file: members.update({name: file.read()}))
    manifest = json.loads(members[NAME])
    harm(manifest)
    if harm is no_database:
        members["database"] = b"no database"
    members[NAME] = json.dumps(manifest).encode()
    path = backup.with_name(harm.__name__)
    parts = [Member(name, len(text), [text]) for name, text in members.items()]
    write_archive(path, backup_key(), parts)
    return path


def rows_differ(manifest):
    manifest["facts"]["tables"]["accounts_user"] = 1


def register_differs(manifest):
    manifest["facts"]["proofs"]["register"]["sha256"] = "0" * 64


def newer_migration(manifest):
    manifest["facts"]["migrations"].append("courses.9999_from_tomorrow")


def newer_format(manifest):
    manifest["format"] = 99


def other_vendor(manifest):
    manifest["vendor"] = "oracle"


def other_file(manifest):
    manifest["files"]["private/certificates/huong.pdf"] = "0" * 64


def no_database(manifest):
    manifest["database_sha256"] = hashlib.sha256(b"no database").hexdigest()


def test_what_is_wrong_is_said_and_nothing_touched(house, settings):
    backup, _ = save()
    whole = backup.read_bytes()
    cut, flipped = backup.with_name("cut"), backup.with_name("flipped")
    cut.write_bytes(whole[:-9])
    flipped.write_bytes(whole[:9_999] + bytes([whole[9_999] ^ 1]) + whole[10_000:])
    harms = {
        rows_differ: "differs",
        register_differs: "differs",
        other_file: "damaged",
        newer_migration: "newer",
        newer_format: "newer",
        other_vendor: "other_database",
        no_database: "damaged" if connection.vendor == "sqlite" else "client_failed",
    }
    expected = {altered(backup, harm): code for harm, code in harms.items()}
    expected |= {cut: "damaged", flipped: "damaged", house / "none": "no_backup"}
    devastate(storages["private"])
    now, name = facts_now(), engine_of_suite().name()

    assert {path: refused(bring_back, path, name) for path in expected} == expected
    settings.SUITE_BACKUP_KEY = new_key()
    assert refused(bring_back, backup, name) == "wrong_key"
    assert facts_now() == now
    assert not storages["private"].exists("certificates/huong.pdf")


def test_files_of_a_bucket_come_back_under_their_names(bucket, house):
    backup, manifest = save()
    objects = dict(bucket.objects)
    devastate(storages["private"])
    assert bucket.objects != objects

    bring_back(backup, engine_of_suite().name())

    assert bucket.objects.keys() == objects.keys()
    assert read_paper() == PAPER
    assert manifest.missing == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL puts its readers out")
def test_database_in_use_is_not_written_over(house, monkeypatch):
    backup, _ = save()
    before = facts_now()
    monkeypatch.setattr(sqlite_engine, "_PATIENCE_SECONDS", 0.3)
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as another:
        another.execute("BEGIN IMMEDIATE")
        assert refused(bring_back, backup, engine_of_suite().name()) == "locked"

    with hold_data_folder(Path(connection.settings_dict["NAME"]).parent):
        assert refused(bring_back, backup, engine_of_suite().name()) == "running"

    assert facts_now() == before
    Path(connection.settings_dict["NAME"]).unlink()
    assert refused(save) == "no_database"
