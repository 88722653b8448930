"""Two people, or two taps, at the same roll at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event

import pytest
from django.db import connection, transaction

from attendance.enums import AttendanceStatus
from attendance.models import AttendanceMark, AttendanceRecord
from tests.factories.accounts import UserFactory
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.geography import make_map

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing to meet"
    ),
]


@pytest.fixture
def session():
    make_map()
    run = make_class()
    enrol_many(run, 3)
    return SessionFactory(run=run)


def take_both(session, first, second):
    """Send both lists, the second while the first is written and not yet committed."""
    trainer = UserFactory()
    written, both_written = Event(), Barrier(2, timeout=0.5)

    def take(entries, *, goes_first):
        try:
            if not goes_first:
                assert written.wait(10)
            with transaction.atomic():
                result = take_roll(session=session, entries=entries, by=trainer, at=IN_CLASS)
                written.set()
                # Never met: the second waits for the lock until the first has committed.
                with suppress(BrokenBarrierError):
                    both_written.wait()
            return result
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(take, first, goes_first=True)
        two = pool.submit(take, second, goes_first=False)
        return one.result(), two.result()


def test_same_list_sent_twice_is_written_once(session):
    entries = [entry(person) for person in session.run.enrolments.all()]
    first, second = take_both(session, entries, entries)
    assert (len(first.saved), len(second.saved), len(second.unchanged)) == (3, 0, 3)
    assert AttendanceMark.objects.count() == 3


def test_second_of_two_opinions_is_asked_for_a_reason(session):
    person = session.run.enrolments.first()
    present, absent = entry(person), entry(person, AttendanceStatus.ABSENT)
    _first, second = take_both(session, [present], [absent])
    assert second.refused[person.pk].code == "reason_required"
    assert AttendanceRecord.objects.get().status == AttendanceStatus.PRESENT
