"""On the front page of the Wagtail admin: certificates that need a person."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from certificates.domain.outstanding import awaiting_certificate, without_template
from certificates.enums import DECIDING_ROLES, CertificateStatus
from certificates.models import Certificate


class WaitingPanel(Component):
    """How many certificates wait for a decision, and which courses lack a template."""

    name = "certificates_waiting"
    template_name = "certificates/admin/waiting.html"
    order = 120

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        flagged = Certificate.objects.decidable_by(user).filter(status=CertificateStatus.FLAGGED)
        waiting = without_template(awaiting_certificate())
        return {
            "flagged": flagged.count(),
            "courses": list(
                waiting.values("run__course__title")
                .annotate(people=Count("pk"))
                .order_by("run__course__title")
            ),
        }


def add_waiting_panel(request: HttpRequest, panels: list[Component]) -> None:
    """For those who can do something about it."""
    if request.user.scope.has_role(*DECIDING_ROLES):  # type: ignore[union-attr]
        panels.append(WaitingPanel())
