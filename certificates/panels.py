"""What certificates show on the pages of courses."""

from typing import Any

from django.db.models import Count, Q

from certificates.enums import LIVE_STATUSES, CertificateStatus
from certificates.models import Certificate
from courses.domain.completion import Effect
from courses.enums import EnrolmentStatus
from courses.extensions import page_panels
from courses.models import CourseRun, Enrolment
from lms.core.readers import SignedInRequest


class OwnCertificates:
    """Under one's own work: what can be downloaded, and what is being made."""

    key = "certificates-own"
    place = "my_work_bottom"
    order = 10
    template = "certificates/panels/own.html"

    def context(self, request: SignedInRequest, subject: list[Enrolment]) -> dict[str, Any] | None:
        rows = Certificate.objects.visible_to(request.user).filter(enrolment__in=subject)
        certificates = list(rows)
        known = {certificate.enrolment_id for certificate in certificates}
        preparing = [
            enrolment
            for enrolment in subject
            if enrolment.status == EnrolmentStatus.COMPLETED and enrolment.pk not in known
        ]
        live = [certificate for certificate in certificates if certificate.is_live]
        return {"certificates": live, "preparing": preparing} if live or preparing else None


class CertificatesOfEnrolment:
    """Beside one trainee of a class: every certificate there was, the newest first."""

    key = "certificates-enrolment"
    place = "enrolment"
    order = 30
    template = "certificates/panels/enrolment.html"

    def context(self, request: SignedInRequest, subject: Enrolment) -> dict[str, Any] | None:
        certificates = Certificate.objects.visible_to(request.user).filter(enrolment=subject)
        found = list(certificates)
        return {"certificates": found} if found else None


class CertificatesAtStake:
    """Before a class changes what it asks: certificates of those who would no longer meet it."""

    key = "certificates-effect"
    place = "run_effect"
    order = 30
    template = "certificates/panels/effect.html"

    def context(self, request: SignedInRequest, subject: Effect) -> dict[str, Any] | None:
        count = Certificate.objects.live().filter(enrolment__in=subject.losing).count()
        return {"count": count} if count else None


class CertificatesOfRun:
    """On the page of a class: how many were issued, and how many wait for a decision."""

    key = "certificates-run"
    place = "run_overview"
    order = 30
    template = "certificates/panels/run.html"

    def context(self, request: SignedInRequest, subject: CourseRun) -> dict[str, Any] | None:
        certificates = Certificate.objects.visible_to(request.user).filter(enrolment__run=subject)
        return certificates.aggregate(
            issued=Count("pk", filter=Q(status__in=LIVE_STATUSES)),
            flagged=Count("pk", filter=Q(status=CertificateStatus.FLAGGED)),
        )


def register_panels() -> None:
    """Register what the app adds; called once, when the app is ready."""
    for panel in (
        OwnCertificates(),
        CertificatesOfEnrolment(),
        CertificatesOfRun(),
        CertificatesAtStake(),
    ):
        page_panels.register(panel)
