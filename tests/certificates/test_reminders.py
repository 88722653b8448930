"""That a certificate was issued, or issued anew, or will end, is told once, when a rule says so."""

from datetime import date, datetime, time, timedelta

import pytest

from certificates.domain.decisions import replace_certificate
from certificates.enums import CertificateStatus
from certificates.models import Certificate
from certificates.reminders import STILL_NEWS, CertificateExpires, CertificateReady
from lms.core.local_time import local_moment
from lms.notifications.domain.hours import best_moment, open_hours
from lms.notifications.models import DayOff
from tests.factories.certificates import CertificateTemplateFactory, completed, issued
from tests.factories.courses import HANOI, make_course, make_run
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reminding import planned, said

HOUR = timedelta(hours=1)


def test_told_when_issued_and_not_for_long(certificate):
    now = certificate.issued_at + HOUR
    (item,) = planned(CertificateReady(), now)

    assert item.user_id == certificate.enrolment.user_id
    assert (item.due_at, item.expires_at) == (
        certificate.issued_at,
        certificate.issued_at + STILL_NEWS,
    )
    told = said(CertificateReady(), [item], now)
    assert certificate.enrolment.run.title in told[item.user_id].body
    assert planned(CertificateReady(), now + STILL_NEWS) == []
    # It has no end that could be told.
    assert planned(EXPIRING, certificate.issued_at, lead_minutes=999 * 24 * 60) == []


def test_moot_once_it_is_valid_no_more(certificate):
    items = planned(CertificateReady(), certificate.issued_at)
    set_fields(certificate, status=CertificateStatus.FLAGGED)

    assert planned(CertificateReady(), certificate.issued_at) == []
    assert said(CertificateReady(), items, certificate.issued_at) == {}


def test_one_in_place_of_another_says_so(certificate):
    now = certificate.issued_at
    before = said(CertificateReady(), planned(CertificateReady(), now), now)
    number = certificate.number + 1
    set_fields(certificate, status=CertificateStatus.REPLACED)
    values = {
        field.attname: getattr(certificate, field.attname)
        for field in Certificate._meta.concrete_fields
        if field.attname not in {"id", "key", "serial", "code", "number", "status"}
    }
    Certificate.objects.create(**values, serial="S-2", code="C-2", number=number)

    (after,) = said(CertificateReady(), planned(CertificateReady(), now), now).values()

    assert after.subject != before[certificate.enrolment.user_id].subject


LAST_DAY = date(2015, 2, 28)
EXPIRING = CertificateExpires()


@pytest.fixture
def ending(certificate):
    """Hương's certificate, that holds to the end of February."""
    set_fields(certificate, valid_until=LAST_DAY)
    return certificate


@pytest.mark.parametrize("days", [30, 7, 1])
def test_end_is_told_so_many_days_before_and_as_late_as_the_last_minute(ending, days):
    due = local_moment(LAST_DAY, time(8)) - timedelta(days=days)
    midnight = local_moment(LAST_DAY + timedelta(days=1))
    rule = {"lead_minutes": days * 24 * 60}

    (item,) = planned(EXPIRING, due - timedelta(days=5), **rule)

    assert (item.due_at, item.expires_at) == (due, midnight)
    assert planned(EXPIRING, midnight - timedelta(minutes=1), **rule) == [item]
    assert planned(EXPIRING, midnight, **rule) == []
    assert planned(EXPIRING, due - timedelta(days=9), **rule) == []
    (told,) = said(EXPIRING, [item], midnight - timedelta(minutes=1)).values()
    assert "28/02/2015" in told.subject
    assert said(EXPIRING, [item], midnight) == {}


@pytest.mark.parametrize("status", ["flagged", "revoked", "replaced"])
def test_end_of_what_is_valid_no_more_is_told_to_nobody(ending, status):
    now = local_moment(LAST_DAY)
    items = planned(EXPIRING, now)
    set_fields(ending, status=status)

    assert planned(EXPIRING, now) == []
    assert said(EXPIRING, items, now) == {}


@pytest.mark.parametrize(
    ("until", "same_course", "told"),
    [
        (None, True, False),
        (LAST_DAY + timedelta(days=1), True, False),
        (LAST_DAY - timedelta(days=1), True, True),
        (None, False, True),
    ],
)
def test_whoever_holds_a_longer_one_of_the_course_is_not_told(ending, until, same_course, told):
    now = local_moment(LAST_DAY - timedelta(days=3))
    run = ending.enrolment.run
    course = run.course if same_course else make_course(code="khac")
    if not same_course:
        CertificateTemplateFactory(course=course)
    again = completed(make_run(course, unit("350")), unit("13591"), user=ending.enrolment.user)
    set_fields(issued(again), valid_until=until)

    found = {one.payload["enrolment"] for one in planned(EXPIRING, now)}

    assert (ending.enrolment_id in found) is told


def test_end_is_told_once_also_where_another_paper_has_taken_the_place(ending, monitor):
    now = local_moment(LAST_DAY - timedelta(days=20))
    (before,) = planned(EXPIRING, now)
    new = replace_certificate(certificate=ending, by=monitor, reason="Sai tên", at=now)

    (after,) = planned(EXPIRING, now)

    assert after.unique_key == before.unique_key
    (told,) = said(EXPIRING, [before], now).values()
    assert "28/02/2015" in told.subject
    set_fields(new, valid_until=LAST_DAY + timedelta(days=365))
    assert said(EXPIRING, [before], now) == {}


def test_due_in_tet_it_leaves_on_the_next_working_day(certificate, settings):
    settings.SUITE_SENDING_HOURS = (time(7), time(21))
    settings.SUITE_WEEKLY_DAYS_OFF = frozenset({5, 6})
    # Tết of 2015: from Wednesday 18 February on.
    DayOff.objects.bulk_create(DayOff(day=date(2015, 2, day), name="Tết") for day in range(18, 24))
    now = datetime(2015, 2, 17, 9, tzinfo=HANOI)
    hours = open_hours(now=now)

    def leaves(last_day):
        set_fields(certificate, valid_until=last_day)
        (item,) = planned(EXPIRING, now)
        return best_moment(due_at=item.due_at, expires_at=item.expires_at, now=now, hours=hours)

    assert leaves(date(2015, 3, 21)) == datetime(2015, 2, 24, 7, tzinfo=HANOI)
    assert leaves(date(2015, 3, 26)) == datetime(2015, 2, 24, 8, tzinfo=HANOI)


def test_ends_cost_two_queries_however_many(ending, run, django_assert_num_queries):
    now = local_moment(LAST_DAY)
    for _person in range(2):
        set_fields(issued(completed(run, unit("13591"))), valid_until=LAST_DAY)
    with django_assert_num_queries(1):
        items = planned(EXPIRING, now)
    assert len(items) == 3
    with django_assert_num_queries(2):
        assert len(said(EXPIRING, items, now)) == 3
