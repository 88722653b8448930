"""Issuing: number, facts and code in one transaction, the file right after it."""

import logging
from datetime import date, datetime

import typst
from django.db import transaction
from django.utils import timezone

from certificates.domain.facts import collect_facts, verify_url
from certificates.domain.numbering import make_serial, take_number
from certificates.domain.pending import (
    awaiting_certificate,
    may_be_named,
    template_for,
    unrevoked,
    with_template,
    without_template,
)
from certificates.domain.rendering import render_file
from certificates.domain.validity import end_of_validity
from certificates.enums import EventKind
from certificates.models import Certificate, CertificateEvent, CertificateTemplate
from courses.domain.entitlement import entitled
from courses.models import Enrolment
from lms.core.codes import new_code
from lms.core.stored_files import StoreAwayError

logger = logging.getLogger(__name__)


@transaction.atomic
def issue_certificate(*, enrolment_id: int, at: datetime) -> Certificate | None:
    """Give a completed enrolment its certificate, without the file; a repeat returns the first.

    None while the enrolment is not entitled to one, when its certificate was revoked since, when a
    parent or a core child has not consented to the name on it, and when no template is in use for
    the course: the sweep comes back to it.
    """
    enrolment = lock_enrolment(enrolment_id=enrolment_id)
    if enrolment is None:
        return None
    live = Certificate.objects.live().filter(enrolment=enrolment).first()
    if live is not None:
        return live
    if not unrevoked(entitled(at=at)).filter(pk=enrolment.pk).exists():
        return None
    if not is_nameable(enrolment=enrolment):
        return None
    template = template_for(course=enrolment.run.course)
    if template is None:
        logger.warning("No certificate template is in use for course %s.", enrolment.run.course_id)
        return None
    until = end_of_validity(issued_on=timezone.localdate(at), months=template.valid_months)
    return write_certificate(enrolment=enrolment, template=template, at=at, until=until)


def issue_with_file(*, enrolment_id: int, at: datetime) -> Certificate | None:
    """Issue the certificate and render its file; each part is done once, however often called."""
    certificate = issue_certificate(enrolment_id=enrolment_id, at=at)
    return certificate and render_file(certificate_id=certificate.pk)


def issue_outstanding(*, at: datetime, limit: int = 500) -> int:
    """Finish what a lost message, a killed worker or a missing template left undone.

    Renders files that are missing, then issues to whoever waits, at most `limit` certificates in
    all; returns how many were finished. One that fails is logged and does not stop the rest, but
    StoreAwayError does: they are found again at the next tick.
    """
    waiting = without_template(awaiting_certificate(at=at)).count()
    if waiting:
        logger.warning("%s completed enrolments wait for a certificate template.", waiting)
    unrendered = Certificate.objects.filter(file="").order_by("pk")
    finished = sum(
        _finishes(enrolment_id, at=at)
        for enrolment_id in unrendered.live().values_list("enrolment", flat=True)[:limit]
    )
    awaiting = with_template(awaiting_certificate(at=at)).order_by("completed_at", "pk")
    for enrolment_id in awaiting.values_list("pk", flat=True)[: max(limit - finished, 0)]:
        finished += _finishes(enrolment_id, at=at)
    return finished


def is_nameable(*, enrolment: Enrolment) -> bool:
    """Return whether a certificate may name the person; no query but for a minimal record."""
    if not enrolment.user.is_minimal:
        return True
    return Enrolment.objects.filter(may_be_named(), pk=enrolment.pk).exists()


def lock_enrolment(*, enrolment_id: int) -> Enrolment | None:
    """Lock the enrolment, as `courses.domain.completion` does, so that both take turns."""
    rows = Enrolment.objects.select_related("user", "unit", "run__course", "run__programme")
    return rows.select_for_update(of=("self",), no_key=True).filter(pk=enrolment_id).first()


def write_certificate(
    *, enrolment: Enrolment, template: CertificateTemplate, at: datetime, until: date | None
) -> Certificate:
    """Write a certificate with the next number of the book, and its first event.

    For callers that hold the enrolment's lock and know that no live certificate is there.
    """
    facts = collect_facts(enrolment=enrolment, template=template, at=at, until=until)
    code = new_code()
    # The book last: it is locked for everybody until the transaction ends.
    year = timezone.localdate(at).year
    book, number = take_number(issuer_code=template.issuer_code, year=year)
    serial = make_serial(number=number, year=year, issuer_code=template.issuer_code)
    certificate = Certificate.objects.create(
        enrolment=enrolment,
        template=template,
        book=book,
        number=number,
        serial=serial,
        code=code,
        facts={**facts, "serial": serial, "code": code, "verify_url": verify_url(code=code)},
        issued_at=at,
        valid_until=until,
    )
    CertificateEvent.objects.create(certificate=certificate, kind=EventKind.ISSUED, at=at)
    return certificate


def _finishes(enrolment_id: int, *, at: datetime) -> bool:
    try:
        return issue_with_file(enrolment_id=enrolment_id, at=at) is not None
    except StoreAwayError:
        # Each of the others would wait as long, and nothing behind them in the queue be done.
        raise
    except (typst.TypstError, OSError):
        logger.exception("The certificate of enrolment %s could not be rendered.", enrolment_id)
        return False
