"""What is kept how long, what is due, and what the last purge did."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.personal_data.domain.retention import rehearse
from lms.scoped_admin.pages import ScopedPage


class RetentionRulesView(ScopedPage):
    """The rules with the figures of a rehearsal: for administrators of a province."""

    permission_required = "view"
    page_title = _("How long personal data is kept")
    template_name = "accounts/retention.html"

    def get_row(self) -> None:
        """Refuse others: the figures are those of the province, whatever one administers."""
        reader = self.request.user
        if not reader.scope.administers_province:
            raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        last: Any = self.scoped_rows().first()
        counts = last.counts if last else {}
        states = rehearse(at=timezone.now())
        return super().get_context_data(
            lines=[(state, counts.get(state.rule.key, 0)) for state in states],
            last=last,
            runs_url=reverse("retention:index"),
            **kwargs,
        )
