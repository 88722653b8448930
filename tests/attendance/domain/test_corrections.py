"""A signed register is only corrected, and what that does is known before."""

from datetime import timedelta

import pytest

from attendance.domain.register.corrections import (
    correct_signed,
    correction_effect,
    corrections_of,
    decide_late_mark,
    late_marks_of,
)
from attendance.domain.register.sign_off import sign_session
from attendance.domain.roll.late_marks import late_marks_to_decide
from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, LateMark
from courses.enums import EnrolmentStatus, RunStatus
from courses.signals import completion_withdrawn
from tests.factories.attendance import IN_CLASS, SessionFactory, enrol_many, entry, take_roll
from tests.factories.courses import ask
from tests.factories.rows import set_fields, status_of
from tests.refusing import refused
from tests.shared import shared

ABSENT, LATE = AttendanceStatus.ABSENT, AttendanceStatus.LATE
EVENING = IN_CLASS.replace(hour=18)
LATER = EVENING + timedelta(days=1)


@shared
def session(run):
    ask(run, attendance_hours={"percent": 80})
    return SessionFactory(run=run)


@shared
def person(run, session, trainer):
    """Present, so that the class is completed; then the session is signed."""
    (person,) = enrol_many(run, 1)
    take_roll(session=session, entries=[entry(person)], by=trainer, at=EVENING)
    sign_session(session=session, by=trainer, at=EVENING)
    person.refresh_from_db()
    return person


@pytest.fixture
def withdrawals():
    told = []

    def tell(sender, enrolment, **_):
        told.append(enrolment.pk)

    completion_withdrawn.connect(tell)
    yield told
    completion_withdrawn.disconnect(tell)


def effect(session, by, one):
    return correction_effect(session=session, entry=one, by=by, at=LATER)


def correct(session, by, one):
    return correct_signed(session=session, entry=one, by=by, at=LATER)


def test_effect_is_known_before_and_nothing_is_written_or_told(
    session, person, coordinator, withdrawals
):
    found = effect(session, coordinator, entry(person, ABSENT))

    assert (found.minutes_before, found.minutes_after) == (210, 0)
    assert (found.withdraws, found.completes) == (True, False)
    assert status_of(person) == EnrolmentStatus.COMPLETED
    assert AttendanceMark.objects.count() == 1
    assert person.attendance_records.get().minutes == 210
    assert withdrawals == []


def test_correction_does_what_its_effect_said(session, person, coordinator, withdrawals):
    harmless = effect(session, coordinator, entry(person, LATE, minutes_late=5))
    assert (harmless.withdraws, harmless.minutes_after) == (False, 205)

    assert correct(session, coordinator, entry(person, ABSENT, reason="Điểm danh nhầm"))

    assert status_of(person) == EnrolmentStatus.ACTIVE
    assert withdrawals == [person.pk]
    (mark,) = corrections_of(session.run)
    assert (mark.method, mark.reason) == (MarkMethod.AFTER_SIGN_OFF, "Điểm danh nhầm")
    assert session.sign_off.present_count == 1
    assert effect(session, coordinator, entry(person)).completes


def test_correction_needs_a_reason_what_can_be_and_who_answers_for_the_unit(
    session, person, coordinator, trainer, other_trainer
):
    reasoned = entry(person, ABSENT, reason="Nhầm")
    too_late = entry(person, LATE, minutes_late=999, reason="Nhầm")
    assert refused(correct, session, coordinator, entry(person, ABSENT)) == "reason_required"
    assert refused(correct, session, coordinator, too_late) == "minutes_late_too_many"
    assert refused(correct, session, trainer, reasoned) == "not_corrector"
    assert refused(effect, session, other_trainer, reasoned) == "not_corrector"


def test_correction_that_says_the_same_changes_nothing(session, person, coordinator):
    assert effect(session, coordinator, entry(person)).says_same
    assert not effect(session, coordinator, entry(person, ABSENT)).says_same
    assert not correct(session, coordinator, entry(person, reason="Như cũ"))
    assert not corrections_of(session.run)


def test_session_that_is_not_signed_is_corrected_on_the_roll(run, person, coordinator):
    other = SessionFactory(run=run, starts_at=IN_CLASS + timedelta(hours=6))
    assert refused(correct, other, coordinator, entry(person, reason="x")) == "not_signed"
    assert refused(effect, other, coordinator, entry(person)) == "not_signed"


@shared
def late(session, person, trainer):
    take_roll(session=session, entries=[entry(person, ABSENT)], by=trainer, at=EVENING)
    return LateMark.objects.get()


@pytest.mark.parametrize(("confirm", "status"), [(True, ABSENT), (False, "present")])
def test_late_mark_is_confirmed_or_dismissed_once(
    session, person, late, coordinator, trainer, confirm, status
):
    assert refused(decide_late_mark, late_mark=late, confirm=True, by=trainer, at=LATER) == (
        "not_corrector"
    )
    for _time in range(2):
        decide_late_mark(late_mark=late, confirm=confirm, by=coordinator, at=LATER)

    late.refresh_from_db()
    assert (late.is_confirmed, late.decided_by) == (confirm, coordinator)
    assert person.attendance_records.get().status == status
    assert len(corrections_of(session.run)) == int(confirm)
    assert not late_marks_of(session.run)
    other = {"late_mark": late, "confirm": not confirm, "by": coordinator, "at": LATER}
    assert refused(decide_late_mark, **other) == "already_decided"


def test_late_mark_of_a_cancelled_class_waits_for_nobody(run, late, coordinator):
    assert late_marks_to_decide(by=coordinator).get() == late
    set_fields(run, status=RunStatus.CANCELLED)
    assert not late_marks_to_decide(by=coordinator)
    assert not late_marks_of(run)


def test_effect_where_nothing_was_noted(session, person, coordinator):
    (newcomer,) = enrol_many(session.run, 1)
    found = effect(session, coordinator, entry(newcomer))
    assert (found.minutes_before, found.minutes_after, found.completes) == (None, 210, True)


def test_effect_shows_what_a_correction_leaves_as_it_is_noted(session, trainer, coordinator, run):
    (early,) = enrol_many(run, 1)
    take_roll(
        session=session,
        entries=[entry(early, LATE, minutes_late=20, minutes_left_early=30)],
        by=trainer,
        at=EVENING,
    )
    sign_session(session=session, by=trainer, at=EVENING)

    found = effect(session, coordinator, entry(early))
    assert (found.minutes_before, found.minutes_after) == (160, 180)
    correct(session, coordinator, entry(early, reason="Đến đúng giờ"))
    assert early.attendance_records.get().minutes == 180
