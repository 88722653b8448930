"""What a completion, and a completion taken back, mean for certificates."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from certificates.domain.decisions import flag_certificate
from certificates.tasks import issue_certificate
from courses.extensions import CriterionResult
from courses.models import Enrolment


def issue_on_commit(sender: Any, *, enrolment: Enrolment, **kwargs: Any) -> None:
    """Queue the issue. A broker that is down costs nobody the completion: the sweep comes by."""
    enrolment_id = enrolment.pk
    # No partial: Django names the callback in its log, and a partial has no name.
    transaction.on_commit(lambda: issue_certificate.delay(enrolment_id), robust=True)


def flag(
    sender: Any, *, enrolment: Enrolment, reasons: Collection[CriterionResult], **kwargs: Any
) -> None:
    """Put the certificate under review in the transaction that took the completion back."""
    flag_certificate(enrolment=enrolment, reasons=reasons, at=timezone.now())
