"""What certificates add to reports."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from certificates.enums import LIVE_STATUSES
from certificates.models import Certificate
from courses.models import Enrolment
from lms.reporting.extensions import ReportColumn


class CertificatesIssued(ReportColumn):
    """Certificates in force or under review, where their enrolment is stamped."""

    key = "certificates.issued"
    label = _("Certificates")

    def count(self, enrolments: QuerySet[Enrolment]) -> dict[int, int]:
        live = Certificate.objects.filter(enrolment__in=enrolments, status__in=LIVE_STATUSES)
        grouped = live.values_list("enrolment__unit").annotate(issued=Count("pk"))
        return dict(grouped.order_by())
