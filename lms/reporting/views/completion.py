"""Completion by district and by commune; the same figures as a spreadsheet."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.permissions import PLANNERS
from lms.core.display import vi_date, vi_number
from lms.core.readers import SignedInRequest
from lms.core.replica import replica_reads
from lms.core.text import slug
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.reporting.columns import Column, Defined, columns_of, defined_figures
from lms.reporting.domain.rows import Row
from lms.reporting.domain.summary import Summary, summarise
from lms.reporting.domain.tables import Table
from lms.reporting.enums import LATE, CommunesOf, PersonState, TargetUse
from lms.reporting.extensions import ReportColumn, report_columns
from lms.reporting.labels import ahead_label, row_label
from lms.reporting.views.about import about, past_notes
from lms.reporting.views.asking import ReportQuery, parse_query
from lms.reporting.views.counted import table_of
from lms.reporting.views.headline import (
    compared_with,
    headline,
    how_counted,
    nobody_counted,
    reconciled,
)
from lms.reporting.views.moved import moves_in_words
from lms.reporting.views.office import office_of
from lms.reporting.views.pictures import chart_of, chart_words, tile_map_of
from lms.reporting.views.urls_for import (
    address,
    communes_address,
    definition_address,
    names_address,
    row_address,
    top_address,
    trail_to,
)
from lms.reporting.workbook import completion_sheet
from lms.spreadsheets.handout import (
    dated_name,
    download_links,
    file_format_of,
    hand_out,
)
from lms.spreadsheets.tables import FileFormat

#: Figures that stand outside the columns: in the headline, the tiles, the bar.
_ALWAYS_TOLD = (
    "people",
    PersonState.COMPLETED.value,
    "goal",
    "share",
    "late",
    "communes_unreached",
)


@login_required
@require_safe
@replica_reads()
def completion(request: SignedInRequest, unit_id: int | None = None) -> HttpResponse:
    """Show the children of a unit, or the districts of the map, with their figures."""
    asked = parse_query(request, unit_id=unit_id)
    if asked is None:
        may_add = request.user.scope.administers_province
        add_url = reverse("programmes:add") if may_add else ""
        return render(request, "reporting/no_programme.html", {"add_url": add_url})
    if asked.leaves_unit:
        return redirect(top_address(asked))
    table = table_of(asked, with_places=False)
    if asked.unit is None and (only := _only_commune(table)):
        return redirect(address("people", asked, only.pk))
    summary = summarise(table=table)
    columns = _columns(table, summary)
    context = {
        **_words(table, summary, asked),
        **_pictures(table, asked),
        "asked": asked,
        "table": table,
        "summary": summary,
        "rows": [_line(row, columns, asked) for row in table.rows],
        "columns": _headings(table, columns),
        "indicators": _meanings(columns),
        "total": _line(table.total, columns, asked),
        "day": asked.day,
        "notes": past_notes(asked),
        "office": office_of(request.user, _units_at_hand(asked, table)),
        "downloads": download_links(_file_address(asked)),
        "training_url": _training_address(asked),
        "targets_url": _targets_address(asked),
        "reset_url": reverse("reporting:completion") if asked.is_filtered else "",
        "is_open": asked.is_filtered or bool(asked.form.errors),
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
    table = table_of(asked)
    file_format = file_format_of(request)
    place = slug(str(asked.unit) if asked.unit else asked.programme.code)
    return hand_out(
        sheet=completion_sheet(table=table),
        by=request.user,
        list_name="hoan-thanh",
        file_name=dated_name("hoan-thanh", place),
        file_format=file_format,
        about=about(request, asked, area=str(table.parent or "")),
        rows=len(table.rows) + (0 if file_format == FileFormat.CSV else len(table.places)),
    )


def _words(table: Table, summary: Summary, asked: ReportQuery) -> dict[str, Any]:
    """Return what the page says of the table, and where the lists behind its tiles and sentences stand."""
    names_of = partial(names_address, asked=asked)
    return {
        "title": _title(table, summary, asked),
        "headline": headline(
            summary=summary,
            url_of=partial(row_address, asked=asked),
            names_of=names_of,
            nobody=nobody_counted(asked),
        ),
        "compared_with": compared_with(summary),
        "how_counted": how_counted(),
        "reconciled": moves_in_words(table=table, reader=asked.reader),
        "plug_ins": [] if asked.is_past else reconciled(table.total, names_of),
        "tile_names": {
            "completed": names_of(table.total, state=PersonState.COMPLETED.value),
            "late": names_of(table.total, state=LATE),
            "communes": communes_address(table.total, asked, CommunesOf.REACHED),
            "unreached": communes_address(table.total, asked, CommunesOf.UNREACHED),
        },
    }


def _columns(table: Table, summary: Summary) -> list[Column]:
    """Return the columns of the page, their labels as words: each row would translate them anew."""
    return [
        replace(column, label=str(column.label))
        for column in columns_of(table, has_communes=summary.has_districts)
        if not column.only_file
    ]


def _pictures(table: Table, asked: ReportQuery) -> dict[str, Any]:
    url_of, on = partial(row_address, asked=asked), asked.day
    return {
        "tile_map": tile_map_of(table=table, url_of=url_of),
        "chart": chart_of(table=table, on=on, url_of=url_of),
        "chart_words": chart_words(table=table, on=on),
    }


def _headings(table: Table, columns: list[Column]) -> list[dict[str, Any]]:
    """Return the heads of the table, each with the address of its definition."""
    return [
        {"label": _("Place")},
        {
            "label": _("Completed"),
            "url": definition_address("people" if table.target_use != TargetUse.SET else "goal"),
        },
        {"label": _("Share"), "num": True, "url": definition_address("share")},
        *(
            {"label": column.label, "num": True, "url": definition_address(column.key)}
            for column in columns
        ),
    ]


def _meanings(columns: list[Column]) -> list[Defined]:
    """Return what the figures of the page mean, for its print: others are explained on their own page."""
    told = {*_ALWAYS_TOLD, *(column.key for column in columns)}
    return [one for one in defined_figures() if one.key in told]


def _units_at_hand(asked: ReportQuery, table: Table) -> Iterator[AdministrativeUnit]:
    """Return the units that the page has read; one of them may be that of the reader's office."""
    units = (asked.unit, table.parent, table.total.unit, *(row.unit for row in table.rows))
    return (unit for unit in units if unit is not None)


