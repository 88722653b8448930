"""Two trainers sign the same session at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from attendance.domain.register.sign_off import sign_session
from attendance.models import AttendanceMark, SessionSignOff
from tests.factories.accounts import UserFactory
from tests.factories.attendance import IN_CLASS, SessionFactory, enrol_many, make_class
from tests.factories.geography import make_map

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing to meet"
    ),
]


def test_first_signature_stands_and_absences_are_noted_once():
    make_map()
    run = make_class()
    people = enrol_many(run, 3)
    session = SessionFactory(run=run)
    trainers = UserFactory.create_batch(2, is_superuser=True)
    start = Barrier(2, timeout=10)

    def sign(by):
        try:
            start.wait()
            return sign_session(
                session=session,
                by=by,
                at=IN_CLASS.replace(hour=18),
                absent=[one.pk for one in people],
            ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        signed = set(pool.map(sign, trainers))

    assert signed == {SessionSignOff.objects.get().pk}
    assert AttendanceMark.objects.count() == 3
