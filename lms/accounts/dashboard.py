"""On the front page of the Wagtail admin: corrections that are asked for, posts to decide."""

from typing import Any

from django.utils import timezone

from lms.accounts.boundary_changes.domain.split_units import waiting_posts
from lms.accounts.enums import MANAGING_ROLES
from lms.accounts.models import CorrectionRequest, User
from lms.geography.domain.using import edition_in_use
from lms.scoped_admin.dashboard import ROWS_IN_PANEL, DashboardPanel


class OpenCorrections(DashboardPanel):
    """Requests that wait for an answer, the oldest first."""

    name = "accounts_corrections"
    order = 155
    roles = MANAGING_ROLES
    template_name = "accounts/admin/corrections.html"

    def context(self, user: User) -> dict[str, Any]:
        waiting = CorrectionRequest.objects.manageable_by(user).waiting()
        shown = waiting.select_related("user").order_by("asked_at", "pk")
        return {"total": waiting.count(), "requests": shown[:ROWS_IN_PANEL]}


class WaitingPosts(DashboardPanel):
    """Posts that a new boundary edition leaves to a decision."""

    name = "accounts_waiting_posts"
    order = 157
    roles = MANAGING_ROLES
    template_name = "accounts/admin/waiting_posts.html"

    def context(self, user: User) -> dict[str, Any]:
        edition = edition_in_use(on=timezone.localdate())
        waiting = waiting_posts(edition=edition, reader=user).count() if edition else 0
        return {"edition": edition, "waiting": waiting}