def _only_commune(table: Table) -> AdministrativeUnit | None:
    """Return the commune where it is all that the report holds: its names say more."""
    (row, *others) = table.rows or [table.total]
    is_alone = not others and row.unit is not None and row.unit.level == Level.COMMUNE
    return row.unit if is_alone else None


def _title(table: Table, summary: Summary, asked: ReportQuery) -> str:
    scope = asked.reader.scope
    if table.parent is not None:
        if not scope.oversees_province and not scope.covers(table.parent.path):
            return _("Completion: own communes of %(place)s") % {"place": table.parent}
        return _("Completion: %(place)s") % {"place": table.parent}
    if any(
        row.unit and row.unit.level == Level.PROVINCE and not row.is_office for row in table.rows
    ):
        return _("Completion by province")
    if summary.has_districts:
        return _("Completion by district")
    return _("Completion by commune")


def _file_address(asked: ReportQuery) -> str:
    if asked.unit is None:
        return address("completion_file", asked)
    return address("completion_unit_file", asked, asked.unit.pk)


def _training_address(asked: ReportQuery) -> str:
    if asked.unit is None:
        return address("training", asked)
    return address("training_unit", asked, asked.unit.pk)


def _targets_address(asked: ReportQuery) -> str:
    """Return the grid of the targets that the page compares with; "" for whoever sets none."""
    if not asked.reader.scope.has_role(*PLANNERS):
        return ""
    own = asked.programme.edition_id == asked.edition.pk and asked.unit
    path = reverse("reporting:targets_unit", args=[own.pk]) if own else reverse("reporting:targets")
    return f"{path}?programme={asked.programme.pk}"


def _line(row: Row, columns: list[Column], asked: ReportQuery) -> dict[str, Any]:
    """Return a row with its label, its link to what lies behind, and its figures in order."""
    return {
        "row": row,
        "label": row_label(row),
        "url": row_address(row, asked),
        "ahead": ahead_label(row),
        "bar_url": names_address(row, asked, state=PersonState.COMPLETED.value),
        "latest": _latest(row.latest, asked),
        "cells": [_cell(row, column, asked) for column in columns],
        "extra": [_extra(row, column, asked) for column in report_columns],
    }


class FigureCell(NamedTuple):
    """A figure as the row of a place shows it; texts alone, so that rows are told apart quickly."""

    label: str
    text: str
    url: str
    note: str


def _cell(row: Row, column: Column, asked: ReportQuery) -> FigureCell:
    """Return a figure with the names behind it; a part of a whole has the whole beside it."""
    text = column.text(row) if row.figures.people or not column.state else ""
    begins = row.figures.starts_on if column.state == PersonState.TO_COME else None
    note = _("from %(day)s") % {"day": vi_date(begins, "short")} if begins else ""
    url = ""
    if column.opens is not None and column.value(row):
        url = _names_behind(row, asked, column.opens)
    elif column.lists is not None and column.value(row):
        url = communes_address(row, asked, column.lists)
    if url:
        figure, separator, whole = text.partition("/")
        text, note = figure, note or f"{separator}{whole}"
    return FigureCell(label=str(column.label), text=text, url=url, note=note)


def _extra(row: Row, column: ReportColumn, asked: ReportQuery) -> dict[str, Any]:
    """Return the figure of a plug-in with the names behind it."""
    figure = row.figures.extra.get(column.key, 0)
    opens = {"figure": column.key}
    url = _names_behind(row, asked, opens) if figure and column.opens_names else ""
    return {"label": column.label, "figure": figure, "url": url}


def _names_behind(row: Row, asked: ReportQuery, opens: Mapping[str, str]) -> str:
    """Return where the names stand; those of a part of the people are not told of a past day."""
    is_told = not asked.is_past or opens.keys() <= {"state"}
    return names_address(row, asked, **opens) if is_told else ""


def _latest(row: Row | None, asked: ReportQuery) -> dict[str, str] | None:
    """Return the commune of a district to look at first, as a link to its names."""
    if row is None:
        return None
    values = {
        "commune": row_label(row),
        "late": vi_number(row.figures.late),
        "people": vi_number(row.figures.people),
    }
    label = _("%(commune)s (%(late)s/%(people)s)") % values
    return {"label": label, "url": row_address(row, asked)}
