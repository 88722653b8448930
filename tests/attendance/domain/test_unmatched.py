from datetime import timedelta
from uuid import uuid4

import pytest

from attendance.domain.register.sign_off import sign_session
from attendance.domain.sessions.cancelling import cancel_session
from attendance.domain.walk_ins.enrolling import undo_walk_in
from attendance.domain.walk_ins.unmatched import (
    dismiss_unmatched,
    match_unmatched,
    note_unmatched,
    propose_people,
    unmatched_to_decide,
)
from attendance.enums import AttendanceStatus, MarkMethod, WalkInState
from attendance.models import AttendanceMark, AttendanceRecord, LateMark, UnmatchedWalkIn
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import Enrolment
from tests.factories.accounts import PostingFactory
from tests.factories.attendance import IN_CLASS, enrol_many, entry, take_roll
from tests.factories.geography import unit
from tests.factories.rows import set_fields, status_of
from tests.refusing import raises_refusal
from tests.shared import shared

LATER = IN_CLASS + timedelta(days=2)


@shared
def person(edition):
    return PostingFactory(
        unit=unit("13387"), user__full_name="Đỗ Thị Đào", user__phone="+84912345678"
    ).user


@shared
def walk_in(session, trainer):
    return note_unmatched(
        session=session,
        name="  Do Thi  Dao ",
        phone="0912 345 678",
        unit_text="xã Nhật Tân",
        note="Mới nhận việc",
        client_id=uuid4(),
        by=trainer,
        at=IN_CLASS,
    )


def match(walk_in, person, by, at=LATER):
    return match_unmatched(walk_in=walk_in, person=person, by=by, at=at)


def test_line_is_noted_once(walk_in, session, trainer):
    again = note_unmatched(
        session=session, name="Khác", client_id=walk_in.client_id, by=trainer, at=IN_CLASS
    )

    assert again == walk_in
    assert (again.name, again.state) == ("Do Thi Dao", WalkInState.WAITING)


@pytest.mark.parametrize(
    ("name", "days", "code"), [("  ", 0, "name_missing"), ("Đào", -1, "session_not_yet")]
)
def test_line_that_says_nothing_is_refused(session, trainer, name, days, code):
    with raises_refusal(code):
        note_unmatched(
            session=session,
            name=name,
            client_id=uuid4(),
            by=trainer,
            at=IN_CLASS + timedelta(days=days),
        )
    assert not UnmatchedWalkIn.objects.exists()


def test_line_waits_for_whoever_answers_for_the_unit(
    walk_in, coordinator, administrator, trainer, other_trainer
):
    for reader, lines in ((coordinator, 1), (administrator, 1), (trainer, 0), (other_trainer, 0)):
        assert unmatched_to_decide(by=reader).count() == lines


@pytest.mark.parametrize("is_class", [True, False], ids=["class", "session"])
def test_nobody_is_matched_where_nothing_takes_place_any_more(
    walk_in, run, session, coordinator, is_class
):
    if is_class:
        set_fields(run, status=RunStatus.CANCELLED)
    else:
        cancel_session(session=session, reason="Bão", by=coordinator, at=LATER)
    assert not unmatched_to_decide(by=coordinator).exists()


def test_people_are_proposed_by_phone_then_by_name(walk_in, coordinator, person, edition):
    namesake = PostingFactory(unit=unit("13387"), user__full_name="Đỗ Thị Dạo").user
    PostingFactory(unit=unit("13591"), user__full_name="Đỗ Thị Đào")
    PostingFactory(unit=unit("13387"), user__full_name="Lê Thị Lan")

    found = propose_people(walk_in=walk_in, reader=coordinator, at=LATER)
    assert [one.person for one in found] == [person, namesake]


def test_matched_person_is_enrolled_and_noted_as_it_was_then(walk_in, person, coordinator, trainer):
    match(walk_in, person, coordinator)

    [mark] = AttendanceMark.objects.all()
    assert (mark.method, mark.marked_by, mark.marked_at) == (
        MarkMethod.WALK_IN,
        trainer,
        IN_CLASS,
    )
    enrolment = Enrolment.objects.get()
    assert (enrolment.user, enrolment.enrolled_at) == (person, LATER)
    walk_in.refresh_from_db()
    assert (walk_in.state, walk_in.enrolment, walk_in.decided_by) == (
        WalkInState.MATCHED,
        enrolment,
        coordinator,
    )
    assert walk_in.phone == walk_in.unit_text == walk_in.note == ""
    assert not unmatched_to_decide(by=coordinator).exists()


