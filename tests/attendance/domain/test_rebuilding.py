from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from attendance.domain.hours.deriving import derive_record
from attendance.domain.hours.rebuilding import BATCH, Difference, find_differences, rebuild_records
from attendance.domain.hours.rules import AttendanceRules
from attendance.domain.roll.recording import RollEntry
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceMark, AttendanceRecord
from courses.enums import EnrolmentStatus
from lms.core.derived_rows import Fault
from tests.chance import fewer_examples
from tests.factories.attendance import IN_CLASS, SessionFactory, entry, take_roll
from tests.factories.courses import ask
from tests.reading import numbers
from tests.shared import shared

pytestmark = pytest.mark.sqlite("time: days and moments in sub-queries")

# One act at the desk: which of three people, what was chosen, how late, and whether a reason stands.
acts = st.tuples(
    st.integers(0, 2),
    st.sampled_from(AttendanceStatus),
    st.integers(0, 250),
    st.sampled_from(["", "Ghi nhầm"]),
)


def stored():
    rows = AttendanceRecord.objects.order_by("pk")
    return list(rows.values_list("pk", "session", "enrolment", "mark", "status", "minutes"))


@shared
def noted(session, people, trainer):
    """Two of three people noted, the second corrected to absent."""
    first = [entry(people[0]), entry(people[1])]
    take_roll(session=session, entries=first, by=trainer, at=IN_CLASS)
    correction = entry(people[1], AttendanceStatus.ABSENT, reason="Ghi nhầm")
    take_roll(session=session, entries=[correction], by=trainer, at=IN_CLASS)
    return session


@fewer_examples(20)
@given(sequence=st.lists(acts, max_size=8))
def test_any_sequence_of_marks_settles_like_its_last_one(session, people, trainer, sequence):
    AttendanceRecord.objects.all().delete()
    AttendanceMark.objects.all().delete()
    for place, status, minutes_late, reason in sequence:
        act = RollEntry(people[place].pk, status, uuid4(), minutes_late, reason)
        take_roll(session=session, entries=[act], by=trainer, at=IN_CLASS)
    for person in people:
        last = AttendanceMark.objects.filter(enrolment=person).last()
        record = AttendanceRecord.objects.filter(enrolment=person).first()
        assert (record is None) == (last is None)
        if last:
            expected = derive_record(
                mark=last, session_minutes=session.minutes, rules=AttendanceRules()
            )
            assert (record.mark, record.status, record.minutes) == (
                last,
                expected.status,
                expected.minutes,
            )
    before = stored()
    assert rebuild_records(at=IN_CLASS) == []
    assert stored() == before


def test_sound_data_has_no_difference_and_is_left_without_a_write(noted, django_assert_num_queries):
    out = StringIO()
    call_command("rebuild_attendance", "--check", stdout=out)
    assert (out.getvalue() != "", numbers(out.getvalue())) == (True, [])
    assert list(find_differences()) == []
    # Savepoint and release, the batch, the lock, marks, rules, records, the end of the batches.
    with django_assert_num_queries(9):
        rebuild_records(at=IN_CLASS)


def break_all_three(session, people):
    """One record wrong, one missing, one that no mark asks for; what the differences are."""
    mark = AttendanceMark.objects.filter(enrolment=people[0]).get()
    AttendanceRecord.objects.filter(enrolment=people[0]).update(minutes=5)
    AttendanceRecord.objects.filter(enrolment=people[1]).delete()
    AttendanceRecord.objects.create(
        session=session, enrolment=people[2], mark=mark, status="present", minutes=210
    )
    faults = (Fault.WRONG, Fault.MISSING, Fault.SURPLUS)
    return [
        Difference(session.pk, person.pk, fault)
        for person, fault in zip(people, faults, strict=True)
    ]


def test_rebuild_puts_right_what_is_wrong_missing_and_surplus(noted, people):
    expected = break_all_three(noted, people)
    assert rebuild_records(at=IN_CLASS) == expected
    facts = AttendanceRecord.objects.order_by("enrolment").values_list(
        "enrolment", "status", "minutes"
    )
    assert list(facts) == [(people[0].pk, "present", 210), (people[1].pk, "absent", 0)]
    assert list(find_differences()) == []


def test_rebuild_decides_completion_anew(noted, people):
    ask(noted.run, attendance_hours={"percent": 100})
    AttendanceRecord.objects.filter(enrolment=people[0]).delete()
    rebuild_records(at=IN_CLASS)
    people[0].refresh_from_db()
    assert people[0].status == EnrolmentStatus.COMPLETED


def test_every_batch_of_sessions_is_looked_at(run, people, trainer):
    start = IN_CLASS - timedelta(minutes=1)
    for number in range(BATCH + 1):
        last = SessionFactory(run=run, starts_at=start + timedelta(minutes=number))
    take_roll(session=last, entries=[entry(people[0])], by=trainer, at=IN_CLASS)
    AttendanceRecord.objects.all().delete()
    assert list(find_differences()) == [Difference(last.pk, people[0].pk, Fault.MISSING)]


def test_command_checks_without_a_change_then_puts_right_and_says_what(noted, people):
    break_all_three(noted, people)
    before, out = stored(), StringIO()
    with pytest.raises(CommandError, match=r"^3 "):
        call_command("rebuild_attendance", "--check", stdout=StringIO())
    assert stored() == before

    call_command("rebuild_attendance", stdout=out)
    *rows, told = out.getvalue().splitlines()
    assert rows == [
        f"session {noted.pk}, enrolment {people[0].pk}: wrong",
        f"session {noted.pk}, enrolment {people[1].pk}: missing",
        f"session {noted.pk}, enrolment {people[2].pk}: surplus",
    ]
    assert numbers(told) == [3]
