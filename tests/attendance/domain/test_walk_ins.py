from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendance.domain.register.sign_off import sign_session
from attendance.domain.roll.undo import undo_own_marks
from attendance.domain.walk_ins.enrolling import (
    MOST_FOUND,
    find_people,
    note_walk_in,
    own_walk_ins,
    undo_walk_in,
)
from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord, LateMark, MakeUp
from courses.domain.enrolling import withdraw
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import Enrolment
from tests.factories.accounts import PostingFactory
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.courses import make_course
from tests.factories.geography import unit
from tests.factories.rows import set_fields, status_of
from tests.refusing import raises_refusal
from tests.shared import shared

# Communes of the small map: two of Kim Bảng, where the trainer teaches, and one of Lý Nhân.
HERE, ELSEWHERE = "13387", "13591"


@shared
def person(edition):
    """Somebody of Kim Bảng who is in no class."""
    return PostingFactory(
        unit=unit(HERE), user__full_name="Đỗ Thị Đào", user__phone="+84912345678"
    ).user


@pytest.fixture
def come(session, trainer):
    def note(person, *, client_id=None, by=trainer, at=IN_CLASS):
        return note_walk_in(
            session=session, person=person, client_id=client_id or uuid4(), by=by, at=at
        )

    return note


@pytest.fixture
def look(session, trainer):
    def find(text, reader=trainer):
        return find_people(session=session, reader=reader, text=text, at=IN_CLASS)

    return find


def enrol_posted(run, count):
    """People of Kim Bảng in the class who hold their post there today."""
    people = enrol_many(run, count)
    for one in people:
        PostingFactory(unit=one.unit, user=one.user)
    return people


@pytest.mark.parametrize("text", ["dao do", "ĐÀO", "0912 345 678", "hn", "dao kim"])
def test_person_is_found_by_name_phone_code_or_place(look, person, text):
    set_fields(person, staff_code="HN90001")
    place = person.postings.get().unit
    text = text.replace("kim", place.search_text.split()[-1])

    assert [one.person for one in look(text)] == [person]
    [found] = look(text)
    assert found.enrolment is None
    assert [post.unit for post in found.person.posts_here] == [place]


def test_nobody_out_of_reach_is_found(look, person, trainer):
    PostingFactory(unit=unit(ELSEWHERE), user__full_name="Đỗ Thị Đào")

    assert [one.person for one in look("do thi dao")] == [person]


def test_guest_on_the_roll_is_found_by_the_place_on_the_roll(look, run):
    [guest] = enrol_many(run, 1, commune=ELSEWHERE)
    word = guest.unit.search_text.split()[-1]

    [found] = look(f"huong {word}")
    assert (found.enrolment, found.is_on_roll, found.person.posts_here) == (guest, True, [])


def test_state_of_each_is_told_in_a_constant_number_of_queries(look, run, session, person):
    other = make_class("350", course=make_course("khac"))
    SessionFactory(run=other, title="Cùng giờ")
    on_roll, gone = enrol_posted(run, 2)
    withdraw(enrolment=gone, by=None, reason="Chuyển việc", at=IN_CLASS)
    [busy] = enrol_posted(make_class("350", course=run.course), 1)
    [sitting] = enrol_posted(other, 1)
    everybody = [person, on_roll.user, gone.user, busy.user, sitting.user]
    # The scope of the reader is asked for once.
    look("dao")
    with CaptureQueriesContext(connection) as one:
        look("dao")
    for each in everybody:
        set_fields(each, full_name="Đỗ Thị Đào")
    with CaptureQueriesContext(connection) as many:
        found = {each.person: each for each in look("dao")}

    assert len(many) == len(one)
    assert found[person].enrolment is None
    assert found[on_roll.user].is_on_roll
    assert found[gone.user].has_withdrawn
    assert not found[gone.user].is_on_roll
    assert found[busy.user].learns_elsewhere
    assert [one.title for one in found[sitting.user].elsewhere] == ["Cùng giờ"]
    assert found[person].elsewhere == []


def test_one_more_than_shown_is_found_where_there_are_more(look, edition):
    for _one in range(MOST_FOUND + 2):
        PostingFactory(unit=unit(HERE), user__full_name="Lê Văn Đông")

    assert len(look("dong")) == MOST_FOUND + 1


def test_walk_in_is_enrolled_and_noted_however_often_the_tap_is_sent(
    come, person, session, trainer
):
    client_id = uuid4()
    came, again = come(person, client_id=client_id), come(person, client_id=client_id)

    assert (came.enrolment.user, came.enrolment.status) == (person, EnrolmentStatus.ACTIVE)
    assert again.enrolment == came.enrolment
    assert again.result.unchanged == [came.enrolment.pk]
    [mark] = AttendanceMark.objects.all()
    assert (mark.method, mark.status) == (MarkMethod.WALK_IN, AttendanceStatus.PRESENT)
    assert AttendanceRecord.objects.get().minutes == 210
    own = own_walk_ins(session=session, by=trainer, at=IN_CLASS)
    assert [record.mark for record in own] == [mark]


def test_guest_who_makes_up_is_not_enrolled(come, session, trainer):
    missed = SessionFactory(run=make_class("353", course=session.run.course, code="LN-1"))
    [guest] = enrol_posted(missed.run, 1)
    MakeUp.objects.create(
        enrolment=guest,
        missed_session=missed,
        session=session,
        agreed_by=guest.user,
        agreed_at=missed.ends_at,
    )

    with raises_refusal("makes_up_here"):
        come(guest.user)


