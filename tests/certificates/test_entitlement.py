"""Nothing is issued before the class's last session that counts has ended."""

from datetime import timedelta

import pytest

from attendance.domain.hours.counting import count_ended_sessions
from attendance.enums import AttendanceStatus
from certificates.domain.issuing import issue_certificate, issue_outstanding
from certificates.models import Certificate
from courses.domain.entitlement import entitled
from courses.models import Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.attendance import IN_CLASS, SessionFactory, enrol_many, entry, take_roll
from tests.factories.certificates import COMPLETED_AT, completed
from tests.factories.courses import ask
from tests.factories.geography import unit

NOTED_AT = IN_CLASS.replace(hour=10, minute=31)
BEGIN = IN_CLASS.replace(hour=13, minute=30)
END = IN_CLASS.replace(hour=16, minute=30)


def issued_at(at):
    issue_outstanding(at=at)
    return Certificate.objects.count()


def test_afternoon_noted_in_the_morning_gives_no_certificate_before_it_ends(run, template):
    ask(run, attendance_hours={"percent": 100})
    afternoon = SessionFactory(run=run, starts_at=BEGIN, ends_at=END, counted_at=None)
    (person,) = enrol_many(run, 1)
    take_roll(
        session=afternoon,
        entries=[entry(person, AttendanceStatus.PRESENT)],
        by=UserFactory(),
        at=NOTED_AT,
    )

    early = [issued_at(at) for at in (NOTED_AT, END - timedelta(seconds=1))]
    count_ended_sessions(at=END)

    assert early == [0, 0]
    assert issued_at(END) == 1
    assert entitled(at=END).get().entitled_at == END


@pytest.mark.parametrize(("is_required", "waits"), [(True, True), (False, False)])
def test_completion_by_lessons_waits_for_the_last_session_that_counts(
    run, template, is_required, waits
):
    """What a class asks may be met on the first day: the class still goes on."""
    enrolment = completed(run, unit("13591"))
    end = COMPLETED_AT + timedelta(days=2)
    SessionFactory(
        run=run, starts_at=end - timedelta(hours=3), ends_at=end, is_required=is_required
    )

    early = issue_certificate(enrolment_id=enrolment.pk, at=COMPLETED_AT + timedelta(days=1))

    assert (early is None) == waits
    assert list(entitled().values_list("pk", "entitled_at")) == [
        (enrolment.pk, end if waits else COMPLETED_AT)
    ]
    assert issue_certificate(enrolment_id=enrolment.pk, at=end) is not None


def test_nobody_is_entitled_without_a_completion(run):
    enrol_many(run, 1)

    assert Enrolment.objects.exists()
    assert not entitled(at=END + timedelta(days=400)).exists()
