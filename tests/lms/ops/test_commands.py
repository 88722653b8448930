"""What the commands say, and the numbers with which they end."""

import sqlite3
from argparse import ArgumentTypeError
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from lms.core.heartbeats import record_heartbeats
from lms.core.models import Heartbeat
from lms.core.refusal import Refusal
from lms.ops.age import BACKUP
from lms.ops.keys import backup_key, new_key
from lms.ops.management.commands import backup
from tests.factories.accounts import browse
from tests.reading import html_of


def ends_with(code, *words):
    with pytest.raises(CommandError) as caught:
        call_command(*words, stdout=StringIO(), stderr=StringIO())
    assert caught.value.returncode == code


def test_key_is_made_and_works(settings):
    said = StringIO()
    call_command("backup", new_key=True, stdout=said)

    settings.SUITE_BACKUP_KEY = said.getvalue()
    assert str(backup_key()) == said.getvalue().strip()


def test_backup_without_key_makes_nothing(settings, tmp_path):
    settings.SUITE_BACKUP_DIR = tmp_path / "backups"

    ends_with(1, "backup")
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [".lock"]


def test_second_run_at_the_same_time_is_refused(settings, tmp_path):
    settings.SUITE_BACKUP_DIR = tmp_path
    with backup.work_folder():
        ends_with(1, "backup")


def test_faults_after_the_backup_have_numbers_of_their_own(house, monkeypatch):
    def refuse(*_arguments):
        raise Refusal("differs", "It is another.")

    monkeypatch.setattr(backup, "verify", refuse)
    ends_with(3, "backup")
    call_command("backup", no_verify=True, stdout=StringIO())
    monkeypatch.setattr(backup, "verify", lambda *_arguments: None)
    monkeypatch.setattr(backup, "copy_off_site", refuse)
    ends_with(4, "backup")
    assert list(house.glob("*.age"))


@pytest.mark.parametrize("error", [OSError, sqlite3.OperationalError, OperationalError])
def test_faults_of_disk_and_database_are_sentences(settings, tmp_path, monkeypatch, error):
    def fail(*_arguments):
        raise error("no room")

    settings.SUITE_BACKUP_DIR = tmp_path
    settings.SUITE_BACKUP_KEY = new_key()
    monkeypatch.setattr(backup, "save_suite", fail)

    ends_with(1, "backup")
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_verify_tells_what_was_compared(house):
    call_command("backup", no_verify=True, stdout=StringIO())
    said = StringIO()
    call_command("verify_backup", next(house.glob("*.age")), stdout=said)

    assert "certificates: 2, sha256 " in said.getvalue()


@pytest.mark.parametrize(
    ("text", "span"),
    [("90m", timedelta(minutes=90)), ("24h", timedelta(1)), ("7d", timedelta(7))],
)
def test_interval(text, span):
    assert backup.interval(text) == span


@pytest.mark.parametrize("text", ["", "0h", "24", "1w", "-1d"])
def test_no_interval(text):
    with pytest.raises(ArgumentTypeError):
        backup.interval(text)


class EnoughError(Exception):
    """Ends a command that would stay."""


@pytest.mark.django_db
def test_command_that_stays_waits_for_the_next_one_and_tries_again_after_a_fault(
    settings, tmp_path, monkeypatch
):
    settings.SUITE_BACKUP_DIR = tmp_path
    spans, results = [], iter([CommandError("no"), None, EnoughError()])

    def make(_self, *, no_verify):
        if error := next(results):
            raise error
        at = datetime.now(UTC) - timedelta(hours=2)
        (tmp_path / f"suite-{at:%Y%m%dT%H%M%SZ}.tar.age").touch()

    monkeypatch.setattr(backup.Command, "_make", make)
    monkeypatch.setattr(backup.time, "sleep", spans.append)
    with pytest.raises(EnoughError):
        call_command("backup", every=timedelta(hours=24), stderr=StringIO())

    assert spans == [0, 3600, pytest.approx(22 * 3600, abs=60)]


def test_what_is_made_and_not_finished_is_finished_and_not_made_again(house, monkeypatch):
    spans, verified = [], []
    verify, away = backup.verify, iter([True, True, False])

    def fail_once(copied, *rest):
        verified.append(copied)
        if len(verified) == 1:
            raise OperationalError("no room for a scratch database")
        verify(copied, *rest)

    def refuse_at_first(_backup):
        if next(away):
            raise Refusal("off_site", "It is away.")

    def wait(span):
        spans.append(span)
        if span > timedelta(hours=1):
            raise EnoughError

    monkeypatch.setattr(backup, "verify", fail_once)
    monkeypatch.setattr(backup, "copy_off_site", refuse_at_first)
    monkeypatch.setattr(backup, "wait", wait)
    with pytest.raises(EnoughError):
        call_command("backup", every=timedelta(hours=24), stdout=StringIO(), stderr=StringIO())

    assert spans[:-1] == [timedelta(0), *[timedelta(hours=1)] * 3]
    assert [*house.glob("*.age")] == [verified[0]] == [verified[1]]
    assert len(verified) == 2


@pytest.mark.parametrize(
    ("most", "hours", "told"), [(0, None, 0), (48, None, 1), (48, 47, 0), (48, 49, 1)]
)
def test_administrator_is_told_of_a_late_backup(administrator, settings, most, hours, told):
    settings.SUITE_BACKUP_MAX_HOURS = most
    if hours is not None:
        record_heartbeats(BACKUP)
        Heartbeat.objects.update(ticked_at=timezone.now() - timedelta(hours=hours))

    page = html_of(browse(administrator).get("/quan-tri/"))

    assert page.count('id="late-backup-section"') == told
