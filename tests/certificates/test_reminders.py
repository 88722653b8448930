"""That a certificate was issued, or issued anew, is told once, when a rule says so."""

from datetime import timedelta

from certificates.enums import CertificateStatus
from certificates.models import Certificate
from certificates.reminders import STILL_NEWS, CertificateReady
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
