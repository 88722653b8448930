"""Who has completed a class and still waits for the certificate, and which template serves."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from certificates.enums import EventKind
from certificates.models import Certificate, CertificateEvent, CertificateTemplate
from courses.enums import EnrolmentStatus
from courses.models import CoursePage, Enrolment


def template_for(*, course: CoursePage) -> CertificateTemplate | None:
    """The template in use for this course, else the general one in use."""
    serving = CertificateTemplate.objects.active().filter(Q(course=course) | Q(course=None))
    return serving.order_by(F("course").asc(nulls_last=True)).first()


def awaiting_certificate() -> QuerySet[Enrolment]:
    """Completed enrolments that have no live certificate and should have one.

    Not those whose certificate a person has revoked since the completion: what was decided
    by hand is not undone by a sweep. A later completion counts anew.
    """
    live = Certificate.objects.live().filter(enrolment=OuterRef("pk"))
    revoked_since = CertificateEvent.objects.filter(
        certificate__enrolment=OuterRef("pk"),
        kind=EventKind.REVOKED,
        at__gte=OuterRef("completed_at"),
    )
    completed = Enrolment.objects.filter(status=EnrolmentStatus.COMPLETED)
    return completed.filter(~Exists(live), ~Exists(revoked_since))


def with_template(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Those for whose course a template is in use."""
    return enrolments.filter(_served())


def without_template(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Those that wait because no template is in use for their course."""
    return enrolments.filter(~_served())


def _served() -> Exists:
    active = CertificateTemplate.objects.active()
    return Exists(active.filter(Q(course=OuterRef("run__course")) | Q(course=None)))
