"""Background work: each task may run twice and may be lost."""

from celery import shared_task
from django.utils import timezone

from certificates.domain import issuing


@shared_task(name="certificates.issue_certificate")
def issue_certificate(enrolment_id: int) -> None:
    """Issue and render the certificate of one completed enrolment."""
    issuing.issue_with_file(enrolment_id=enrolment_id, at=timezone.now())


@shared_task(name="certificates.issue_outstanding")
def issue_outstanding() -> None:
    """Finish what was left undone; beat calls it every minute."""
    issuing.issue_outstanding(at=timezone.now())
