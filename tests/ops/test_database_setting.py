"""How connections to PostgreSQL are kept: by us, by a pooler before it, by both."""

import json
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from lms.settings.databases import of_server
from tests.factories.accounts import UserFactory
from tests.ops.test_second_factor_setting import NEEDED, ROOT
from tests.pooler import PGBOUNCER, pooler_port

SERVER = {"ENGINE": "django.db.backends.postgresql", "NAME": "suite"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}),
        ({"max_age": "0"}, {"CONN_MAX_AGE": 0}),
        ({"pooler": "transaction"}, {"CONN_MAX_AGE": 60, "DISABLE_SERVER_SIDE_CURSORS": True}),
        ({"pool": "1-4"}, {"CONN_MAX_AGE": 0}),
    ],
)
def test_connections_are_kept_as_asked(asked, expected):
    kept = of_server(SERVER, **asked)

    assert expected.items() <= kept.items()
    assert kept["OPTIONS"]["prepare_threshold"] == (None if "pooler" in asked else 5)
    pool = {"min_size": 1, "max_size": 4, "timeout": 5} if "pool" in asked else None
    assert kept["OPTIONS"].get("pool") == pool


@pytest.mark.parametrize(
    "asked",
    [
        {"pooler": "session"},
        *({"pool": text} for text in ("4", "4-2", "0-0", "a-b", "-1-3", "1-2-3")),
        *({"max_age": text} for text in ("-1", "an hour", "1.5")),
        {"pool": "1-4", "max_age": "60"},
    ],
)
def test_setting_that_means_nothing_stops_the_start(asked):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_"):
        of_server(SERVER, **asked)


def test_settings_of_postgresql_are_refused_for_another_database():
    with pytest.raises(ImproperlyConfigured, match="PostgreSQL only"):
        of_server({"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}, pool="1-2")


# What web processes ask in many requests beside each other, each in the connection of its thread.
ASK = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
import django
django.setup()
from django.db import connection, transaction
from lms import wsgi
from lms.accounts.models import User

def ask(number):
    for _time in range(12):
        User.objects.filter(pk=number).first()
    listed = [person.pk for person in User.objects.order_by("pk").iterator(chunk_size=2)]
    with transaction.atomic():
        User.objects.select_for_update().order_by("pk").first().save(update_fields=["full_name"])
    connection.close_if_unusable_or_obsolete()
    return listed

with ThreadPoolExecutor(6) as threads:
    answers = list(threads.map(ask, [1] * 30))
with connection.cursor() as cursor:
    told = [cursor.execute(f"SHOW {name}") and cursor.fetchone()[0] for name in ("lock_timeout", "timezone")]
    told.append(cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()") and cursor.fetchone()[0])
connection.close()
if connection.settings_dict["OPTIONS"].get("pool"):
    connection.close_pool()
print(json.dumps([answers, *told]))
"""


def ask_in_a_process(folder, port=None, **environment):
    """The answers to all threads, the limit of locks, the zone, and how many connections there were."""
    own = connection.settings_dict
    address = f"postgres://{own['USER']}@{own['HOST']}:{port or own['PORT']}/{own['NAME']}"
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env={
            **NEEDED,
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "lms.settings.production",
            "DATABASE_URL": address,
            "SUITE_DATA_DIR": str(folder),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


needs_postgresql = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="a pooler of PostgreSQL"
)


@pytest.fixture
def people(transactional_db):
    return sorted(person.pk for person in UserFactory.create_batch(7))


@needs_postgresql
@pytest.mark.process
@pytest.mark.postgres
@pytest.mark.parametrize(("settings", "most"), [({}, 7), ({"DATABASE_POOL": "1-3"}, 3)])
def test_each_thread_gets_its_answers(people, tmp_path, settings, most):
    answers, lock, zone, connections = ask_in_a_process(tmp_path, **settings)

    assert answers == [people] * 30
    assert (lock, zone) == ("5s", "UTC")
    # One is that of this test.
    assert connections <= most + 1


@needs_postgresql
@pytest.mark.process
@pytest.mark.postgres
@pytest.mark.skipif(
    PGBOUNCER is None and not os.environ.get("PGBOUNCER_REQUIRED"), reason="PgBouncer is missing"
)
@pytest.mark.parametrize("settings", [{}, {"DATABASE_POOL": "0-4"}])
def test_many_share_the_two_connections_of_a_pooler(people, tmp_path, settings):
    with pooler_port(tmp_path, os.environ["DATABASE_URL"]) as port:
        answers, lock, zone, connections = ask_in_a_process(
            tmp_path, port, DATABASE_POOLER="transaction", **settings
        )

    assert answers == [people] * 30
    assert (lock, zone) == ("0", "UTC")
    assert connections <= 2 + 1
