"""Make-ups: agreed within the rules, noted among guests, credited once to the missed session."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from attendance.domain.hours.counting import count_ended_sessions
from attendance.domain.hours.make_up_credit import counted_by, credited_minutes
from attendance.domain.hours.reach import shortfalls_of
from attendance.domain.hours.rebuilding import find_differences
from attendance.domain.make_ups.booking import agree_make_up, missing_minutes, take_back_make_up
from attendance.domain.make_ups.offers import missed_sessions
from attendance.domain.make_ups.words import describe_make_up
from attendance.domain.register.corrections import correct_signed, correction_effect
from attendance.domain.register.sign_off import people_without_mark, sign_session
from attendance.domain.sessions.cancelling import cancel_session
from attendance.domain.sessions.scheduling import remove_session
from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord, MakeUp, Session
from courses.domain.progress import progress_of
from courses.domain.runs import cancel_run
from courses.enums import EnrolmentStatus
from courses.models import Enrolment, ModulePage
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.courses import EnrolmentFactory, ask
from tests.factories.rows import set_fields, status_of
from tests.refusing import refused
from tests.shared import shared

PRESENT, LATE, EXCUSED, ABSENT = AttendanceStatus
AFTER = IN_CLASS + timedelta(days=1)
RULES = {"percent": 100, "make_up_days": 30}


@given(
    length=st.integers(0, 1000),
    part=st.floats(0, 1),
    is_waived=st.booleans(),
    made_up=st.integers(0, 2000),
)
def test_credit_never_makes_more_than_the_session(length, part, is_waived, made_up):
    attended = 0 if is_waived else int(length * part)
    waived = length if is_waived else 0
    credit = credited_minutes(length=length, attended=attended, waived=waived, made_up=made_up)
    assert 0 <= credit <= made_up
    assert attended + waived + credit <= length
    assert is_waived or made_up < length - attended or attended + credit == length


@shared
def module(run):
    return ModulePage.objects.get()


@shared
def person(missed, run, trainer):
    there, gone = enrol_many(run, 2)
    entries = [entry(there), entry(gone, ABSENT)]
    take_roll(session=missed, entries=entries, by=trainer, at=missed.ends_at)
    gone.refresh_from_db()
    return gone


@shared
def elsewhere(missed, module, other_trainer):
    """The same module in Lý Nhân, three days later: 210 minutes."""
    run = make_class("353", course=missed.run.course, code="LN-1")
    run.trainers.add(other_trainer)
    ask(run, attendance_hours=RULES)
    starts_at = missed.starts_at + timedelta(days=3)
    return SessionFactory(run=run, module=module, starts_at=starts_at, counted_at=None)


def agreed(person, missed, elsewhere, *, by=None, at=AFTER):
    return agree_make_up(
        enrolment=person, missed=missed, session=elsewhere, by=by or person.user, at=at
    )


def attend(person, elsewhere, by, *, status=PRESENT, at=None, **fields):
    entries = [entry(person, status, **fields)]
    at = at or elsewhere.starts_at
    return take_roll(session=elsewhere, entries=entries, by=by, at=at)


def hours(person):
    (result,) = progress_of(enrolment_ids=[person.pk])[person.pk]
    return result.achieved, result.required


def test_make_up_completes_when_its_session_has_ended(
    person, missed, elsewhere, trainer, other_trainer
):
    (local,) = enrol_many(elsewhere.run, 1)
    first = agreed(person, missed, elsewhere, by=trainer)
    assert agreed(person, missed, elsewhere) == first
    attend(person, elsewhere, other_trainer)
    attend(local, elsewhere, other_trainer)
    assert hours(person) == (0, 210)
    assert status_of(person) == EnrolmentStatus.ACTIVE

    assert count_ended_sessions(at=elsewhere.ends_at) == 1
    assert status_of(person) == EnrolmentStatus.COMPLETED
    assert person.completed_at == elsewhere.ends_at
    assert hours(person) == (210, 210)
    mark = AttendanceMark.objects.get(session=elsewhere, enrolment=person)
    assert mark.method == MarkMethod.MAKE_UP
    assert not list(find_differences())
    assert refused(take_back_make_up, make_up=first, reason="x", by=trainer, at=AFTER) == "made_up"


def test_roll_taken_before_the_tick_counts_for_guests_and_stands_when_it_is_cancelled_later(
    person, missed, elsewhere, other_trainer
):
    agreed(person, missed, elsewhere)
    attend(person, elsewhere, other_trainer, at=elsewhere.ends_at)
    assert status_of(person) == EnrolmentStatus.COMPLETED

    later = elsewhere.ends_at + timedelta(hours=1)
    cancel_session(session=elsewhere, reason="Nhầm", by=other_trainer, at=later)
    assert status_of(person) == EnrolmentStatus.COMPLETED


def test_guest_is_settled_by_the_rules_of_the_own_class(
    run, person, missed, elsewhere, other_trainer
):
    run.requirements.update(params={**RULES, "grace_minutes": 10})
    agreed(person, missed, elsewhere)
    attend(person, elsewhere, other_trainer, status=LATE, minutes_late=10, at=elsewhere.ends_at)
    assert hours(person) == (210, 210)
    assert not list(find_differences())


def test_only_what_was_missed_is_credited(person, missed, elsewhere, trainer, other_trainer):
    corrected = [entry(person, LATE, minutes_late=60, reason="Đến muộn")]
    take_roll(session=missed, entries=corrected, by=trainer, at=missed.ends_at)
    agreed(person, missed, elsewhere)
    attend(person, elsewhere, other_trainer, at=elsewhere.ends_at)
    assert hours(person) == (210, 210)


def test_correction_of_either_session_is_counted_anew(
    person, missed, elsewhere, trainer, other_trainer
):
    (local,) = enrol_many(elsewhere.run, 1)
    agreed(person, missed, elsewhere)
    attend(person, elsewhere, other_trainer, at=elsewhere.ends_at)
    attend(local, elsewhere, other_trainer)
    sign_session(session=elsewhere, by=other_trainer, at=elsewhere.ends_at)
    wrong = entry(person, LATE, minutes_late=200, reason="Chỉ có mặt mười phút")
    call = {"session": elsewhere, "entry": wrong, "by": other_trainer, "at": elsewhere.ends_at}
    effect = correction_effect(**call)
    assert (effect.minutes_before, effect.minutes_after, effect.withdraws) == (210, 10, True)
    correct_signed(**call)
    assert hours(person) == (10, 210)
    assert status_of(person) == EnrolmentStatus.ACTIVE


def test_signed_figures_of_the_missed_session_stay(
    person, missed, elsewhere, trainer, other_trainer
):
    signed = sign_session(session=missed, by=trainer, at=AFTER)
    agreed(person, missed, elsewhere)
    attend(person, elsewhere, other_trainer, at=elsewhere.ends_at)
    signed.refresh_from_db()
    assert (signed.minutes, signed.absent_count) == (210, 1)
    assert hours(person) == (210, 210)


def test_guest_without_a_mark_keeps_the_register_open(person, missed, elsewhere, other_trainer):
    (local,) = enrol_many(elsewhere.run, 1)
    agreed(person, missed, elsewhere)
    attend(local, elsewhere, other_trainer)
    assert list(people_without_mark(elsewhere)) == [person]
    call = {"session": elsewhere, "by": other_trainer, "at": elsewhere.ends_at}
    assert refused(sign_session, **call) == "people_without_mark"
    signed = sign_session(**call, absent=[person.pk])
    assert (signed.present_count, signed.absent_count) == (1, 0)


def test_make_up_that_was_missed_or_cancelled_is_replaced(
    person, missed, elsewhere, module, trainer, other_trainer
):
    later = SessionFactory(
        run=elsewhere.run,
        module=module,
        starts_at=elsewhere.starts_at + timedelta(days=1),
        counted_at=None,
    )
    first = agreed(person, missed, elsewhere)
    assert refused(agreed, person, missed, later) == "already_agreed"
    attend(person, elsewhere, other_trainer, status=ABSENT)
    second = agreed(person, missed, later, at=elsewhere.ends_at)
    first.refresh_from_db()
    assert first.taken_back_by == person.user

    assert hours(person) == (0, 210)
    cancel_session(session=later, reason="Mưa bão", by=other_trainer, at=later.starts_at)
    third = SessionFactory(
        run=elsewhere.run,
        module=module,
        starts_at=later.starts_at + timedelta(days=1),
        counted_at=None,
    )
    agreed(person, missed, third, at=later.ends_at)
    assert list(MakeUp.objects.agreed()) == [MakeUp.objects.get(session=third)]
    assert second.session == later


def test_take_back(person, missed, elsewhere, trainer, other_trainer):
    make_up = agreed(person, missed, elsewhere)
    call = {"make_up": make_up, "at": AFTER}
    assert refused(take_back_make_up, reason="x", by=other_trainer, **call) == "not_agreer"
    assert refused(take_back_make_up, reason=" ", by=trainer, **call) == "reason_required"
    for _time in range(2):
        take_back_make_up(reason="Bận việc", by=trainer, **call)
    assert not MakeUp.objects.agreed()
    assert attend(person, elsewhere, other_trainer).refused[person.pk].code == "not_enrolled"
    assert agreed(person, missed, elsewhere) != make_up


def test_excused_guest_whose_make_up_is_taken_back_is_off_the_roll(
    person, missed, elsewhere, trainer, other_trainer
):
    make_up = agreed(person, missed, elsewhere)
    attend(person, elsewhere, other_trainer, status=EXCUSED)

    take_back_make_up(make_up=make_up, reason="Bận việc", by=trainer, at=AFTER)

    assert not AttendanceRecord.objects.filter(session=elsewhere).exists()
    assert hours(person) == (0, 210)
    agreed(person, missed, elsewhere)
    attend(person, elsewhere, other_trainer)
    assert not list(find_differences())
    marks = AttendanceMark.objects.filter(session=elsewhere).values_list("method", flat=True)
    assert list(marks) == [MarkMethod.MAKE_UP, MarkMethod.TAKEN_BACK, MarkMethod.MAKE_UP]


def test_what_may_not_be_agreed(run, person, missed, elsewhere, module, other_trainer):
    assert refused(agreed, person, missed, elsewhere, by=other_trainer) == "not_agreer"
    there = Enrolment.objects.filter(run=run).exclude(pk=person.pk).get()
    assert refused(agreed, there, missed, elsewhere) == "nothing_missed"
    before = SessionFactory(
        run=elsewhere.run, module=module, starts_at=missed.starts_at - timedelta(days=1)
    )
    assert refused(agreed, person, missed, before) == "outside_window"
    late = SessionFactory(
        run=elsewhere.run, module=module, starts_at=missed.starts_at + timedelta(days=31)
    )
    assert refused(agreed, person, missed, late) == "outside_window"
    other = SessionFactory(run=elsewhere.run, starts_at=missed.starts_at + timedelta(days=5))
    assert refused(agreed, person, missed, other) == "other_module"
    own = SessionFactory(run=run, module=module, starts_at=missed.starts_at + timedelta(days=1))
    assert refused(agreed, person, missed, own) == "own_session"
    assert refused(agreed, person, elsewhere, late) == "session_cancelled"
    run.requirements.update(params={"percent": 100})
    assert refused(agreed, person, missed, elsewhere) == "make_up_not_allowed"
    set_fields(person, status=EnrolmentStatus.WITHDRAWN)
    assert refused(agreed, person, missed, elsewhere) == "withdrawn"


def test_same_hours_discharge_nothing_twice(run, person, missed, elsewhere, module, trainer):
    second = SessionFactory(run=run, module=module, starts_at=missed.starts_at + timedelta(hours=6))
    agreed(person, missed, elsewhere)
    assert missing_minutes(enrolment=person, missed=second, at=second.starts_at) == 0
    assert refused(agreed, person, second, elsewhere, at=second.ends_at) == "own_session"


def test_who_is_enrolled_there_is_no_guest(person, missed, elsewhere):
    EnrolmentFactory(run=elsewhere.run, user=person.user, unit=person.unit)
    assert refused(agreed, person, missed, elsewhere) == "own_session"


def test_session_that_was_cancelled_or_signed_takes_no_guests(
    person, missed, elsewhere, other_trainer
):
    enrol_many(elsewhere.run, 1)
    ids = list(people_without_mark(elsewhere).values_list("pk", flat=True))
    sign_session(session=elsewhere, by=other_trainer, at=elsewhere.ends_at, absent=ids)
    assert refused(agreed, person, missed, elsewhere) == "session_signed"
    cancel_run(run=elsewhere.run, at=AFTER, reason="Mưa bão")
    assert refused(agreed, person, missed, elsewhere) == "make_up_cancelled"


def test_excused_ahead_may_agree_ahead(run, session, module, trainer, elsewhere):
    ahead = SessionFactory(
        run=run, module=module, starts_at=session.starts_at + timedelta(days=1), counted_at=None
    )
    (person,) = enrol_many(run, 1)
    at = session.starts_at
    assert missing_minutes(enrolment=person, missed=ahead, at=at) == 0
    take_roll(
        session=ahead,
        entries=[entry(person, EXCUSED)],
        by=trainer,
        at=at,
        method=MarkMethod.EXCUSE_DECIDED,
    )
    assert missing_minutes(enrolment=person, missed=ahead, at=at) == 210
    assert missing_minutes(enrolment=person, missed=session, at=session.ends_at) == 210
    agreed(person, ahead, elsewhere, at=at)


def test_who_makes_up_can_still_reach_the_hours(run, person, missed, elsewhere, other_trainer):
    def short():
        return shortfalls_of(enrolments=Enrolment.objects.all(), run=run)

    assert set(short()) == {person.pk}
    agreed(person, missed, elsewhere)
    assert short() == {}
    attend(person, elsewhere, other_trainer, status=LATE, minutes_late=30)
    assert short()[person.pk].missing == 30


def test_session_with_a_make_up_is_not_removed(run, person, missed, elsewhere, other_trainer):
    agreed(person, missed, elsewhere)
    assert (
        refused(remove_session, session=elsewhere, by=other_trainer, at=AFTER) == "session_made_up"
    )
    assert Session.objects.filter(pk=elsewhere.pk).exists()


def test_words_say_what_came_of_it(person, missed, elsewhere, other_trainer):
    def said():
        (line,) = missed_sessions(enrolments=[person], at=AFTER)[person.pk]
        return describe_make_up(line.credit, now=AFTER)

    agreed(person, missed, elsewhere)
    planned = said()
    attend(person, elsewhere, other_trainer, at=elsewhere.ends_at)
    credited = said()
    cancel_session(session=elsewhere, reason="Nhầm", by=other_trainer, at=elsewhere.ends_at)
    assert len({planned, credited, said()}) == 3
    assert all(text.startswith(planned) for text in (credited, said()))


def test_nobody_who_missed_nothing_is_offered_anything(run, person, missed, elsewhere):
    there = Enrolment.objects.filter(run=run).exclude(pk=person.pk).get()
    assert missed_sessions(enrolments=[there], at=AFTER) == {}
    assert not counted_by(missed, None)
    assert not counted_by(elsewhere, AFTER)
    assert counted_by(missed, missed.counted_at)
