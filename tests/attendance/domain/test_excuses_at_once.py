"""Two coordinators decide about the same request at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from attendance.domain.excuses.decisions import ask_excuse, decide_excuse
from attendance.models import AttendanceMark, Excuse
from lms.core.refusal import Refusal
from tests.factories.accounts import UserFactory
from tests.factories.attendance import IN_CLASS, SessionFactory, enrol_many, make_class
from tests.factories.geography import make_map

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing to meet"
    ),
]


def test_first_decision_stands_and_the_other_is_told_whose_it_is():
    make_map()
    run = make_class()
    (person,) = enrol_many(run, 1)
    session = SessionFactory(run=run)
    excuse = ask_excuse(session=session, enrolment=person, reason="Con ốm", at=IN_CLASS)
    deciders = UserFactory.create_batch(2, is_superuser=True)
    start = Barrier(2, timeout=10)

    def decide(by):
        try:
            start.wait()
            decide_excuse(excuse=excuse, grant=by == deciders[0], by=by, at=session.ends_at)
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(2) as pool:
        (told,) = filter(None, pool.map(decide, deciders))

    decided = Excuse.objects.get()
    assert told.code == "already_decided"
    assert decided.decided_by.full_name in told.message
    assert AttendanceMark.objects.get().marked_by == decided.decided_by
