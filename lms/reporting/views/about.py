"""What the files of the report say they hold, in the words of the page."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from lms.accounts.enums import Cadre
from lms.reporting.enums import PersonState
from lms.reporting.views.asking import ReportQuery
from lms.spreadsheets.about import About
from lms.spreadsheets.handout import filters_of


def about(request: HttpRequest, asked: ReportQuery, *, state: str = "") -> About:
    """Return the programme, the map, the unit and the filters that the figures answer to."""
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
        _("Cadre"): ", ".join(str(Cadre(key).label) for key in asked.cadres or ()),
        _("Counted"): str(asked.counted_at.label),
        _("Status"): str(PersonState(state).label) if state else "",
    }
    return About(
        filters=filters,
        chosen={label: text for label, text in words.items() if text},
        programme=asked.programme.name,
        area=str(asked.unit or ""),
    )
