"""How connections to PostgreSQL are kept: by us, by a pooler before it, by both."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, router
from django.db.backends.postgresql.base import DatabaseWrapper
from django.urls import reverse

from lms.accounts.models import User
from lms.core.databases import is_unavailable
from lms.core.replica import ReplicaRouter
from lms.settings import databases
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


@pytest.mark.django_db
def test_server_that_says_nothing_is_waited_for_some_seconds(monkeypatch):
    monkeypatch.setattr(databases, "_CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, port = silent.getsockname()
        server = of_server({**SERVER, "HOST": host, "PORT": port, "USER": "suite"})
        wrapper = DatabaseWrapper({**connection.settings_dict, **server}, "silent")
        with pytest.raises(OperationalError) as caught:
            wrapper.ensure_connection()

    assert is_unavailable(caught.value)


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
    told = [cursor.execute(f"SHOW {name}") and cursor.fetchone()[0] for name in ("lock_timeout", "statement_timeout", "timezone")]
    told.append(cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()") and cursor.fetchone()[0])
connection.close()
if connection.settings_dict["OPTIONS"].get("pool"):
    connection.close_pool()
print(json.dumps([answers, *told]))
"""


READ_BOTH = """
import json
import django
django.setup()
from django.db import connections
from lms.accounts.models import User
from lms.core.replica import replica_reads

def there():
    return User.objects.count()

told = [there()]
with replica_reads():
    told.append(there())
    copied = User.objects.get()
    assert copied._state.db == "replica"
    copied.full_name = "Trần Thị Mới"
    copied.save()
    told.append(there())
told += [there(), replica_reads()(there)(), User.objects.filter(full_name="Trần Thị Mới").count()]
print(json.dumps(told))
connections.close_all()
"""


def ask_in_a_process(folder, port=None, script=ASK, **environment):
    """What the script tells; ASK: the answers to all threads, the limits of locks and statements, the
    zone, and how many connections there were.
    """
    server, name = urlsplit(os.environ["DATABASE_URL"]), connection.settings_dict["NAME"]
    address = f"postgres://{server.username}@{server.hostname}:{port or server.port}/{name}"
    done = subprocess.run(
        [sys.executable, "-c", script],
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
    answers, *limits, zone, connections = ask_in_a_process(tmp_path, **settings)

    assert answers == [people] * 30
    assert (limits, zone) == (["5s", "1min"], "UTC")
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
        answers, *limits, zone, connections = ask_in_a_process(
            tmp_path, port, DATABASE_POOLER="transaction", **settings
        )

    assert answers == [people] * 30
    assert (limits, zone) == (["0", "0"], "UTC")
    assert connections <= 2 + 1


@needs_postgresql
@pytest.mark.process
@pytest.mark.postgres
def test_reports_read_from_the_copy_until_something_is_written(people, tmp_path, migrated_database):
    copy = tmp_path / "copy.sqlite3"
    shutil.copy(migrated_database, copy)
    with closing(sqlite3.connect(copy)) as replica, replica:
        names = [row[1] for row in replica.execute("pragma table_info(accounts_user)")]
        own = User.objects.filter(pk=people[0]).values(*names).get()
        values = [str(value) if isinstance(value, datetime) else value for value in own.values()]
        marks = ",".join("?" * len(names))
        replica.execute(f"insert into accounts_user ({','.join(names)}) values ({marks})", values)  # noqa: S608

    told = ask_in_a_process(tmp_path, script=READ_BOTH, DATABASE_REPLICA_URL=f"sqlite:///{copy}")

    assert told == [7, 1, 7, 7, 1, 1]


@pytest.mark.django_db
def test_report_says_that_it_may_be_read_from_the_copy(as_monitor, monkeypatch):
    read = []

    class Listener(ReplicaRouter):
        def db_for_read(self, model, **hints):
            read.append((super().db_for_read(model), model._meta.label))
            return "default"

    monkeypatch.setattr(router, "routers", [Listener()])
    as_monitor.get(reverse("reporting:completion"))
    as_monitor.get(reverse("courses:my_work"))

    by_source = {source: {label for at, label in read if at == source} for source, _label in read}
    assert by_source["replica"] & {"geography.BoundaryEdition", "courses.Programme"}
    assert {"sessions.Session", "accounts.User"} <= by_source["default"]
