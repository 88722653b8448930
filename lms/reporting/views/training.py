"""The training that was given, apart from who has completed: hours, attendances, make-ups, gain."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.core.display import vi_number
from lms.core.readers import SignedInRequest
from lms.core.replica import replica_reads
from lms.core.text import slug
from lms.reporting.domain.rows import Row
from lms.reporting.domain.tables import Table, training_table
from lms.reporting.extensions import TrainingFigure, training_figures
from lms.reporting.labels import row_label
from lms.reporting.views.about import about
from lms.reporting.views.asking import ReportQuery, parse_query
from lms.reporting.views.office import office_of
from lms.reporting.views.urls_for import address, names_address, top_address, trail_to
from lms.reporting.workbook import training_sheet
from lms.spreadsheets.handout import dated_name, download_links, file_format_of, hand_out


@login_required
@require_safe
@replica_reads()
def training(request: SignedInRequest, unit_id: int | None = None) -> HttpResponse:
    """Show what training the people of each place had."""
    asked = parse_query(request, unit_id=unit_id)
    if asked is None:
        raise Http404
    if asked.leaves_unit:
        return redirect(top_address(asked))
    table = _table(asked)
    context = {
        "asked": asked,
        "title": asked.place,
        "columns": [
            {"label": _("Place")},
            *({"label": one.label, "num": True} for one in training_figures),
        ],
        "rows": [_line(row, asked, row_label(row)) for row in table.rows]
        + [_line(table.total, asked, _("Total"))],
        "figures": list(training_figures),
        "downloads": download_links(_address("training%s_file", asked)),
        "reset_url": reverse("reporting:training") if asked.is_filtered else "",
        "trail": trail_to(asked, asked.unit),
        "office": office_of(request.user),
    }
    return render(request, "reporting/training.html", context)


@login_required
@require_safe
@replica_reads()
def training_file(request: SignedInRequest, unit_id: int | None = None) -> HttpResponseBase:
    """Send what `training` shows, as a file. Who took it is logged."""
    asked = parse_query(request, unit_id=unit_id)
    if asked is None:
        raise Http404
    if asked.leaves_unit:
        return redirect(top_address(asked))
    table = _table(asked)
    place = slug(str(asked.unit) if asked.unit else asked.programme.code)
    return hand_out(
        sheet=training_sheet(table=table),
        by=request.user,
        list_name="gio-hoc",
        file_name=dated_name("gio-hoc", place),
        file_format=file_format_of(request),
        about=about(request, asked, area=str(table.parent or "")),
        rows=len(table.rows),
    )


def _table(asked: ReportQuery) -> Table:
    return training_table(
        programme=asked.programme,
        edition=asked.edition,
        reader=asked.reader,
        parent=asked.unit,
        cadres=asked.cadres,
        narrowing=asked.narrowing,
    )


def _address(name: str, asked: ReportQuery) -> str:
    """Return the page or the file of what is asked; `name` has a place for the ending of a unit."""
    if asked.unit is None:
        return address(name % "", asked)
    return address(name % "_unit", asked, asked.unit.pk)


def _line(row: Row, asked: ReportQuery, label: str) -> dict[str, Any]:
    is_district = row.unit is not None and row.communes > 0 and not row.is_office
    return {
        "label": label,
        "url": address("training_unit", asked, row.unit.pk) if row.unit and is_district else "",
        "cells": [_cell(one, row, asked) for one in training_figures],
    }


def _cell(one: TrainingFigure, row: Row, asked: ReportQuery) -> dict[str, Any]:
    """Return a figure with the names behind it: where people were enrolled, as recorded today, like itself."""
    is_told = row.figures.extra.get(one.per or one.key)
    url = names_address(row, asked, figure=one.key, counted="", on="") if is_told else ""
    return {"label": one.label, "text": _text(one, row), "num": True, "url": url}


def _text(one: TrainingFigure, row: Row) -> str:
    value = one.value(row.figures.extra)
    return "" if value is None else vi_number(value)
