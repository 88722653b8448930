"""Two people act on one trainee at the same moment: walk-ins and make-ups happen once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from attendance.domain.make_ups.booking import agree_make_up
from attendance.domain.walk_ins.enrolling import note_walk_in
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceMark, MakeUp
from courses.models import Enrolment, ModulePage
from lms.core.refusal import Refusal
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.attendance import (
    IN_CLASS,
    SessionFactory,
    enrol_many,
    entry,
    make_class,
    take_roll,
)
from tests.factories.courses import ask
from tests.factories.geography import make_map, unit

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing to meet"
    ),
]


@pytest.fixture
def run():
    make_map()
    return make_class()


def meet(call, arguments):
    """Call with each of the two at the same moment; return the refusals."""
    start = Barrier(2, timeout=10)

    def act(argument):
        try:
            start.wait()
            call(argument)
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(2) as pool:
        return [code for code in pool.map(act, arguments) if code]


def test_person_whom_two_trainers_tap_is_enrolled_and_noted_once(run):
    session = SessionFactory(run=run)
    person = PostingFactory(unit=unit("13387")).user
    trainers = UserFactory.create_batch(2, is_superuser=True)

    def tap(by):
        note_walk_in(session=session, person=person, client_id=uuid4(), by=by, at=IN_CLASS)

    assert meet(tap, trainers) == ["already_on_roll"]
    assert Enrolment.objects.get().user == person
    assert AttendanceMark.objects.get().marked_by in trainers


def test_session_for_which_two_agree_on_make_ups_gets_one(run):
    module = ModulePage.objects.get()
    ask(run, attendance_hours={"percent": 100, "make_up_days": 30})
    missed = SessionFactory(run=run, module=module)
    (person,) = enrol_many(run, 1)
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

    def agree(session):
        agree_make_up(enrolment=person, missed=missed, session=session, by=person.user, at=at)

    assert meet(agree, offers) == ["already_agreed"]
    assert MakeUp.objects.agreed().get().session in offers
