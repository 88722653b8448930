from dataclasses import asdict
from datetime import date, timedelta

import pytest

from certificates.domain import verifying
from certificates.enums import CertificateStatus, VerificationStatus
from certificates.models import Certificate
from lms.core.codes import group_code

DAY = date(2014, 6, 1)


def verify(*, code, on=DAY):
    return verifying.verify(code=code, on=on)


def test_public_facts_are_no_more_than_promised(certificate):
    result = verify(code=certificate.code)

    assert asdict(result.facts) == {
        "name": "Nguyễn Thị Hương",
        "course": "Dự án 2",
        "starts_on": date(2014, 5, 6),
        "ends_on": date(2014, 5, 7),
        "minutes": None,
        "issuer": "Sở Lao động - Thương binh và Xã hội",
        "serial": "1/2014/GCN-SLĐTBXH",
        "is_sample": True,
        "valid_until": None,
    }


@pytest.mark.parametrize("status", CertificateStatus.values)
def test_each_state_is_told(certificate, status):
    Certificate.objects.update(status=status)

    assert verify(code=certificate.code).status == status


def test_code_is_found_as_people_type_it_in_one_query(certificate, django_assert_num_queries):
    typed = f" {group_code(certificate.code).lower()} ".replace("0", "o").replace("1", "l")

    with django_assert_num_queries(1):
        assert verify(code=typed).status == VerificationStatus.VALID


def test_unknown_code(certificate):
    result = verify(code="0000-0000-0000")

    assert (result.status, result.code, result.facts) == ("unknown", "0000-0000-0000", None)


def test_what_can_be_no_code_is_not_looked_up(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        result = verify(code="không phải mã")

    assert (result.status, result.code, result.facts) == ("unknown", "", None)


def test_end_is_told_and_one_day_later_that_it_has_passed(certificate):
    Certificate.objects.update(valid_until=DAY)

    last, after = (verify(code=certificate.code, on=DAY + timedelta(days=n)) for n in (0, 1))

    assert (last.status, after.status) == ("valid", "expired")
    assert last.facts == after.facts
    assert after.facts.valid_until == DAY


@pytest.mark.parametrize("status", ["flagged", "revoked", "replaced"])
def test_what_is_said_against_a_certificate_goes_before_its_end(certificate, status):
    Certificate.objects.update(valid_until=DAY, status=status)

    assert verify(code=certificate.code, on=DAY + timedelta(days=1)).status == status
