"""Until when a certificate holds: said by its template, frozen on the day of issue."""

import calendar
from datetime import date
from typing import Final

from django.db.models import Q

from certificates.enums import CertificateStatus, VerificationStatus
from certificates.models import Certificate

_MONTHS_OF_A_YEAR: Final = 12


def end_of_validity(*, issued_on: date, months: int | None) -> date | None:
    """Return the last day on which a certificate of this day holds; None: it has no end.

    The same day so many months on; where that month is too short, its last day.
    """
    if months is None:
        return None
    years, month = divmod(issued_on.month - 1 + months, _MONTHS_OF_A_YEAR)
    year, month = issued_on.year + years, month + 1
    return date(year, month, min(issued_on.day, calendar.monthrange(year, month)[1]))


def expired_q(*, on: date) -> Q:
    """Return those that are valid but for their end, which lies behind this day."""
    return Q(status=CertificateStatus.VALID, valid_until__lt=on)


def has_expired(*, certificate: Certificate, on: date) -> bool:
    """Return whether it is valid but for its end, which lies behind this day.

    What was revoked or replaced, or is under review, says that instead.
    """
    end = certificate.valid_until
    return certificate.status == CertificateStatus.VALID and end is not None and end < on


def status_told(*, certificate: Certificate, on: date) -> VerificationStatus:
    """Return what everybody is told of its state, on screens, in files and to the public."""
    if has_expired(certificate=certificate, on=on):
        return VerificationStatus.EXPIRED
    return VerificationStatus(certificate.status)
