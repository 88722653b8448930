"""Two people, or two taps, at the same roll at the same moment."""

from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError, Event

import pytest
from django.db import transaction

from attendance.domain.register.sign_off import sign_session
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceMark, AttendanceRecord, LateMark
from tests.at_once import ON_REAL_CONNECTIONS, at_once
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
from tests.factories.rows import set_fields

pytestmark = ON_REAL_CONNECTIONS


@pytest.fixture
def session():
    make_map()
    run = make_class()
    enrol_many(run, 3)
    return SessionFactory(run=run)


def take_both(session, first, second, *, meet=None, at=IN_CLASS):
    """Send both lists, the second while the first is written and not yet committed."""
    trainer = UserFactory()
    written, both_written = Event(), Barrier(2, timeout=0.5)
    met = [] if meet is None else meet

    def take(entries, *, goes_first):
        if not goes_first:
            assert written.wait(10)
        with transaction.atomic():
            result = take_roll(session=session, entries=entries, by=trainer, at=at)
            written.set()
            # Not met where the second waits for the lock until the first has committed.
            with suppress(BrokenBarrierError):
                both_written.wait()
                met.append(True)
        return result

    return at_once(partial(take, first, goes_first=True), partial(take, second, goes_first=False))


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


def test_marks_about_different_people_do_not_wait_for_each_other(session):
    one, other, _third = session.run.enrolments.all()
    met = []
    first, second = take_both(session, [entry(one)], [entry(other)], meet=met)
    assert (first.saved, second.saved) == ([one.pk], [other.pk])
    assert len(met) == 2


def test_marks_of_a_session_that_is_to_be_counted_wait_and_count_it_once(session):
    set_fields(session, counted_at=None)
    one, other, _third = session.run.enrolments.all()
    met = []
    at = IN_CLASS.replace(hour=18)
    take_both(session, [entry(one)], [entry(other)], meet=met, at=at)
    session.refresh_from_db()
    assert (session.counted_at, met) == (at, [])
    assert AttendanceRecord.objects.count() == 2


def test_signature_among_marks_counts_what_is_noted_and_keeps_the_rest(session):
    """Eight phones note person after person while the trainer signs."""
    people = [*session.run.enrolments.all(), *enrol_many(session.run, 45)]
    trainer = UserFactory(is_superuser=True)
    at = IN_CLASS.replace(hour=18)
    absent = [one.pk for one in people]

    def note(mine):
        return [take_roll(session=session, entries=[entry(one)], by=trainer, at=at) for one in mine]

    signed, *phones = at_once(
        partial(sign_session, session=session, by=trainer, at=at, absent=absent),
        *(partial(note, people[place::8]) for place in range(8)),
    )
    answers = [answer for phone in phones for answer in phone]

    saved = {pk for answer in answers for pk in answer.saved}
    kept = {pk for answer in answers for pk in answer.kept}
    assert saved | kept == {one.pk for one in people}
    assert {*LateMark.objects.values_list("enrolment", flat=True)} == kept
    records = AttendanceRecord.objects.filter(status=AttendanceStatus.PRESENT)
    assert {*records.values_list("enrolment", flat=True)} == saved
    assert (signed.present_count, signed.absent_count) == (len(saved), len(kept))
