"""Who has completed a class and still waits for the certificate, and which template serves."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from certificates.enums import EventKind
from certificates.models import Certificate, CertificateEvent, CertificateTemplate
from courses.domain.entitlement import entitled
from courses.enums import UNFINISHED_STATUSES, EnrolmentStatus
from courses.models import CoursePage, Enrolment
from lms.accounts.enums import ConsentPurpose
from lms.accounts.models import Consent, User


def template_for(*, course: CoursePage) -> CertificateTemplate | None:
    """Return the template in use for this course, else the general one in use."""
    serving = CertificateTemplate.objects.active().filter(Q(course=course) | Q(course=None))
    return serving.order_by(F("course").asc(nulls_last=True)).first()


def awaiting_certificate(*, at: datetime | None = None) -> QuerySet[Enrolment]:
    """Return enrolments that have no live certificate and are entitled to one at this moment;
    without one also those who wait for the last session of their class.

    Parents and core children only where the name on a certificate was consented to.
    """
    live = Certificate.objects.live().filter(enrolment=OuterRef("pk"))
    return unrevoked(entitled(at=at)).filter(may_be_named(), ~Exists(live))


def may_be_named() -> Q:
    """Return enrolments whose person may stand on a certificate: of a minimal record,
    under a consent.
    """
    to_the_name = Consent.objects.in_force(ConsentPurpose.CERTIFICATE_NAME)
    named = to_the_name.filter(user=OuterRef("user"))
    return Q(user__is_minimal=False) | Q(Exists(named))


def class_to_complete(*, user: User) -> Enrolment | None:
    """Return where the person's next certificate is to be had:
    the class in progress that ends first.
    """
    learning = Enrolment.objects.filter(
        user=user,
        status=EnrolmentStatus.ACTIVE,
        run__status__in=UNFINISHED_STATUSES,
        run__course__live=True,
    )
    return learning.select_related("run").order_by("run__ends_on", "pk").first()


def unrevoked(completed: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Return those of whose completion nobody decided that it shall have no certificate.

    What was decided by hand is not undone by a sweep; a later completion counts anew.
    """
    revoked = CertificateEvent.objects.filter(
        certificate__enrolment=OuterRef("pk"),
        kind=EventKind.REVOKED,
        at__gte=OuterRef("completed_at"),
    )
    return completed.filter(~Exists(revoked))


def with_template(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Return those for whose course a template is in use."""
    return enrolments.filter(_served())


def without_template(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Return those that wait because no template is in use for their course."""
    return enrolments.filter(~_served())


def _served() -> Exists:
    active = CertificateTemplate.objects.active()
    return Exists(active.filter(Q(course=OuterRef("run__course")) | Q(course=None)))
