"""What a process reads for itself when it starts: it keeps nobody waiting, and writes nothing."""

import logging
import time
from http import HTTPStatus
from threading import Event

import pytest
from django.db import OperationalError, connection

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.core import pages_read_first
from lms.core.pages_read_first import FirstPages, read_first_pages
from lms.core.registry import Registry
from lms.reporting.first_pages import visits
from tests.factories.accounts import UserFactory, make_official
from tests.factories.courses import ProgrammeFactory


@pytest.fixture
def pages(monkeypatch):
    registry = Registry("pages of this test")
    monkeypatch.setattr(pages_read_first, "first_pages", registry)
    monkeypatch.setattr(pages_read_first, "_SECONDS", 60.0)
    monkeypatch.setattr(pages_read_first, "_AT_MOST", 60.0)

    def register(of_test):
        registry.register(FirstPages("test", of_test))

    return register


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_and_no_connection_is_left(pages, caplog):
    used = []

    def writing():
        used.append(connection._connections[connection._alias])
        yield from ()
        UserFactory()

    pages(writing)
    with caplog.at_level(logging.INFO):
        read_first_pages()

    assert len(used) == 1
    # A database in memory is never closed: it would be gone.
    assert (used[0].connection is None) == (connection.vendor == "postgresql")
    assert not User.objects.exists()
    assert [one.levelname for one in caplog.records] == ["INFO"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("error", "level", "told"),
    [(OperationalError, "INFO", None), (ValueError, "ERROR", ValueError)],
)
def test_no_error_keeps_a_process_from_starting_and_a_database_that_is_away_is_none(
    pages, caplog, error, level, told
):
    def broken():
        raise error

    pages(broken)
    with caplog.at_level(logging.INFO):
        read_first_pages()

    (record,) = caplog.records
    assert (record.levelname, record.exc_info and record.exc_info[0]) == (level, told)


@pytest.mark.django_db(transaction=True)
def test_page_for_which_the_database_is_too_slow_is_passed_over(pages, monkeypatch):
    looked = []

    def visit(reader, address):
        looked.append(address)
        raise OperationalError

    pages(lambda: [(None, "/a/"), (None, "/b/")])
    monkeypatch.setattr(pages_read_first, "_visit", visit)
    read_first_pages()

    assert looked == ["/a/", "/b/"]


@pytest.mark.django_db(transaction=True)
def test_what_takes_too_long_is_not_waited_for(pages, monkeypatch):
    begun, goes_on, ended, looked = Event(), Event(), Event(), []

    def slow():
        begun.set()
        goes_on.wait(60)
        yield None, "/"
        ended.set()

    pages(slow)
    monkeypatch.setattr(pages_read_first, "_SECONDS", 0.0)
    monkeypatch.setattr(pages_read_first, "_AT_MOST", 0.0)
    monkeypatch.setattr(pages_read_first, "_visit", lambda *visit: looked.append(visit))
    read_first_pages()

    goes_on.set()
    assert begun.wait(60)
    assert ended.wait(60)
    assert not looked


@pytest.mark.django_db(transaction=True)
def test_what_was_begun_in_time_is_ended_before_the_process_goes_on(pages, monkeypatch):
    ended, looked, over = [], [], time.monotonic() + 0.01

    def slow():
        while time.monotonic() < over:
            pass
        ended.append(True)
        return [(None, "/")]

    pages(slow)
    monkeypatch.setattr(pages_read_first, "_SECONDS", 0.0)
    monkeypatch.setattr(pages_read_first, "_visit", lambda *visit: looked.append(visit))
    read_first_pages()

    assert (ended, looked) == ([True], [])


@pytest.mark.django_db
def test_pages_of_the_report_are_there_for_those_who_read_them(edition):
    assert not [*visits()]
    ProgrammeFactory(edition=edition)
    assert not [*visits()]
    UserFactory(is_superuser=True)
    make_official(Role.COORDINATOR, "350")
    ProgrammeFactory(edition=edition, code="OTHER")

    read = [pages_read_first._visit(*visit) for visit in visits()]

    assert [one.status_code for one in read] == [HTTPStatus.OK] * 12


@pytest.mark.django_db
def test_page_that_is_not_theirs_is_passed_over(edition):
    assert pages_read_first._visit(UserFactory(), "/bao-cao/hoan-thanh/?a=1") is None
