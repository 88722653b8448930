"""What was left half-way is gone on with, and what cannot be is given up."""

from datetime import timedelta

from django.db import OperationalError
from django.utils import timezone

from lms.accounts.models import User
from lms.accounts.rosters.resources import people as resources
from lms.core.refusal import Refusal
from lms.importing.domain.confirming import ask_to_confirm, confirm
from lms.importing.domain.resume_stale import take_up
from lms.importing.domain.undoing import ask_to_undo
from lms.importing.models import ImportBatch
from tests.factories.importing import rehearsed, sheet, write
from tests.shared import shared

NEW = ("KB-9001", "Lê Thị Mới", "1980", "Nữ", "0912 345 678", "Quế", "CTV")
LATER = timedelta(minutes=2)


@shared
def batch(coordinator):
    return rehearsed(sheet(NEW), by=coordinator)


def state_of(batch):
    batch.refresh_from_db()
    return batch.state


def raising(monkeypatch, error):
    def fail(*arguments, **keywords):
        raise error

    monkeypatch.setattr(resources, "write_people", fail)


def test_lost_message_is_made_up_for_once_the_worker_had_its_time(batch):
    ask_to_confirm(batch=batch)
    assert take_up(at=timezone.now()) == 0
    assert state_of(batch) == "confirming"

    assert take_up(at=timezone.now() + LATER) == 1
    assert state_of(batch) == "confirmed"


def test_undo_is_gone_on_with(batch, coordinator):
    write(batch)
    ask_to_undo(batch=batch, by=coordinator, at=timezone.now())

    take_up(at=timezone.now() + LATER)

    assert state_of(batch) == "undone"


def test_failing_import_is_given_up_and_does_not_hold_up_the_others(
    batch, coordinator, monkeypatch
):
    other = rehearsed(sheet(NEW), by=coordinator)
    ask_to_confirm(batch=batch)
    ImportBatch.objects.filter(pk=other.pk).update(state="rehearsing")
    raising(monkeypatch, ZeroDivisionError())

    assert take_up(at=timezone.now() + LATER) == 1

    assert (state_of(batch), state_of(other)) == ("failed", "rehearsed")
    assert batch.notice


def test_import_whose_database_is_held_by_another_is_left_to_it(batch, monkeypatch):
    ask_to_confirm(batch=batch)
    raising(monkeypatch, OperationalError("database is locked"))

    assert take_up(at=timezone.now() + LATER) == 0
    assert state_of(batch) == "confirming"


def test_refusal_while_writing_stops_with_its_sentence(batch, monkeypatch):
    ask_to_confirm(batch=batch)
    raising(monkeypatch, Refusal("no", "Không ghi được."))

    assert confirm(batch_id=batch.pk) is False

    assert (state_of(batch), batch.notice) == ("failed", "Không ghi được.")
    assert not User.objects.filter(staff_code="KB-9001").exists()
