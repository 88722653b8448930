"""Two people act on one trainee at the same moment: walk-ins and make-ups happen once."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from attendance.domain.make_ups.booking import agree_make_up
from attendance.domain.walk_ins.enrolling import note_walk_in
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceMark, MakeUp
from courses.models import Enrolment, ModulePage
from tests.at_once import ON_REAL_CONNECTIONS, at_once, codes_of
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    entry,
    make_class,
    take_roll,
)
from tests.factories.courses import ask
from tests.factories.geography import make_map, unit

pytestmark = ON_REAL_CONNECTIONS


@pytest.fixture
def run():
    make_map()
    return make_class()


def test_person_whom_two_trainers_tap_is_enrolled_and_noted_once(run):
    session = SessionFactory(run=run)
    person = PostingFactory(unit=unit("13387")).user
    trainers = UserFactory.create_batch(2, is_superuser=True)

    tap = partial(note_walk_in, session=session, person=person, at=IN_CLASS)

    outcomes = at_once(*(partial(tap, client_id=uuid4(), by=by) for by in trainers))

    assert codes_of(outcomes) == ["already_on_roll"]
    assert Enrolment.objects.get().user == person
    assert AttendanceMark.objects.get().marked_by in trainers


def test_session_for_which_two_agree_on_make_ups_gets_one(run, person):
    module = ModulePage.objects.get()
    ask(run, attendance_hours={"percent": 100, "make_up_days": 30})
    missed = SessionFactory(run=run, module=module)
    trainer = UserFactory(is_superuser=True)
    absent = entry(person, AttendanceStatus.ABSENT)
    take_roll(session=missed, entries=[absent], by=trainer, at=IN_CLASS)
    offers = [
        SessionFactory(
            run=make_class("353", course=run.course, code=f"LN-{days}"),
            module=module,
            starts_at=missed.starts_at + timedelta(days=days),
            counted_at=None,
        )
        for days in (3, 4)
    ]
    at = IN_CLASS + timedelta(days=1)
    agree = partial(agree_make_up, enrolment=person, missed=missed, by=person.user, at=at)

    outcomes = at_once(*(partial(agree, session=session) for session in offers))

    assert codes_of(outcomes) == ["already_agreed"]
    assert MakeUp.objects.agreed().get().session in offers
