"""What becomes of a certificate after issue: always a person with a reason, nothing is deleted."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from certificates.domain.issuing import is_nameable, lock_enrolment, write_certificate
from certificates.domain.pending import template_for
from certificates.enums import LIVE_STATUSES, CertificateStatus, EventKind
from certificates.models import Certificate, CertificateEvent
from courses.enums import EnrolmentStatus
from courses.extensions import CriterionResult
from courses.models import Enrolment
from lms.accounts.models import User
from lms.core.refusal import Refusal

REASON_LENGTH = 500


@transaction.atomic
def flag_certificate(
    *, enrolment: Enrolment, reasons: Collection[CriterionResult], at: datetime
) -> Certificate | None:
    """Put the valid certificate of an enrolment under review: its ground was taken away.

    None when there is no valid one; one that is under review already stays as it is.
    """
    valid = Certificate.objects.filter(enrolment=enrolment, status=CertificateStatus.VALID)
    certificate = valid.select_for_update(no_key=True).first()
    if certificate is None:
        return None
    missing = " ".join(f"{result.label}: {result.explanation}" for result in reasons)
    _move(certificate, CertificateStatus.FLAGGED)
    _record(certificate, EventKind.FLAGGED, at=at, reason=missing[:REASON_LENGTH])
    return certificate


@transaction.atomic
def confirm_certificate(
    *, certificate: Certificate, by: User, reason: str, at: datetime
) -> Certificate:
    """Let a certificate under review stand.

    Raises Refusal `reason_missing`, `certificate_not_under_review`.
    """
    reason = _require_reason(reason)
    locked = _lock(certificate)
    if locked.status != CertificateStatus.FLAGGED:
        raise Refusal(
            "certificate_not_under_review", _("Only a certificate under review can be confirmed.")
        )
    _move(locked, CertificateStatus.VALID)
    _record(locked, EventKind.CONFIRMED, at=at, reason=reason, by=by)
    return locked


@transaction.atomic
def revoke_certificate(
    *, certificate: Certificate, by: User, reason: str, at: datetime
) -> Certificate:
    """Take a live certificate back; a repeat changes nothing.

    No other is issued for the same completion. Raises Refusal `reason_missing`,
    `certificate_replaced`.
    """
    reason = _require_reason(reason)
    locked = _lock(certificate)
    if locked.status == CertificateStatus.REVOKED:
        return locked
    _require_live(locked)
    _move(locked, CertificateStatus.REVOKED)
    _record(locked, EventKind.REVOKED, at=at, reason=reason, by=by)
    return locked


@transaction.atomic
def replace_certificate(
    *, certificate: Certificate, by: User, reason: str, at: datetime
) -> Certificate:
    """Issue a new certificate with today's facts and a new number in place of a live one.

    For a misspelt name, say: nothing was learnt anew, so the end of the former one stays, and one
    without an end gets none. Returns the new one, without its file. Raises Refusal
    `reason_missing`, `certificate_replaced`, `certificate_revoked`, `enrolment_not_completed`,
    `template_missing`, `name_not_consented`.
    """
    reason = _require_reason(reason)
    # The enrolment first, in the order in which issuing locks.
    enrolment = lock_enrolment(enrolment_id=certificate.enrolment_id)
    locked = _lock(certificate)
    _require_live(locked)
    if enrolment is None or enrolment.status != EnrolmentStatus.COMPLETED:
        raise Refusal(
            "enrolment_not_completed",
            _("The class is currently not completed, so no new certificate can be issued."),
        )
    if not is_nameable(enrolment=enrolment):
        raise Refusal(
            "name_not_consented",
            _("No consent to the name on a certificate is in force for this person."),
        )
    template = template_for(course=enrolment.run.course)
    if template is None:
        raise Refusal("template_missing", _("No certificate template is in use for this course."))
    _move(locked, CertificateStatus.REPLACED)
    new = write_certificate(enrolment=enrolment, template=template, at=at, until=locked.valid_until)
    _record(locked, EventKind.REPLACED, at=at, reason=reason, by=by)
    return new


def _lock(certificate: Certificate) -> Certificate:
    return Certificate.objects.select_for_update(no_key=True).get(pk=certificate.pk)


def _require_reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refusal("reason_missing", _("Please give the reason for this decision."))
    return reason


def _require_live(certificate: Certificate) -> None:
    if certificate.status not in LIVE_STATUSES:
        raise Refusal(
            f"certificate_{certificate.status}",
            _("This certificate is no longer valid: %(status)s.")
            % {"status": certificate.get_status_display()},
        )


def _move(certificate: Certificate, status: CertificateStatus) -> None:
    certificate.status = status
    certificate.save(update_fields=["status"])


def _record(
    certificate: Certificate,
    kind: EventKind,
    *,
    at: datetime,
    reason: str,
    by: User | None = None,
) -> None:
    CertificateEvent.objects.create(certificate=certificate, kind=kind, reason=reason, by=by, at=at)
