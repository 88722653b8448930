"""Two coordinators decide about the same request at the same moment."""

from functools import partial

from attendance.domain.excuses.decisions import ask_excuse, decide_excuse
from attendance.models import AttendanceMark, Excuse
from tests.at_once import ON_REAL_CONNECTIONS, at_once, codes_of
from tests.factories.accounts import UserFactory
from tests.factories.attendance import IN_CLASS, SessionFactory, enrol_many, make_class
from tests.factories.geography import make_map

pytestmark = ON_REAL_CONNECTIONS


def test_first_decision_stands_and_the_other_is_told_whose_it_is():
    make_map()
    run = make_class()
    (person,) = enrol_many(run, 1)
    session = SessionFactory(run=run)
    excuse = ask_excuse(session=session, enrolment=person, reason="Con ốm", at=IN_CLASS)
    deciders = UserFactory.create_batch(2, is_superuser=True)
    decide = partial(decide_excuse, excuse=excuse, at=session.ends_at)

    outcomes = at_once(*(partial(decide, grant=by == deciders[0], by=by) for by in deciders))

    decided = Excuse.objects.get()
    assert codes_of(outcomes) == ["already_decided"]
    assert any(decided.decided_by.full_name in str(one) for one in outcomes)
    assert AttendanceMark.objects.get().marked_by == decided.decided_by
