"""What is read in one moment sees nothing of what others write meanwhile, and keeps nobody from writing."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, connections, transaction

from lms.accounts.models import User
from lms.core.one_moment import one_moment
from lms.settings.databases import with_options
from tests.at_once import alone
from tests.factories.accounts import UserFactory


class Elsewhere:
    """Reads from another database."""

    def db_for_read(self, model, **hints):
        return "moment"


@pytest.fixture
def file(tmp_path, settings, django_db_blocker):
    """A database in a file, as a suite with SQLite has it, that is read from."""
    path = tmp_path / "moment.sqlite3"
    given = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}
    database = connections.configure_settings({"default": {}, "moment": with_options(given)})
    connections.settings["moment"] = database["moment"]
    settings.DATABASE_ROUTERS = [Elsewhere()]
    with sqlite3.connect(path) as other:
        other.executescript("PRAGMA journal_mode = WAL; CREATE TABLE people (name TEXT)")
    try:
        with django_db_blocker.unblock():
            yield path
    finally:
        connections["moment"].close()
        del connections["moment"]
        del connections.settings["moment"]


def number() -> int:
    with connections["moment"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people")
        return cursor.fetchone()[0]


def test_reader_of_a_file_keeps_nobody_from_writing_and_sees_nothing_of_it(file):
    with one_moment():
        assert number() == 0
        with sqlite3.connect(file, timeout=0) as other:
            other.execute("INSERT INTO people VALUES ('Hoa')")
        assert number() == 0

    assert number() == 1
    assert connections["moment"].transaction_mode == "IMMEDIATE"


@pytest.mark.skipif(connection.vendor == "sqlite", reason="in memory one waits for the other")
@pytest.mark.django_db(transaction=True)
def test_nothing_is_seen_of_what_is_written_meanwhile_and_nothing_written():
    with one_moment():
        assert not User.objects.exists()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(alone, UserFactory).result(timeout=60)
        assert not User.objects.exists()

    assert User.objects.exists()
    with pytest.raises(DatabaseError), one_moment():
        User.objects.all().delete()
    assert User.objects.exists()
    User.objects.all().delete()
    assert not User.objects.exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="nobody ends its connections")
@pytest.mark.django_db(transaction=True)
def test_connection_that_has_ended_is_replaced_before_the_moment_begins(monkeypatch):
    for name, value in {"CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": None}.items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    connection.close()
    connection.ensure_connection()
    connection.connection.close()
    # As at the beginning of a request.
    connection.close_if_unusable_or_obsolete()

    with one_moment(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_it_is_as_that_one_is():
    with transaction.atomic():
        made = UserFactory()
        with one_moment():
            assert User.objects.get() == made
        User.objects.update(full_name="Lan")
