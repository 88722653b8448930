"""The register of a class as a grid, people by sessions; the same table as a file."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from attendance.domain.grid import Grid, GridColumn, GridRow, grid_of
from attendance.resources.marks import ATTENDANCE
from courses.models import CourseRun
from lms.core.readers import SignedInRequest
from lms.core.text import slug
from lms.spreadsheets.about import About
from lms.spreadsheets.handout import (
    dated_name,
    download_links,
    file_format_of,
    filters_of,
    hand_out,
)
from lms.spreadsheets.tables import Spreadsheet

DEFAULT_ORDER = "name"
# From so many sessions on, paper has room for the signs alone.
MANY_SESSIONS = 16


@login_required
@require_safe
def run_grid(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the grid to those who teach the class or watch over it."""
    grid, order = _grid(request, pk)
    shown = [column for column in grid.columns if not column.is_in_file_alone]
    address = f"{reverse('attendance:run_grid_file', args=[pk])}?sort={order}"
    context = {
        "run": grid.run,
        "heads": [_head(column, order) for column in shown],
        "rows": [_line(row) for row in grid.rows],
        "is_many": len(grid.sessions) > MANY_SESSIONS,
        "has_sessions": bool(grid.sessions),
        "has_missing": any(row.missing is not None for row in grid.rows),
        "has_make_ups": any(row.made_up for row in grid.rows),
        "downloads": download_links(address),
        "import_url": _import_url() if ATTENDANCE.is_open_to(request.user) else "",
    }
    return render(request, "attendance/run_grid.html", context)


@login_required
@require_safe
def run_grid_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Send the columns of the page in the same order, with the codes of class and people."""
    grid, _order = _grid(request, pk)
    columns = grid.columns
    rows = [[column.value(row) for column in columns] for row in grid.rows]
    name = f"bang-diem-danh-{slug(grid.run.code)}"
    return hand_out(
        sheet=Spreadsheet(_("Attendance table"), [column.file_label for column in columns], rows),
        by=request.user,
        list_name=name,
        file_name=dated_name(name),
        file_format=file_format_of(request),
        about=_about(request, grid.run),
        rows=len(rows),
    )


def _import_url() -> str:
    return f"{reverse('imports:add')}?{urlencode({'kind': ATTENDANCE.key})}"


def _about(request: SignedInRequest, run: CourseRun) -> About:
    chosen = {_("Class"): f"{run.title} ({run.code})"}
    return About(filters_of(request), chosen, programme=run.programme.name, area=str(run.unit))


def _grid(request: SignedInRequest, pk: int) -> tuple[Grid, str]:
    runs = CourseRun.objects.watched_by(request.user).select_related("course", "programme", "unit")
    order = request.GET.get("sort", DEFAULT_ORDER)
    return grid_of(run=get_object_or_404(runs, pk=pk), reader=request.user, order=order), order


def _head(column: GridColumn, order: str) -> dict[str, Any]:
    """Return the head of a column; pressed again, the link turns the order round."""
    is_chosen = column.sort and column.sort == order.removeprefix("-")
    is_reversed = order.startswith("-")
    session = column.session
    return {
        "label": column.label,
        "session": session,
        "is_number": column.is_number,
        "sort": f"-{column.sort}" if is_chosen and not is_reversed else column.sort,
        "aria_sort": ("descending" if is_reversed else "ascending") if is_chosen else "",
    }


def _line(row: GridRow) -> dict[str, Any]:
    return {
        "enrolment": row.enrolment,
        "cells": row.cells,
        "attended": row.attended,
        "required": row.required,
        "is_met": row.required is not None and row.attended >= row.required > 0,
        "made_up": row.made_up,
        "missing": row.missing,
    }
