"""Wagtail's own lists leave as ours do: with a head, and logged.

Its reports name people, too: who changed which page, who holds a lock.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import models
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.encoding import force_str
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from lms.spreadsheets.about import About
from lms.spreadsheets.handout import filters_of, hand_out
from lms.spreadsheets.tables import Cell, FileFormat, Spreadsheet, as_cell


def hand_out_list(
    view: SpreadsheetExportMixin, queryset: Any, spreadsheet_format: str
) -> HttpResponseBase:
    """Return the list as a file; 404 for one that has no columns to give out."""
    fields = list(view.list_export)
    if not fields:
        raise Http404
    is_counted = isinstance(queryset, models.QuerySet)
    sheet = Spreadsheet(
        title=force_str(view.page_title or view.get_filename()),
        headings=[view.get_heading(queryset, field) for field in fields],
        rows=_cells(view, queryset, fields),
    )
    return hand_out(
        sheet=sheet,
        by=view.request.user,
        list_name=force_str(view.get_filename()),
        file_format=FileFormat(spreadsheet_format),
        about=About(filters=filters_of(view.request)),
        rows=queryset.count() if is_counted else len(queryset),
    )


def _cells(
    view: SpreadsheetExportMixin, queryset: Iterable[Any], fields: Sequence[str]
) -> Iterator[list[Cell]]:
    for one in queryset:
        values = view.to_row_dict(one)
        yield [as_cell(values[field]) for field in fields]


def hand_out_wagtails_lists() -> None:
    SpreadsheetExportMixin.as_spreadsheet = hand_out_list
