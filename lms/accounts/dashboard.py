"""On the front page of the Wagtail admin: corrections that people ask for."""

from typing import Any

from lms.accounts.enums import KEEPING_ROLES
from lms.accounts.models import CorrectionRequest
from lms.core.dashboard import ROWS_IN_PANEL, DashboardPanel


class OpenCorrections(DashboardPanel):
    """Requests that wait for an answer, the oldest first."""

    name = "accounts_corrections"
    order = 155
    roles = KEEPING_ROLES
    template_name = "accounts/admin/corrections.html"

    def context(self, user: Any) -> dict[str, Any]:
        waiting = CorrectionRequest.objects.manageable_by(user).waiting()
        shown = waiting.select_related("user").order_by("asked_at", "pk")
        return {"total": waiting.count(), "requests": shown[:ROWS_IN_PANEL]}
