"""What certificates tell in a person's transcript: the number in the register."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from certificates.enums import CertificateStatus
from certificates.models import Certificate
from courses.models import Enrolment


class CertificateNumber:
    """The certificate that counts now; one that is under review or was revoked says so."""

    key = "certificates.number"
    label: str | Promise = _("Certificate number")
    order = 20

    def values(self, enrolments: Collection[Enrolment]) -> dict[int, str]:
        certificates = Certificate.objects.filter(enrolment__in=[one.pk for one in enrolments])
        # The last of an enrolment stands: the one before it was replaced.
        rows = certificates.order_by("issued_at", "number")
        return {certificate.enrolment_id: _told(certificate) for certificate in rows}


def _told(certificate: Certificate) -> str:
    if certificate.status == CertificateStatus.VALID:
        return certificate.serial
    return f"{certificate.serial} ({certificate.get_status_display().lower()})"