def test_somebody_on_the_roll_is_noted_whatever_stood_there(
    walk_in, run, session, coordinator, trainer
):
    [enrolment] = enrol_many(run, 1)
    absent = entry(enrolment, AttendanceStatus.ABSENT)
    take_roll(session=session, entries=[absent], by=trainer, at=IN_CLASS)

    assert match(walk_in, enrolment.user, coordinator).corrected == [enrolment.pk]
    assert AttendanceRecord.objects.get().status == AttendanceStatus.PRESENT


def test_undo_of_a_matched_mark_leaves_who_was_on_the_roll_before(
    walk_in, run, session, coordinator, trainer
):
    [enrolment] = enrol_many(run, 1)
    match(walk_in, enrolment.user, coordinator)

    undo = {"session": session, "client_id": walk_in.client_id, "by": trainer}
    assert undo_walk_in(**undo, at=IN_CLASS) == enrolment
    assert status_of(enrolment) == EnrolmentStatus.ACTIVE
    assert not AttendanceRecord.objects.exists()
    # Who was meant is known all the same: only that the person came no longer counts.
    walk_in.refresh_from_db()
    assert (walk_in.state, walk_in.enrolment) == (WalkInState.MATCHED, enrolment)
    assert not unmatched_to_decide(by=coordinator)


def test_second_who_decides_is_told(walk_in, person, coordinator, administrator):
    other = PostingFactory(unit=unit("13387")).user
    match(walk_in, person, coordinator)

    assert match(walk_in, person, administrator).unchanged == [Enrolment.objects.get().pk]
    with raises_refusal("already_decided") as caught:
        match(walk_in, other, administrator)
    assert coordinator.full_name in caught.value.message
    with raises_refusal("already_decided"):
        dismiss_unmatched(walk_in=walk_in, reason="Nhầm", by=administrator, at=LATER)
    assert AttendanceMark.objects.count() == 1


def test_trainer_decides_nothing(walk_in, person, trainer):
    with raises_refusal("not_decider"):
        match(walk_in, person, trainer)
    with raises_refusal("not_decider"):
        dismiss_unmatched(walk_in=walk_in, reason="Nhầm", by=trainer, at=LATER)


def test_line_of_a_signed_session_comes_as_a_late_mark(
    walk_in, person, run, session, coordinator, trainer
):
    [other] = enrol_many(run, 1)
    take_roll(session=session, entries=[entry(other)], by=trainer, at=IN_CLASS)
    sign_session(session=session, by=trainer, at=session.ends_at)

    result = match(walk_in, person, coordinator)
    late = LateMark.objects.get()
    assert (result.kept, late.noted_by) == ([late.enrolment_id], trainer)
    assert not AttendanceRecord.objects.filter(enrolment=late.enrolment).exists()


def test_stranger_and_unseen_guest_are_refused_and_the_line_waits(walk_in, run, coordinator):
    stranger = PostingFactory(unit=unit("13591")).user
    [guest] = enrol_many(run, 1, commune="13591")

    for user in (stranger, guest.user):
        with raises_refusal("not_candidate"):
            match(walk_in, user, coordinator)
    assert unmatched_to_decide(by=coordinator).exists()
    assert Enrolment.objects.get() == guest


def test_mark_that_is_refused_leaves_the_line_waiting(
    walk_in, run, session, person, coordinator, trainer
):
    [other] = enrol_many(run, 1)
    noted = entry(other, client_id=walk_in.client_id)
    take_roll(session=session, entries=[noted], by=trainer, at=IN_CLASS)

    with raises_refusal("client_id_taken"):
        match(walk_in, person, coordinator)
    assert unmatched_to_decide(by=coordinator).exists()


def test_line_is_dismissed_with_a_reason(walk_in, coordinator):
    with raises_refusal("reason_required"):
        dismiss_unmatched(walk_in=walk_in, reason=" ", by=coordinator, at=LATER)
    for _press in range(2):
        dismiss_unmatched(walk_in=walk_in, reason="Là tài xế", by=coordinator, at=LATER)
    with raises_refusal("already_decided"):
        dismiss_unmatched(walk_in=walk_in, reason="Lý do khác", by=coordinator, at=LATER)

    walk_in.refresh_from_db()
    assert (walk_in.state, walk_in.reason) == (WalkInState.DISMISSED, "Là tài xế")


def test_slip_is_taken_back_by_whoever_noted_it(walk_in, trainer):
    dismiss_unmatched(walk_in=walk_in, reason="", by=trainer, at=IN_CLASS + timedelta(minutes=9))

    walk_in.refresh_from_db()
    assert walk_in.state == WalkInState.DISMISSED
