"""What the files of the report say they hold, in the words of the page."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from lms.reporting.views.asking import ReportQuery
from lms.spreadsheets.about import About
from lms.spreadsheets.handout import filters_of


def about(
    request: HttpRequest, asked: ReportQuery, *, area: str, state: str = "", state_label: str = ""
) -> About:
    """Return the programme, the map, the place and the filters that the figures answer to."""
    filters = filters_of(
        request,
        programme=asked.programme.code,
        edition=asked.edition.code,
        unit=str(asked.unit or ""),
        state=state,
    )
    edition = f"{asked.edition} ({asked.edition.legal_basis})"
    words = {
        _("Map"): edition,
        _("Cadre"): asked.cadre_label,
        _("Counted"): str(asked.counted_at.label),
        _("Status"): state_label,
    }
    return About(
        filters=filters,
        chosen={label: text for label, text in words.items() if text},
        programme=asked.programme.name,
        area=area,
    )