def test_somebody_who_left_returns_whatever_was_noted_before(come, run, session, trainer):
    [enrolment] = enrol_posted(run, 1)
    absent = entry(enrolment, AttendanceStatus.ABSENT)
    take_roll(session=session, entries=[absent], by=trainer, at=IN_CLASS)
    withdraw(enrolment=enrolment, by=None, reason="Chuyển việc", at=IN_CLASS)

    come(enrolment.user)

    assert status_of(enrolment) == EnrolmentStatus.ACTIVE
    assert AttendanceRecord.objects.get().status == AttendanceStatus.PRESENT


@pytest.mark.parametrize("status", [RunStatus.CLOSED, RunStatus.CANCELLED])
def test_class_that_is_over_takes_nobody(come, run, person, status):
    set_fields(run, status=status)

    with raises_refusal("run_not_enrolling"):
        come(person)
    assert not Enrolment.objects.exists()


def test_what_the_roll_refuses_leaves_nobody_enrolled(come, person):
    with raises_refusal("session_not_yet"):
        come(person, at=IN_CLASS - timedelta(days=1))
    assert not Enrolment.objects.exists()


def test_client_id_of_somebody_else_leaves_nobody_enrolled(come, person, run, session, trainer):
    [other] = enrol_many(run, 1)
    noted = entry(other)
    take_roll(session=session, entries=[noted], by=trainer, at=IN_CLASS)

    with raises_refusal("client_id_taken"):
        come(person, client_id=noted.client_id)
    assert not Enrolment.objects.filter(user=person).exists()


def test_who_is_on_the_roll_in_another_class_or_of_another_area_is_not_enrolled(come, run):
    [there] = enrol_many(run, 1)
    [busy] = enrol_posted(make_class("350", course=run.course), 1)
    stranger = PostingFactory(unit=unit(ELSEWHERE)).user

    for user, code in (
        (there.user, "already_on_roll"),
        (busy.user, "learns_elsewhere"),
        (stranger, "not_candidate"),
    ):
        with raises_refusal(code):
            come(user)
    assert not AttendanceMark.objects.exists()


def test_walk_in_after_the_signature_waits(come, person, session, sign):
    sign(session)
    tap = {"client_id": uuid4(), "at": session.ends_at + timedelta(hours=1)}

    came = come(person, **tap)
    assert come(person, **tap).result.unchanged == [came.enrolment.pk]

    assert came.result.kept == [came.enrolment.pk]
    assert LateMark.objects.get().enrolment == came.enrolment
    assert not AttendanceRecord.objects.filter(enrolment=came.enrolment).exists()


@pytest.fixture
def sign(run, trainer):
    def sign(session):
        [other] = enrol_many(run, 1)
        take_roll(session=session, entries=[entry(other)], by=trainer, at=IN_CLASS)
        sign_session(session=session, by=trainer, at=session.ends_at)

    return sign


def test_undo_takes_mark_and_enrolment_back_and_the_person_may_come_after_all(
    come, person, session, trainer
):
    client_id = uuid4()
    enrolment = come(person, client_id=client_id).enrolment
    undo = {"session": session, "client_id": client_id, "by": trainer}

    assert undo_walk_in(**undo, at=IN_CLASS + timedelta(minutes=9)) == enrolment
    assert status_of(enrolment) == EnrolmentStatus.WITHDRAWN
    assert not AttendanceRecord.objects.exists()
    assert undo_walk_in(**undo, at=IN_CLASS + timedelta(minutes=9)) is None

    came = come(person, at=IN_CLASS + timedelta(minutes=10))
    assert came.enrolment.status == EnrolmentStatus.ACTIVE
    assert AttendanceRecord.objects.get().enrolment == came.enrolment


@pytest.mark.parametrize("late", [True, False])
def test_nothing_is_undone_after_a_while_or_by_somebody_else(
    come, person, session, trainer, other_trainer, late
):
    client_id = uuid4()
    enrolment = come(person, client_id=client_id).enrolment

    by = trainer if late else other_trainer
    at = IN_CLASS + timedelta(minutes=11 if late else 1)
    assert undo_walk_in(session=session, client_id=client_id, by=by, at=at) is None
    assert status_of(enrolment) == EnrolmentStatus.ACTIVE
    assert own_walk_ins(session=session, by=by, at=at).count() == 0


def test_enrolment_on_which_something_hangs_stays(come, person, run, session, trainer):
    other = SessionFactory(run=run, starts_at=session.starts_at - timedelta(hours=4))
    client_id = uuid4()
    enrolment = come(person, client_id=client_id).enrolment
    take_roll(session=other, entries=[entry(enrolment)], by=trainer, at=IN_CLASS)

    assert undo_walk_in(session=session, client_id=client_id, by=trainer, at=IN_CLASS)
    assert status_of(enrolment) == EnrolmentStatus.ACTIVE
    assert [record.session for record in AttendanceRecord.objects.all()] == [other]


def test_mark_undone_on_the_roll_leaves_the_enrolment(come, person, session, trainer):
    client_id = uuid4()
    enrolment = come(person, client_id=client_id).enrolment

    undo_own_marks(session=session, client_ids=[client_id], by=trainer, at=IN_CLASS)
    assert status_of(enrolment) == EnrolmentStatus.ACTIVE
