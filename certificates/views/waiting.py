"""On the front page of the Wagtail admin: certificates that need a person."""

from typing import Any

from django.db.models import Count

from certificates.domain.pending import awaiting_certificate, without_template
from certificates.enums import DECIDING_ROLES, CertificateStatus
from certificates.models import Certificate
from courses.models.titles import title_column
from lms.accounts.models import User
from lms.scoped_admin.dashboard import DashboardPanel


class WaitingPanel(DashboardPanel):
    """How many certificates wait for a decision, and which courses lack a template."""

    name = "certificates_waiting"
    order = 150
    roles = DECIDING_ROLES
    template_name = "certificates/admin/waiting.html"

    def context(self, user: User) -> dict[str, Any]:
        flagged = Certificate.objects.decidable_by(user).filter(status=CertificateStatus.FLAGGED)
        waiting = without_template(awaiting_certificate())
        return {
            "flagged": flagged.count(),
            "courses": list(
                waiting.values(course=title_column("run__course__"))
                .annotate(people=Count("pk"))
                .order_by("course")
            ),
        }
