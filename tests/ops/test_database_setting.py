"""How connections to PostgreSQL are kept: by us, by a pooler before it, by both."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
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
from tests.databases import own_database
from tests.factories.accounts import UserFactory
from tests.ops.test_second_factor_setting import NEEDED, ROOT
from tests.pooler import PGBOUNCER, pooler_port
from tests.services import HUNG_SECONDS

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
from concurrent.futures import ThreadPoolExecutor
from django.db import connection, transaction
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
    told = [cursor.execute(f"SHOW {name}") and cursor.fetchone()[0] for name in ("lock_timeout", "statement_timeout", "parallel_setup_cost", "timezone")]
    told.append(cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()") and cursor.fetchone()[0])
connection.close()
if connection.settings_dict["OPTIONS"].get("pool"):
    connection.close_pool()
print(json.dumps([answers, *told]))
"""


READ_BOTH = """
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


# One start for all ways, as it takes seconds: each is a copy that has only begun, with the settings
# that it reads from its own environment.
BEGIN = """
import importlib, json, os, sys
import django
django.setup()
from django.conf import settings
from django.db import connections, router
from lms import wsgi
from lms.settings import production

for environment, script in json.load(sys.stdin):
    if child := os.fork():
        if os.waitpid(child, 0)[1]:
            sys.exit(f"This way failed: {environment}")
        continue
    os.environ.update(environment)
    importlib.reload(production)
    settings.DATABASES = production.DATABASES
    settings.DATABASE_ROUTERS = getattr(production, "DATABASE_ROUTERS", [])
    connections.settings = connections.configure_settings(production.DATABASES)
    del connections["default"]
    # The first pages of the process were read before, with the routers that it had.
    router._routers = None
    router.__dict__.pop("routers", None)
    exec(script, {"json": json})
    sys.stdout.flush()
    os._exit(0)
"""
# How each way is asked for, and how many connections it may have.
WAYS = {
    "alone": ({}, 7),
    "pool": ({"DATABASE_POOL": "1-3"}, 3),
    "pooler": ({"DATABASE_POOLER": "transaction"}, 2),
    "pooler and pool": ({"DATABASE_POOLER": "transaction", "DATABASE_POOL": "0-4"}, 2),
}
has_pooler = bool(PGBOUNCER or os.environ.get("PGBOUNCER_REQUIRED"))


@pytest.fixture(scope="module")
def told(tmp_path_factory, django_db_blocker, django_test_environment, migrated_database):
    """The people that are there, and what each way tells: in databases of their own, to count
    connections in. ASK: the answers to all threads, the limits of locks and statements, the zone,
    and how many connections there were.
    """
    folder, asked, there = tmp_path_factory.mktemp("ways"), {}, {}
    with django_db_blocker.unblock(), ExitStack() as stack:
        if has_pooler:
            port = stack.enter_context(pooler_port(folder, os.environ["DATABASE_URL"]))
        for way, (variables, _most) in WAYS.items():
            is_pooled = "DATABASE_POOLER" in variables
            if is_pooled and not has_pooler:
                continue
            url = urlsplit(stack.enter_context(own_database(folder)))
            there[way] = sorted(person.pk for person in UserFactory.create_batch(7))
            if is_pooled:
                url = url._replace(netloc=f"{url.username}@{url.hostname}:{port}")
            asked[way] = {"DATABASE_URL": url.geturl(), **variables}, ASK
        url = stack.enter_context(own_database(folder))
        UserFactory.create_batch(7)
        copy = f"sqlite:///{copy_with_one_person(migrated_database, folder)}"
        asked["copy"] = {"DATABASE_URL": url, "DATABASE_REPLICA_URL": copy}, READ_BOTH
        return there, dict(zip(asked, ask_in_a_process(folder, *asked.values()), strict=True))


def copy_with_one_person(migrated_database, folder):
    copy = folder / "copy.sqlite3"
    shutil.copy(migrated_database, copy)
    with closing(sqlite3.connect(copy)) as replica, replica:
        names = [row[1] for row in replica.execute("pragma table_info(accounts_user)")]
        own = User.objects.order_by("pk").values(*names).first()
        values = [str(value) if isinstance(value, datetime) else value for value in own.values()]
        marks = ",".join("?" * len(names))
        replica.execute(f"insert into accounts_user ({','.join(names)}) values ({marks})", values)  # noqa: S608
    return copy


def ask_in_a_process(folder, *ways):
    done = subprocess.run(
        [sys.executable, "-c", BEGIN],
        cwd=ROOT,
        env={
            **NEEDED,
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "lms.settings.production",
            "SUITE_DATA_DIR": str(folder),
            **ways[0][0],
        },
        input=json.dumps(ways),
        capture_output=True,
        text=True,
        timeout=HUNG_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return map(json.loads, done.stdout.splitlines())


needs_postgresql = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="a pooler of PostgreSQL"
)


@needs_postgresql
@pytest.mark.process
@pytest.mark.postgres
@pytest.mark.parametrize("way", WAYS)
def test_each_thread_gets_its_answers_over_few_connections(told, way):
    there, by_way = told
    if way not in there:
        pytest.skip("PgBouncer is missing")
    answers, *limits, zone, connections = by_way[way]
    variables, most = WAYS[way]

    assert answers == [there[way]] * 30
    # Those of a session; behind a pooler nobody has one.
    expected = ["0", "0", "1000"] if "DATABASE_POOLER" in variables else ["5s", "1min", "100000"]
    assert (limits, zone) == (expected, "UTC")
    # One is that of this test.
    assert connections <= most + 1


@needs_postgresql
@pytest.mark.process
@pytest.mark.postgres
def test_reports_read_from_the_copy_until_something_is_written(told):
    assert told[1]["copy"] == [7, 1, 7, 7, 1, 1]


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
