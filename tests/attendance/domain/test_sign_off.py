"""A register that one can sign: sessions, the class, and who confirms it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from attendance.domain.register.corrections import decide_late_mark, named_alone_in
from attendance.domain.register.sign_off import (
    confirm_run,
    people_without_mark,
    sign_run,
    sign_session,
)
from attendance.domain.roll.late_marks import keep_late_marks, late_marks_to_decide
from attendance.domain.roll.undo import MarkToUndo, take_back_marks
from attendance.domain.sessions.scheduling import SessionPlan, change_session, create_session
from attendance.domain.walk_ins.unmatched import dismiss_unmatched, note_unmatched
from attendance.enums import AttendanceStatus, MarkMethod, WalkInState
from attendance.models import AttendanceMark, LateMark, RunSignOff, SessionSignOff
from courses.domain.runs import cancel_run, requirements_in_force, set_requirements
from courses.enums import RunStatus
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    enrol_many,
    entry,
    take_roll,
)
from tests.factories.rows import set_fields, status_of
from tests.refusing import raises_refusal, refused
from tests.shared import shared

pytestmark = pytest.mark.django_db

PRESENT, LATE, ABSENT = AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.ABSENT
EVENING = IN_CLASS.replace(hour=18)


def note(session, by, *entries, at=IN_CLASS):
    return take_roll(session=session, entries=entries, by=by, at=at)


def test_what_was_signed_is_frozen_in_figures(session, trainer, people):
    one, two, three = people
    note(session, trainer, entry(one), entry(two, LATE, minutes_late=10))

    signed = sign_session(session=session, by=trainer, at=EVENING, absent=[three.pk])

    assert (signed.present_count, signed.late_count, signed.absent_count) == (1, 1, 1)
    assert signed.excused_count == 0
    assert signed.minutes == 210 + 200
    assert (signed.signed_by, signed.signed_at) == (trainer, EVENING)
    assert AttendanceMark.objects.get(enrolment=three).method == MarkMethod.SIGNED_OFF


def test_nothing_is_signed_over_a_row_that_nobody_confirmed(session, trainer, people):
    one, two, three = people
    note(session, trainer, entry(one))

    with raises_refusal("people_without_mark") as caught:
        sign_session(session=session, by=trainer, at=EVENING, absent=[two.pk])

    assert three.user.full_name in caught.value.message
    assert list(people_without_mark(session)) == [two, three]
    assert not SessionSignOff.objects.exists()


def test_people_of_other_areas_are_counted_without_names_and_confirmed_by_nobody(
    session, coordinator, people
):
    (stranger,) = enrol_many(session.run, 1, commune="13591")
    absent = [one.pk for one in people]
    call = {"session": session, "by": coordinator, "at": EVENING}

    with raises_refusal("people_without_mark") as caught:
        sign_session(**call, absent=absent)
    assert stranger.user.full_name not in caught.value.message
    assert refused(sign_session, **call, absent=[*absent, stranger.pk]) == "not_enrolled"
    assert not AttendanceMark.objects.exists()


def test_session_is_not_signed_before_its_end(session, trainer, people):
    note(session, trainer, *map(entry, people))

    early = session.ends_at - timedelta(seconds=1)
    assert refused(sign_session, session=session, by=trainer, at=early) == "session_not_over"
    assert sign_session(session=session, by=trainer, at=session.ends_at)


def test_session_without_anybody_is_not_signed(session, trainer):
    assert refused(sign_session, session=session, by=trainer, at=EVENING) == "nobody_enrolled"


def test_cancelled_class_and_cancelled_session_are_not_signed(session, trainer, people):
    note(session, trainer, *map(entry, people))
    off = SessionFactory(
        run=session.run,
        starts_at=session.starts_at + timedelta(hours=5),
        cancelled_at=IN_CLASS,
        cancel_reason="Mưa bão",
    )
    assert refused(sign_session, session=off, by=trainer, at=EVENING + timedelta(1)) == (
        "session_cancelled"
    )
    sign_session(session=session, by=trainer, at=EVENING)
    assert sign_run(run=session.run, by=trainer, at=EVENING).session_count == 1
    RunSignOff.objects.all().delete()
    cancel_run(run=session.run, at=EVENING, reason="Mưa bão")
    assert refused(sign_run, run=session.run, by=trainer, at=EVENING) == "run_cancelled"


def test_signing_twice_keeps_the_first_signature(session, trainer, other_trainer, people):
    note(session, trainer, *map(entry, people))

    first = sign_session(session=session, by=trainer, at=EVENING)
    again = sign_session(session=session, by=other_trainer, at=EVENING + timedelta(hours=1))
    of_run = sign_run(run=session.run, by=trainer, at=EVENING)

    assert again == first
    assert again.signed_by == trainer
    assert sign_run(run=session.run, by=other_trainer, at=EVENING) == of_run


def test_class_is_signed_once_all_its_sessions_are(run, session, trainer, people):
    assert refused(sign_run, run=run, by=trainer, at=EVENING) == "sessions_unsigned"
    note(session, trainer, *map(entry, people))
    sign_session(session=session, by=trainer, at=EVENING)

    signed = sign_run(run=run, by=trainer, at=EVENING)

    assert (signed.session_count, signed.trainee_count, signed.minutes) == (1, 3, 630)
    assert signed.confirmed_at is None


def test_class_without_sessions_has_nothing_to_sign(run, trainer):
    assert refused(sign_run, run=run, by=trainer, at=EVENING) == "no_sessions"


@shared
def signed(session, trainer, people):
    note(session, trainer, *map(entry, people))
    sign_session(session=session, by=trainer, at=EVENING)
    return session


def test_coordinator_of_the_unit_confirms_and_nobody_else(
    signed, run, trainer, coordinator, other_trainer
):
    assert refused(confirm_run, run=run, by=coordinator, at=EVENING) == "run_unsigned"
    sign_run(run=run, by=trainer, at=EVENING)

    assert refused(confirm_run, run=run, by=trainer, at=EVENING) == "not_confirmable"
    assert refused(confirm_run, run=run, by=other_trainer, at=EVENING) == "not_confirmable"
    confirmed = confirm_run(run=run, by=coordinator, at=EVENING)
    assert (confirmed.confirmed_by, confirmed.confirmed_at) == (coordinator, EVENING)
    assert confirm_run(run=run, by=coordinator, at=EVENING + timedelta(1)).confirmed_at == EVENING


def test_class_is_confirmed_once_everybody_who_came_is_known(
    signed, run, trainer, coordinator, other_trainer
):
    sign_run(run=run, by=trainer, at=EVENING)
    named = {"session": signed, "by": trainer, "at": EVENING}
    line = note_unmatched(name="Đỗ Thị Đào", client_id=uuid4(), **named)
    (known, far) = enrol_many(run, 1)[0], enrol_many(run, 1, commune="13591")[0]
    note(signed, trainer, entry(known), entry(far), at=EVENING)
    confirm = {"call": confirm_run, "run": run, "by": coordinator, "at": EVENING}
    assert refused(**confirm) == "people_unmatched"

    dismiss_unmatched(walk_in=line, reason="Là tài xế", by=coordinator, at=EVENING)
    assert [one.state for one in named_alone_in(run)] == [WalkInState.DISMISSED]
    assert refused(**confirm) == "late_marks_undecided"

    # Of people whom the coordinator does not see others decide: that holds nobody up.
    late = late_marks_to_decide(by=coordinator).get()
    assert late.enrolment == known
    decide_late_mark(late_mark=late, confirm=True, by=coordinator, at=EVENING)
    assert confirm_run(run=run, by=coordinator, at=EVENING).confirmed_by == coordinator


@pytest.mark.parametrize("part", ["teaches", "signed"])
def test_nobody_confirms_the_own_class(signed, run, trainer, coordinator, part):
    if part == "teaches":
        run.trainers.add(coordinator)
    sign_run(run=run, by=trainer if part == "teaches" else coordinator, at=EVENING)

    assert refused(confirm_run, run=run, by=coordinator, at=EVENING) == "own_class"


def test_trainer_who_replaced_another_signs_the_class(signed, run, trainer, other_trainer):
    run.trainers.set([other_trainer])

    assert sign_run(run=run, by=other_trainer, at=EVENING).signed_by == other_trainer


def test_mark_that_comes_after_the_signature_is_kept_and_not_applied(signed, trainer, people):
    late = entry(people[0], ABSENT, reason="Về sớm")

    first = note(signed, trainer, late, entry(people[1], PRESENT), at=EVENING)
    again = note(signed, trainer, late, at=EVENING + timedelta(hours=1))

    assert (first.kept, first.saved, first.corrected) == ([people[0].pk], [], [])
    assert first.unchanged == [people[1].pk]
    assert (again.kept, again.unchanged) == ([], [people[0].pk])
    kept = LateMark.objects.get()
    assert (kept.status, kept.reason, kept.noted_by) == (ABSENT, "Về sớm", trainer)
    assert people[0].attendance_records.get().status == PRESENT


def test_nothing_is_kept_of_nothing():
    keep_late_marks([])
    assert not LateMark.objects.exists()


def test_signed_session_stays_as_it_is(signed, run, trainer):
    plan = SessionPlan(signed.title, signed.starts_at, signed.ends_at - timedelta(hours=1))
    assert (
        refused(change_session, session=signed, plan=plan, by=trainer, at=EVENING)
        == "session_signed"
    )
    sign_run(run=run, by=trainer, at=EVENING)
    later = SessionPlan("Thêm", signed.ends_at, signed.ends_at + timedelta(hours=1))
    assert refused(create_session, run=run, plan=later, by=trainer, at=EVENING) == "run_signed"


def test_undo_leaves_the_marks_of_a_signed_session(signed, trainer, people):
    mark = AttendanceMark.objects.filter(enrolment=people[0]).get()

    left = take_back_marks(noted=[MarkToUndo(mark.pk, None)], why="Nhầm", by=trainer, at=EVENING)

    assert list(left) == [mark.pk]
    assert people[0].attendance_records.get().status == PRESENT


def test_whoever_has_withdrawn_is_neither_asked_for_nor_counted(session, trainer, people):
    note(session, trainer, *map(entry, people))
    set_fields(people[0], status="withdrawn")

    assert sign_session(session=session, by=trainer, at=EVENING).present_count == 2


def test_class_that_was_signed_holds_still(run, person, session, trainer, coordinator):
    sign_session(session=session, by=trainer, at=EVENING, absent=[person.pk])
    figures = RunSignOff.objects.filter(pk=sign_run(run=run, by=trainer, at=EVENING).pk).values()
    before = figures.get()
    cancel = {"call": cancel_run, "run": run, "reason": "Mưa bão", "at": EVENING}
    assert refused(**cancel) == "run_signed"
    assert status_of(run) == RunStatus.OPEN

    change = {"run": run, "requirements": {"attendance_hours": {"percent": 50}}, "at": EVENING}
    set_requirements(**change)
    assert figures.get() == before
    confirm_run(run=run, by=coordinator, at=EVENING)
    change["requirements"] = {"attendance_hours": {"percent": 90}}
    assert refused(set_requirements, **change) == "run_confirmed"
    assert requirements_in_force(run=run)[0].params == {"percent": 50}
    change["requirements"] = {"attendance_hours": {"percent": 50}}
    assert set_requirements(**change) == []
