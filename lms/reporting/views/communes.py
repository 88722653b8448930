"""The communes behind a count of communes; each opens its people."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.core.display import vi_number
from lms.core.readers import SignedInRequest
from lms.core.replica import replica_reads
from lms.reporting.domain.rows import Row
from lms.reporting.enums import LATE, CommunesOf
from lms.reporting.labels import commune_label
from lms.reporting.views.about import past_notes
from lms.reporting.views.asking import ReportQuery, parse_query
from lms.reporting.views.counted import table_of
from lms.reporting.views.urls_for import communes_address, names_address, top_address, trail_to

COMMUNES_PER_PAGE = 100


@login_required
@require_safe
@replica_reads()
def communes(request: SignedInRequest, unit_id: int | None = None) -> HttpResponse:
    """Show the communes that a figure of a unit, or of the whole, counts."""
    asked = parse_query(request, unit_id=unit_id)
    if asked is None:
        raise Http404
    if asked.leaves_unit:
        return redirect(top_address(asked))
    table = table_of(asked)
    every = table.communes()
    named = request.GET.get("which", "")
    which = CommunesOf(named) if named in CommunesOf else CommunesOf.ALL
    listed = [row for row in every if row.is_one_of(which)]
    page = Paginator(listed, COMMUNES_PER_PAGE).get_page(request.GET.get("page"))
    columns = [_("Commune"), _("Completed"), _("Who is late")]
    context = {
        "asked": asked,
        "title": asked.place,
        "which": which.label,
        "page": page,
        "columns": [{"label": columns[0]}, *({"label": one, "num": True} for one in columns[1:])],
        "rows": [_line(row, columns, asked) for row in page],
        "tabs": [
            {
                "label": str(one.label),
                "count": sum(row.is_one_of(one) for row in every),
                "url": communes_address(table.total, asked, one),
                "active": one == which,
            }
            for one in CommunesOf
        ],
        "trail": trail_to(asked, asked.unit),
        "notes": past_notes(asked),
    }
    return render(request, "reporting/communes.html", context)


def _line(row: Row, columns: list[str], asked: ReportQuery) -> dict[str, Any]:
    figures = row.figures
    done = f"{vi_number(figures.completed)}/{vi_number(row.goal.people)}"
    return {
        "label": commune_label(row),
        "url": names_address(row, asked),
        "cells": [
            {"label": columns[1], "text": done if row.goal.people else "", "num": True},
            {
                "label": columns[2],
                "text": vi_number(figures.late),
                "num": True,
                "url": names_address(row, asked, state=LATE) if figures.late else "",
            },
        ],
    }
