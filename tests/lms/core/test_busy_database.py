"""A database that lets nobody write, or answers nobody: a sentence and the time to wait."""

import http.cookiejar
import re
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing

import psycopg
import pytest
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client
from django.urls import reverse

from lms.core.databases import is_unavailable
from tests.databases import own_database
from tests.factories.accounts import UserFactory
from tests.reading import html_of
from tests.services import free_port
from tests.workers import ROOT, Installation


def error_of(cause):
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


def locked_by_another(folder):
    """What SQLite says to whoever wants to write beside somebody who does."""
    path = folder / "busy.sqlite3"
    with (
        closing(sqlite3.connect(path)) as first,
        closing(sqlite3.connect(path, timeout=0)) as second,
    ):
        first.execute("create table one (number integer)")
        first.execute("begin immediate")
        with pytest.raises(sqlite3.OperationalError) as caught:
            second.execute("insert into one values (1)")
        return caught.value


def test_lock_of_another_writer_is_told_apart_from_a_mistake(tmp_path):
    assert is_unavailable(error_of(locked_by_another(tmp_path)))
    with closing(sqlite3.connect(":memory:")) as database, pytest.raises(sqlite3.Error) as caught:
        database.execute("select * from nothing")
    assert not is_unavailable(error_of(caught.value))
    assert not is_unavailable(ProgrammingError())
    assert not is_unavailable(ValueError())


@pytest.mark.parametrize(
    "cause",
    [
        psycopg.errors.LockNotAvailable(),
        psycopg.errors.TooManyConnections(),
        psycopg.errors.CannotConnectNow(),
        psycopg.errors.AdminShutdown(),
        psycopg.errors.DeadlockDetected(),
        psycopg.OperationalError("connection refused"),
    ],
)
def test_postgresql_that_cannot_serve(cause):
    assert is_unavailable(error_of(cause))


def test_connection_that_was_closed_meanwhile():
    assert is_unavailable(InterfaceError("connection already closed"))


def refuse(*_args):
    raise error_of(psycopg.errors.TooManyConnections())


def post_without_database(path, refuse=refuse, **sent):
    """What somebody with the cookie of a session is answered while nothing can be asked."""
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    with connection.execute_wrapper(refuse):
        return client.post(path, {}, **sent)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/tai-khoan/login/", "/quan-tri/", "/khoa-hoc/khong-co/"])
def test_page_says_when_to_come_again(path):
    answer = post_without_database(path)
    page = html_of(answer)

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "no-store" in answer["Cache-Control"]
    assert page.count("<h1>") == page.count("<h2>") == 1


def confirm(error):
    """What somebody who logged in gets for typing the password again while the session cannot be kept."""

    def refuse_sessions(execute, sql, *call):
        if sql.startswith("UPDATE") and "django_session" in sql:
            raise error
        return execute(sql, *call)

    client = Client(raise_request_exception=False)
    client.force_login(UserFactory(password=make_password("tap-huan-2014")))
    with connection.execute_wrapper(refuse_sessions):
        return client.post(reverse("account_reauthenticate"), {"password": "tap-huan-2014"})


@pytest.mark.django_db
def test_session_that_cannot_be_kept_now_is_no_mistake_of_the_person_and_one_that_was_ended_is():
    answer = confirm(error_of(psycopg.errors.LockNotAvailable()))
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert confirm(DatabaseError()).status_code == 400


@pytest.mark.django_db
def test_script_is_answered_in_its_own_way():
    path = reverse("attendance:roll_lines", args=[1])
    answer = post_without_database(path, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_busy")


@pytest.mark.django_db
def test_mistake_in_the_code_stays_one():
    def fail(*_args):
        raise ProgrammingError

    assert post_without_database("/quan-tri/", fail).status_code == 500


class Browser:
    def __init__(self, url):
        self.url = url
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def ask(self, path, data=None, **headers):
        """Status, headers and text of the answer."""
        request = urllib.request.Request(self.url + path, data, headers)  # noqa: S310
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def log_in(self):
        path = reverse("account_login")
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self.ask(path)[2])[1]
        fields = {"login": "GV001", "password": "tap-huan-2014", "csrfmiddlewaretoken": token}
        return self.ask(path, urllib.parse.urlencode(fields).encode())


@pytest.fixture
def house(tmp_path, django_db_blocker, django_test_environment):
    """The web server on an SQLite file like that of the embedded suite, with one person."""
    with django_db_blocker.unblock(), own_database(tmp_path):
        UserFactory(staff_code="GV001", password=make_password("tap-huan-2014"), is_sample=True)
    house = Installation(
        tmp_path,
        # Needs no gathered style sheets.
        DJANGO_SETTINGS_MODULE="lms.settings.test",
        DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3",
    )
    with closing(sqlite3.connect(house.database)) as database:
        database.execute("pragma journal_mode=wal")
    port = free_port()
    command = f"-m granian --interface wsgi --port {port} --blocking-threads 4 lms.wsgi:application"
    with (
        (tmp_path / "web.log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, *command.split()],
            cwd=ROOT,
            env=house.environment,
            stdout=log,
            stderr=log,
        ) as process,
    ):
        house.url = f"http://localhost:{port}"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if Browser(house.url).ask("/health/ready/")[0] == 200:
                    break
            except OSError:
                time.sleep(0.2)
        yield house
        process.terminate()


@pytest.mark.process
def test_writers_are_told_and_readers_go_on_while_sqlite_is_locked(house):
    browser = Browser(house.url)
    assert browser.log_in()[0] == 200

    with closing(sqlite3.connect(house.database)) as other:
        other.execute("begin immediate")
        begun = time.monotonic()
        status, headers, page = Browser(house.url).log_in()
        waited = time.monotonic() - begun
        read = browser.ask(reverse("courses:my_work"))

    assert (status, headers["Retry-After"]) == (503, "30")
    assert "<h1>" in page
    assert waited < 15
    assert read[0] == 200
    assert Browser(house.url).log_in()[0] == 200
