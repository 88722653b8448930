"""What certificates tell in a transcript."""

from certificates.domain.decisions import revoke_certificate
from certificates.transcript import CertificateNumber
from tests.factories.certificates import ISSUED_AT


def test_number_is_told_and_that_it_was_revoked(certificate, monitor, django_assert_num_queries):
    enrolments = [certificate.enrolment]
    with django_assert_num_queries(1):
        assert CertificateNumber().values(enrolments) == {enrolments[0].pk: certificate.serial}

    revoke_certificate(certificate=certificate, by=monitor, reason="Nhầm người", at=ISSUED_AT)

    told = CertificateNumber().values(enrolments)[enrolments[0].pk]
    assert told.startswith(f"{certificate.serial} (")
