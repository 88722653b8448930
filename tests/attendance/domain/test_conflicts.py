"""Who or what is wanted twice, as the plan of a session sees it."""

from datetime import datetime

import pytest

from attendance.domain.sessions.conflicts import find_clashes, sessions_at_once
from attendance.domain.sessions.scheduling import SessionPlan
from attendance.enums import ClashKind
from attendance.models import MakeUp
from lms.accounts.models import User
from tests.factories.attendance import SessionFactory, make_class
from tests.factories.courses import HANOI
from tests.factories.rows import set_fields

BEGIN, END = (datetime(2014, 5, 6, hour, tzinfo=HANOI) for hour in (8, 11))


def plan(**fields):
    return SessionPlan(title="Buổi 1", starts_at=BEGIN, ends_at=END, place="Hội trường", **fields)


def kinds(run, planned, reader):
    return [one.kind for one in find_clashes(run=run, periods=[planned], reader=reader)]


@pytest.mark.parametrize(
    ("mine", "theirs", "clashes"),
    [("", "", True), ("P.1", "", True), ("P.1", "p.1", True), ("P.1", "P.2", False)],
)
def test_two_rooms_of_one_house_are_two(run, administrator, mine, theirs, clashes):
    other = make_class(course=run.course)
    SessionFactory(run=other, place="Hội trường", room=theirs)
    found = kinds(run, plan(room=mine), administrator)
    assert found == ([ClashKind.ROOM] if clashes else [])


def test_trainer_of_another_session_of_the_class_is_free(run, trainer, other_trainer):
    other = make_class("353", course=run.course)
    other.trainers.add(trainer)
    SessionFactory(run=other)
    run.trainers.add(other_trainer)

    assert kinds(run, plan(), trainer) == [ClashKind.TRAINER]
    assert kinds(run, plan(trainer_ids=frozenset({other_trainer.pk})), trainer) == []
    assert kinds(run, plan(trainer_ids=frozenset({trainer.pk})), trainer) == [ClashKind.TRAINER]


def test_whoever_makes_up_elsewhere_at_that_hour_is_busy(run, person, trainer, administrator):
    other = make_class("353", course=run.course)
    missed, there = SessionFactory(run=run), SessionFactory(run=other)
    made = MakeUp.objects.create(
        enrolment=person, missed_session=missed, session=there, agreed_by=trainer, agreed_at=BEGIN
    )
    (clash,) = find_clashes(run=run, periods=[plan()], reader=administrator)
    assert (clash.kind, clash.names) == (ClashKind.TRAINEES, [person.user.full_name])
    people = User.objects.filter(pk=person.user_id).values("pk")
    assert sessions_at_once(session=missed, people=people) == {person.user_id: [there]}

    set_fields(made, taken_back_by=trainer, taken_back_at=END, reason="Đổi ý")
    assert kinds(run, plan(), administrator) == []
