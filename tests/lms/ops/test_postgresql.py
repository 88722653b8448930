"""What waits for PostgreSQL beside others who use it, waits for so long and no longer."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management.sql import emit_pre_migrate_signal
from django.db import connection

from lms.core.databases import MIGRATION_LOCK_SECONDS
from lms.ops.engines import postgresql
from lms.ops.engines.opening import opened
from tests.lms.ops.test_restoring import refused, save
from tests.services import postgres_url

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite is saved by no other program"
)


@pytest.fixture
def held_table(house) -> Iterator[None]:
    """A table that somebody alters, and does not finish."""
    name = connection.settings_dict["NAME"]
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    with psycopg.connect(address) as other:
        other.execute("LOCK TABLE accounts_user IN ACCESS EXCLUSIVE MODE")
        yield


@pytest.mark.parametrize(
    ("limit", "code"), [("_LOCK_SECONDS", "client_failed"), ("_CLIENT_SECONDS", "client_slow")]
)
def test_backup_does_not_wait_for_ever(held_table, monkeypatch, limit, code):
    monkeypatch.setattr(postgresql, limit, 1)

    assert refused(save) == code


def test_migration_does_not_wait_for_ever(house):
    emit_pre_migrate_signal(verbosity=0, interactive=False, db="default")

    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone()[0] == f"{MIGRATION_LOCK_SECONDS}s"


@pytest.fixture
def fresh_server(monkeypatch, django_db_blocker) -> Iterator[str]:
    """A server on which the suite lives in the database that was there, as many people set it up."""
    monkeypatch.delenv("DATABASE_URL")
    with postgres_url() as url, django_db_blocker.unblock():
        address = urlsplit(url)
        here = {"HOST": address.hostname, "PORT": address.port, "NAME": address.path[1:]}
        for key, value in (here | {"USER": address.username}).items():
            monkeypatch.setitem(connection.settings_dict, key, value)
        kept, connection.connection = connection.connection, None
        yield url
        connection.close()
        connection.connection = kept


def test_database_called_as_that_of_the_server_is_replaced(fresh_server):
    with psycopg.connect(fresh_server, autocommit=True) as before:
        before.execute("CREATE TABLE lost ()")
        before.execute("CREATE DATABASE postgres_verify_1")
    with opened("scratch", "postgres_verify_1") as scratch:
        with scratch.cursor() as cursor:
            cursor.execute("CREATE TABLE restored ()")

        postgresql.Postgres().replace_live("scratch")

    with psycopg.connect(fresh_server) as after:
        tables = after.execute("SELECT to_regclass('restored') IS NULL, to_regclass('lost')")
        assert tables.fetchone() == (False, None)
        names = after.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")
        assert names.fetchall() == [("postgres",)]
