"""What certificates tell in a transcript."""

from datetime import date

from certificates.domain.decisions import revoke_certificate
from certificates.transcript import CertificateNumber
from tests.factories.certificates import ISSUED_AT
from tests.factories.rows import set_fields


def test_number_is_told_and_that_it_was_revoked(certificate, monitor, django_assert_num_queries):
    enrolments = [certificate.enrolment]
    with django_assert_num_queries(1):
        assert CertificateNumber().values(enrolments) == {enrolments[0].pk: certificate.serial}

    revoke_certificate(certificate=certificate, by=monitor, reason="Nhầm người", at=ISSUED_AT)

    told = CertificateNumber().values(enrolments)[enrolments[0].pk]
    assert told.startswith(f"{certificate.serial} (")


def test_number_of_one_that_has_expired_says_so(certificate):
    set_fields(certificate, valid_until=date(2017, 5, 8))

    told = CertificateNumber().values([certificate.enrolment])[certificate.enrolment_id]

    assert told.startswith(f"{certificate.serial} (")
    assert "08/05/2017" in told
