"""What certificates tell in a person's transcript: the number in the register."""

from collections.abc import Collection

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.domain.validity import has_expired
from certificates.enums import CertificateStatus
from certificates.models import Certificate
from courses.models import Enrolment
from lms.core.display import vi_date


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
    if has_expired(certificate=certificate, on=timezone.localdate()):
        day = vi_date(certificate.valid_until)
        return gettext("%(serial)s (expired on %(day)s)") % {
            "serial": certificate.serial,
            "day": day,
        }
    if certificate.status == CertificateStatus.VALID:
        return certificate.serial
    return f"{certificate.serial} ({certificate.get_status_display().lower()})"
