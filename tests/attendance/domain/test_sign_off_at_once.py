"""Two trainers sign the same session at the same moment."""

from functools import partial

from attendance.domain.register.sign_off import sign_session
from attendance.models import AttendanceMark, SessionSignOff
from tests.at_once import ON_REAL_CONNECTIONS, at_once
from tests.factories.accounts import UserFactory
from tests.factories.attendance import IN_CLASS, SessionFactory, enrol_many, make_class
from tests.factories.geography import make_map

pytestmark = ON_REAL_CONNECTIONS


def test_first_signature_stands_and_absences_are_noted_once():
    make_map()
    run = make_class()
    people = enrol_many(run, 3)
    session = SessionFactory(run=run)
    trainers = UserFactory.create_batch(2, is_superuser=True)
    absent = [one.pk for one in people]
    sign = partial(sign_session, session=session, at=IN_CLASS.replace(hour=18), absent=absent)

    signed = at_once(*(partial(sign, by=by) for by in trainers))

    assert set(signed) == {SessionSignOff.objects.get()}
    assert AttendanceMark.objects.count() == 3
