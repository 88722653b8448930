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
from tests.lms.ops.test_restoring import refused, save

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
