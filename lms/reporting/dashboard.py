"""On the front page of the Wagtail admin: how far the newest programme is, and whom to look at."""

from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate

from lms.accounts.enums import OVERSIGHT_ROLES
from lms.accounts.models import User
from lms.geography.enums import Level
from lms.reporting.domain.queries import programmes_in_order
from lms.reporting.domain.rows import Row, latest_first
from lms.reporting.domain.tables import table_in_short
from lms.reporting.models import ReportSnapshot
from lms.scoped_admin.dashboard import ROWS_IN_PANEL, DashboardPanel


class CompletionNow(DashboardPanel):
    """People completed of people to train, or of the target, and the places to look at first."""

    name = "reporting_completion"
    # After the work of the day.
    order = 118
    roles = OVERSIGHT_ROLES
    template_name = "reporting/admin/completion.html"

    def context(self, user: User) -> dict[str, Any]:
        programme = programmes_in_order().first()
        if programme is None:
            return {"programme": None, "waiting": 0}
        table = table_in_short(
            programme=programme, edition=programme.edition, on=localdate(), reader=user
        )
        late = latest_first(row for row in table.rows if row.unit and not row.is_office)
        return {
            "programme": programme,
            "total": table.total,
            "waiting": ReportSnapshot.objects.waiting_for(user).count(),
            "lines": [_line(row) for row in late[:ROWS_IN_PANEL]],
        }


def _line(row: Row) -> dict[str, Any]:
    assert row.unit is not None  # noqa: S101 (rows without a unit are left out)
    name = "completion_unit" if row.unit.level == Level.DISTRICT else "people"
    url = reverse(f"reporting:{name}", args=(row.unit.pk,))
    return {"label": str(row.unit), "url": url, "row": row}
