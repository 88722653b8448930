"""What is held about oneself: a page, and the same as a file."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.accounts.enums import CorrectionState
from lms.accounts.personal_data.domain.own_data import (
    TAKEN,
    Section,
    as_lines,
    as_plain_data,
    held_about,
)
from lms.core.display import NOTHING, vi_date
from lms.core.readers import SignedInRequest
from lms.spreadsheets.about import About
from lms.spreadsheets.handout import hand_out, log_export
from lms.spreadsheets.tables import Cell, FileFormat, Spreadsheet

_FILE_NAME = "du-lieu-ve-toi"
_TONES = {
    CorrectionState.OPEN: "info",
    CorrectionState.DONE: "success",
    CorrectionState.REFUSED: "warning",
    CorrectionState.WITHDRAWN: "neutral",
}


@login_required
@require_safe
def own_data(request: SignedInRequest) -> HttpResponse:
    """Show everything, kind by kind; kinds without a row are named at the end."""
    person = request.user
    sections = held_about(person=person)
    context = {
        "sections": [_section(section) for section in sections if section.rows],
        "requests": [
            (asked, _TONES[CorrectionState(asked.state)])
            for asked in person.correction_requests.all()
        ],
        "empty": [section.title for section in sections if not section.rows],
    }
    return render(request, "accounts/own_data.html", context)


def _section(section: Section) -> dict[str, Any]:
    """Return a table, or facts below each other where there is one row."""
    rows = [[_shown(cell) for cell in row] for row in section.rows]
    facts = [
        {"label": heading, "value": cell}
        for heading, cell in zip(section.headings, rows[0], strict=True)
    ]
    return {
        "title": section.title,
        "headings": section.headings,
        "rows": rows,
        "facts": facts if len(rows) == 1 else [],
    }


def _shown(cell: Cell) -> str:
    """Return a cell as it stands on the page: a dash for nothing,
    days as people here write them.
    """
    if cell is None:
        return NOTHING
    if isinstance(cell, datetime):
        return vi_date(make_aware(cell), "time")
    return vi_date(cell) if isinstance(cell, date) else str(cell)


@login_required
@require_safe
def own_data_file(request: SignedInRequest, ending: str) -> HttpResponseBase:
    """Send JSON for a machine, XLSX for a person; noted in the history of the person."""
    if ending not in ("json", "xlsx"):
        raise Http404
    person = request.user
    sections = held_about(person=person)
    entry: dict[str, Any] = {
        "by": person,
        "list_name": _FILE_NAME,
        "about": About(),
        "rows": sum(len(section.rows) for section in sections),
        "action": TAKEN,
    }
    if ending == "json":
        log_export(**entry, file_format=ending, title=_("Data about oneself"))
        options = {"ensure_ascii": False, "indent": 2}
        response = JsonResponse(as_plain_data(sections=sections), json_dumps_params=options)
        response["Content-Disposition"] = f'attachment; filename="{_FILE_NAME}.json"'
        return response
    headings = [_("Kind of record"), _("Row"), _("Column"), _("Value")]
    sheet = Spreadsheet(_("Data stored about me"), headings, as_lines(sections=sections))
    return hand_out(**entry, sheet=sheet, file_format=FileFormat.XLSX)
