"""Completion by district, by commune and by person; the same figures as a spreadsheet."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.log_actions import log

from lms.core.text import slug
from lms.geography.enums import Level
from lms.reporting.domain.people import people_in
from lms.reporting.domain.tables import Row, Table, completion_table
from lms.reporting.extensions import report_columns
from lms.reporting.labels import row_label
from lms.reporting.views.asking import Asked, read_question
from lms.reporting.workbook import write_completion

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PEOPLE_PER_PAGE = 100


@login_required
@require_safe
def completion(request: HttpRequest, unit_id: int | None = None) -> HttpResponse:
    """The children of a unit, or the districts of the map, with their figures."""
    asked = read_question(request, unit_id=unit_id)
    if asked is None:
        return render(request, "reporting/no_programme.html")
    if asked.leaves_unit:
        return _top_of_the_map(asked)
    table = _table(request, asked)
    context = {
        "asked": asked,
        "table": table,
        "title": _title(asked, table),
        "rows": [_line(row, asked) for row in table.rows],
        "columns": list(report_columns),
        "total": _line(table.total, asked),
        "headline": _headline(table),
        "day": localdate(),
        "xlsx_url": _url("completion_xlsx", asked, unit_id),
        "reset_url": reverse("reporting:completion") if asked.is_filtered else "",
        "trail": _trail(asked),
    }
    return render(request, "reporting/completion.html", context)


@login_required
@require_safe
def completion_xlsx(request: HttpRequest, unit_id: int | None = None) -> HttpResponse:
    """What `completion` shows, as a file. Who took it is logged."""
    asked = read_question(request, unit_id=unit_id)
    if asked is None:
        raise Http404
    if asked.leaves_unit:
        return _top_of_the_map(asked)
    table = _table(request, asked)
    log(
        instance=asked.programme,
        action="reporting.export",
        user=request.user,
        data={"filters": asked.query, "unit": unit_id, "rows": len(table.rows)},
    )
    name = slug(str(asked.unit) if asked.unit else asked.programme.code)
    response = HttpResponse(write_completion(table=table), content_type=XLSX)
    response["Content-Disposition"] = (
        f'attachment; filename="hoan-thanh-{name}-{localdate():%Y-%m-%d}.xlsx"'
    )
    return response


@login_required
@require_safe
def people(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The names behind the figures of one commune, or of the office of a district."""
    asked = read_question(request, unit_id=unit_id)
    if asked is None or asked.unit is None:
        raise Http404
    if asked.leaves_unit:
        return _top_of_the_map(asked)
    lines = people_in(
        programme=asked.programme,
        edition=asked.edition,
        unit=asked.unit,
        on=localdate(),
        reader=request.user,
        cadres=asked.cadres,
    )
    context = {
        "asked": asked,
        "total": len(lines),
        "completed": sum(1 for line in lines if line.state == "completed"),
        "page": Paginator(lines, PEOPLE_PER_PAGE).get_page(request.GET.get("page")),
        "trail": _trail(asked),
    }
    return render(request, "reporting/people.html", context)


def _top_of_the_map(asked: Asked) -> HttpResponse:
    """A unit stands on one map only: whoever chooses another one begins at its top."""
    return redirect(_url("completion", asked, None))


def _title(asked: Asked, table: Table) -> str:
    if asked.unit is not None:
        return _("Completion: %(place)s") % {"place": asked.unit}
    if _headline(table)["has_districts"]:
        return _("Completion by district")
    return _("Completion by commune")


def _table(request: HttpRequest, asked: Asked) -> Table:
    return completion_table(
        programme=asked.programme,
        edition=asked.edition,
        on=localdate(),
        reader=request.user,
        parent=asked.unit,
        cadres=asked.cadres,
    )


def _line(row: Row, asked: Asked) -> dict[str, Any]:
    """A row with its label, its link to what lies behind, and the plug-ins' figures in order."""
    return {
        "row": row,
        "label": row_label(row),
        "url": _row_url(row, asked),
        "extra_pairs": [
            (column, row.figures.extra.get(column.key, 0)) for column in report_columns
        ],
    }


def _row_url(row: Row, asked: Asked) -> str:
    if row.unit is None:
        return ""
    has_names = row.is_office or row.unit.level == Level.COMMUNE
    return _url("people" if has_names else "completion_unit", asked, row.unit.pk)


def _url(name: str, asked: Asked, unit_id: int | None) -> str:
    if unit_id is None:
        url = reverse(f"reporting:{name}")
    else:
        name = "completion_unit_xlsx" if name == "completion_xlsx" else name
        url = reverse(f"reporting:{name}", args=[unit_id])
    return f"{url}?{asked.query}" if asked.query else url


def _headline(table: Table) -> dict[str, int | bool]:
    """How many of the rows are done, and how many have begun to be."""
    places = [row for row in table.rows if row.unit is not None and not row.is_office]
    return {
        "has_districts": any(row.unit.level == Level.DISTRICT for row in places if row.unit),
        "places": len(places),
        "places_reached": sum(1 for row in places if row.figures.completed),
        "places_done": sum(1 for row in places if row.is_done),
    }


def _trail(asked: Asked) -> list[dict[str, str]]:
    """The way back up: the map, then the district of a commune."""
    if asked.unit is None:
        return []
    trail = [{"label": asked.programme.name, "url": _url("completion", asked, None)}]
    trail += [
        {"label": str(unit), "url": _url("completion_unit", asked, unit.pk)}
        for unit in asked.unit.get_ancestors()
        if unit.level == Level.DISTRICT
    ]
    return trail
