"""Completion by district and by commune; the same figures as a spreadsheet."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.accounts.enums import Cadre
from lms.core.display import vi_number
from lms.core.readers import SignedInRequest
from lms.core.replica import replica_reads
from lms.core.text import slug
from lms.reporting.domain.summary import Summary, summarise
from lms.reporting.domain.tables import Row, Table, completion_table
from lms.reporting.extensions import report_columns
from lms.reporting.labels import ahead_label, row_label
from lms.reporting.views.asking import ReportQuery, parse_query
from lms.reporting.views.headline import headline, how_counted, reconciled
from lms.reporting.views.moved import moved_columns, moved_pairs, moves_in_words
from lms.reporting.views.pictures import chart_of, chart_words, tile_map_of
from lms.reporting.views.urls_for import address, row_address, top_address, trail_to
from lms.reporting.workbook import completion_sheet
from lms.spreadsheets.handout import (
    dated_name,
    download_links,
    file_format_of,
    filters_of,
    hand_out,
)
from lms.spreadsheets.tables import FileFormat


@login_required
@require_safe
@replica_reads()
def completion(request: SignedInRequest, unit_id: int | None = None) -> HttpResponse:
    """Show the children of a unit, or the districts of the map, with their figures."""
    asked = parse_query(request, unit_id=unit_id)
    if asked is None:
        return render(request, "reporting/no_programme.html")
    if asked.leaves_unit:
        return redirect(top_address(asked))
    table = _table(request, asked)
    summary = summarise(table=table)
    url_of = partial(row_address, asked=asked)
    context = {
        "asked": asked,
        "table": table,
        "summary": summary,
        "title": _title(asked, summary),
        "rows": [_line(row, table, asked) for row in table.rows],
        "columns": [*moved_columns(table), *report_columns],
        "total": _line(table.total, table, asked),
        "headline": headline(summary=summary, url_of=url_of),
        "how_counted": how_counted(),
        "reconciled": [
            *moves_in_words(table=table, reader=request.user),
            *reconciled(table.total.figures),
        ],
        "cadre": ", ".join(str(Cadre(key).label) for key in asked.cadres or ()),
        "tile_map": tile_map_of(table=table, url_of=url_of),
        "chart": chart_of(table=table),
        "chart_words": chart_words(table=table),
        "day": localdate(),
        "downloads": download_links(_file_address(asked)),
        "reset_url": reverse("reporting:completion") if asked.is_filtered else "",
        "trail": trail_to(asked, asked.unit)[:-1] if asked.unit else [],
    }
    return render(request, "reporting/completion.html", context)


@login_required
@require_safe
@replica_reads()
def completion_file(request: SignedInRequest, unit_id: int | None = None) -> HttpResponseBase:
    """Send what `completion` shows, as a file. Who took it is logged."""
    asked = parse_query(request, unit_id=unit_id)
    if asked is None:
        raise Http404
    if asked.leaves_unit:
        return redirect(top_address(asked))
    table = _table(request, asked)
    file_format = file_format_of(request)
    place = slug(str(asked.unit) if asked.unit else asked.programme.code)
    return hand_out(
        sheet=completion_sheet(table=table),
        by=request.user,
        list_name="hoan-thanh",
        file_name=dated_name("hoan-thanh", place),
        file_format=file_format,
        filters=filters_of(
            request,
            programme=asked.programme.code,
            edition=asked.edition.code,
            unit=str(asked.unit or ""),
        ),
        rows=len(table.rows) + (0 if file_format == FileFormat.CSV else len(table.places)),
    )


def _title(asked: ReportQuery, summary: Summary) -> str:
    if asked.unit is not None:
        return _("Completion: %(place)s") % {"place": asked.unit}
    if summary.has_districts:
        return _("Completion by district")
    return _("Completion by commune")


def _table(request: SignedInRequest, asked: ReportQuery) -> Table:
    return completion_table(
        programme=asked.programme,
        edition=asked.edition,
        on=localdate(),
        reader=request.user,
        parent=asked.unit,
        cadres=asked.cadres,
        counted_at=asked.counted_at,
    )


def _file_address(asked: ReportQuery) -> str:
    if asked.unit is None:
        return address("completion_file", asked)
    return address("completion_unit_file", asked, asked.unit.pk)


def _line(row: Row, table: Table, asked: ReportQuery) -> dict[str, Any]:
    """Return a row with its label, its link to what lies behind,
    and the plug-ins' figures in order.
    """
    figures = [(column.label, row.figures.extra.get(column.key, 0)) for column in report_columns]
    return {
        "row": row,
        "label": row_label(row),
        "url": row_address(row, asked),
        "ahead": ahead_label(row),
        "slowest": _slowest(row.slowest, asked),
        "tile_pairs": figures,
        "extra_pairs": [*moved_pairs(row, table), *figures],
    }


def _slowest(row: Row | None, asked: ReportQuery) -> dict[str, str] | None:
    """Return the commune of a district that is furthest behind, as a link to its names."""
    if row is None:
        return None
    figures = row.figures
    values = {
        "commune": row_label(row),
        "completed": vi_number(figures.completed),
        "people": vi_number(figures.completed + figures.lagging),
    }
    label = _("%(commune)s (%(completed)s/%(people)s)") % values
    return {"label": label, "url": row_address(row, asked)}
