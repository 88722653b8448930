"""A tap that was a slip is taken back by the same person, for ten minutes."""

from datetime import timedelta
from uuid import uuid4

import pytest

from attendance.domain.roll.slips import SLIP_WINDOW, slip_seconds
from attendance.domain.roll.undo import undo_own_marks
from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord
from tests.factories.attendance import IN_CLASS, entry, take_roll

PRESENT, LATE, EXCUSED, ABSENT = AttendanceStatus.values
SECOND = timedelta(seconds=1)


def note(session, trainer, *entries, at=IN_CLASS):
    return take_roll(session=session, entries=entries, by=trainer, at=at)


def undo(session, trainer, *client_ids, at=IN_CLASS + SECOND):
    return undo_own_marks(session=session, client_ids=client_ids, by=trainer, at=at)


def test_first_mark_undone_leaves_nothing_and_again_changes_nothing(session, person, trainer):
    tapped = entry(person)
    note(session, trainer, tapped)
    assert undo(session, trainer, tapped.client_id) == [person.pk]
    assert not AttendanceRecord.objects.exists()
    assert undo(session, trainer, tapped.client_id) == []
    methods = list(AttendanceMark.objects.values_list("method", flat=True))
    assert methods == [MarkMethod.ROLL_CALL, MarkMethod.TAKEN_BACK]


def test_what_stood_before_counts_again(session, person, trainer):
    note(session, trainer, entry(person, LATE, minutes_late=15))
    tapped = entry(person, ABSENT, may_be_slip=True)
    note(session, trainer, tapped)
    undo(session, trainer, tapped.client_id)
    record = AttendanceRecord.objects.get()
    assert (record.status, record.minutes) == (LATE, 195)


def test_undo_of_a_tap_after_an_undo_leaves_nothing(session, person, trainer):
    one, two = entry(person), entry(person, ABSENT)
    note(session, trainer, one)
    undo(session, trainer, one.client_id)
    note(session, trainer, two)
    undo(session, trainer, two.client_id)
    assert not AttendanceRecord.objects.exists()


def test_later_mark_old_mark_and_mark_of_another_are_left(session, person, trainer, other_trainer):
    tapped = entry(person)
    note(session, trainer, tapped)
    late = IN_CLASS + SLIP_WINDOW + SECOND
    assert undo(session, trainer, tapped.client_id, at=late) == []
    assert undo(session, other_trainer, tapped.client_id) == []
    note(session, trainer, entry(person, ABSENT, reason="Về sớm"))
    assert undo(session, trainer, tapped.client_id, uuid4()) == []
    assert AttendanceRecord.objects.get().status == ABSENT


@pytest.mark.parametrize(
    ("by_other", "later", "may_be_slip", "is_taken"),
    [
        (False, SLIP_WINDOW, True, True),
        (False, SLIP_WINDOW + SECOND, True, False),
        (True, SECOND, True, False),
        (False, SECOND, False, False),
    ],
)
def test_own_fresh_tap_alone_is_changed_without_a_reason(
    session, person, trainer, other_trainer, by_other, later, may_be_slip, is_taken
):
    note(session, trainer, entry(person))
    by = other_trainer if by_other else trainer
    result = note(session, by, entry(person, ABSENT, may_be_slip=may_be_slip), at=IN_CLASS + later)
    assert (result.saved == [person.pk]) is is_taken
    assert [refusal.code for refusal in result.refused.values()] == (
        [] if is_taken else ["reason_required"]
    )


@pytest.mark.parametrize(
    ("minutes", "seconds"), [(0, 9 * 60), (8, 60), (9, 0), (11, 0)], ids=["new", "8", "9", "11"]
)
def test_page_promises_a_minute_less_than_the_server_takes(
    trainer, other_trainer, minutes, seconds
):
    told = {"noted_by_id": trainer.pk, "noted_at": IN_CLASS}
    at = IN_CLASS + timedelta(minutes=minutes)
    assert slip_seconds(**told, by=trainer, at=at) == seconds
    assert slip_seconds(**told, by=other_trainer, at=at) == 0
    assert slip_seconds(noted_by_id=None, noted_at=None, by=trainer, at=at) == 0
