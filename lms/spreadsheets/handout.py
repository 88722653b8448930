"""The one way in which a list leaves as a file: safe to open in Excel, and logged."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import models
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.encoding import force_str
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log

from lms.core.audit_log import EXPORT_ACTION
from lms.core.readers import Reader
from lms.spreadsheets.about import FILTER_LABELS, About, with_head
from lms.spreadsheets.import_rows import RowResource
from lms.spreadsheets.tables import (
    ODS,
    XLSX,
    Cell,
    FileFormat,
    Spreadsheet,
    as_cell,
    stream_csv,
    write_ods_sheet,
    write_xlsx,
    written,
)

# Rows are fetched in pieces: a list of 100,000 is never in memory at once.
_CHUNK = 1000
# Parts of an address that choose no rows.
_NO_FILTERS = {"export", "p", "page", "ordering", "_w_filter_fragment"}


def hand_out(
    *,
    sheet: Spreadsheet,
    by: Reader,
    list_name: str,
    file_format: FileFormat,
    about: About,
    rows: int,
    file_name: str = "",
    action: str = EXPORT_ACTION,
) -> HttpResponseBase:
    """Answer with the table as a file to save; the history of `by` tells of it.

    `about` says how the rows were chosen, `rows` how many records left: a list with a total has
    more lines. `file_name` without its ending; where it is missing it is `list_name`.
    """
    sheet = with_head(sheet=sheet, about=about, by=by, rows=rows)
    log_export(
        by=by,
        list_name=list_name,
        file_format=file_format.value,
        about=about,
        rows=rows,
        title=sheet.title,
        action=action,
    )
    return _file_of(sheet, file_format, f"{file_name or list_name}.{file_format.value}")


def log_export(
    *,
    by: Reader,
    list_name: str,
    file_format: str,
    about: About,
    rows: int,
    title: str,
    action: str = EXPORT_ACTION,
) -> None:
    """Write into the history of the person: which list was taken out, how chosen, how many rows.

    `title` is what people call the list, `list_name` what it is known by.
    """
    data: dict[str, Any] = {"list": list_name, "format": file_format, "rows": rows}
    data |= {"filters": dict(about.filters), "title": title}
    if about.chosen:
        data["chosen"] = dict(about.chosen)
    log(instance=by, action=action, user=by, data=data)


def dated_name(*parts: str) -> str:
    """Return the name of a file that changes from day to day: hoan-thanh-ha-nam-2026-06-05."""
    return "-".join((*parts, f"{localdate():%Y-%m-%d}"))


def filters_of(request: HttpRequest, **more: str) -> dict[str, str]:
    """Return what is asked of a list: what is filled in of the address's filters, and `more`."""
    asked = {
        name: ", ".join(filter(None, values))
        for name, values in request.GET.lists()
        if name not in _NO_FILTERS
    }
    return {name: text for name, text in (asked | more).items() if text}


class LoggedExportMixin(SpreadsheetExportMixin):
    """Gives out what a list shows, all pages of it, as XLSX, ODS and CSV; who took it is logged.

    The columns are those of the import that takes the rows in again (`resource_class`), then those
    of the screen that these do not hold, then `further_columns`, which the screen has no room for.
    """

    resource_class: type[RowResource] | None = None
    further_columns: Sequence[Column] = ()

    request: Any
    FORMATS: Sequence[str] = FileFormat.values

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.is_export:
            return super().get(request, *args, **kwargs)
        # Without the page: its table would fetch all rows at once.
        asked: Any = getattr(self, "get_filtered_queryset", None) or self.get_queryset
        return self.as_spreadsheet(asked(), request.GET["export"])

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponseBase:
        file_format = FileFormat(spreadsheet_format)
        # Counted, not fetched: the rows are read once, by the writer.
        rows = queryset.count() if isinstance(queryset, models.QuerySet) else len(queryset)
        return hand_out(
            sheet=self._sheet(queryset),
            by=self.request.user,
            list_name=force_str(self.get_filename()),
            file_format=file_format,
            about=self._about(),
            rows=rows,
        )

    def _about(self) -> About:
        filters = filters_of(self.request)
        return About(filters=filters, chosen=self._chosen() if filters else {})

    def _chosen(self) -> dict[str, str]:
        """Return what narrows the list in the words of the page."""
        found: dict[str, list[str]] = defaultdict(list)
        for one in self.active_filters:
            found[str(one.field_label)].append(str(one.value))
        if query := getattr(self, "search_query", ""):
            found[str(FILTER_LABELS["q"])].append(query)
        return {label: ", ".join(values) for label, values in found.items()}

    def _sheet(self, queryset: Any) -> Spreadsheet:
        resource = self._resource
        read = resource.exported_columns() if resource else []
        headings = [str(column.label) for column in read]
        added = [one for one in self._own_columns if str(one.label) not in headings]
        title = str(capfirst(self.model._meta.verbose_name_plural))
        return Spreadsheet(
            title=title,
            headings=[*headings, *(str(column.label) for column in added)],
            rows=_rows(queryset, resource, added),
        )

    @cached_property
    def _resource(self) -> RowResource | None:
        if self.resource_class is None:
            return None
        return self.resource_class(by=self.request.user, day=localdate(), edition_id=None)

    @cached_property
    def _own_columns(self) -> list[Column]:
        # A tick for each row is no column of the list.
        columns = (one for one in (*self.columns, *self.further_columns) if isinstance(one, Column))
        return [one for one in columns if str(one.label or "")]

    @cached_property
    def show_export_buttons(self) -> bool:
        return bool(self._own_columns)

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        # Wagtail's own two know two formats.
        buttons: list[Button] = super(SpreadsheetExportMixin, self).header_more_buttons.copy()
        if self.show_export_buttons:
            for place, file_format in enumerate(FileFormat):
                url = self.get_export_url(file_format.value)
                label = _("Download %(format)s") % {"format": file_format.label}
                button = Button(label, url=url, icon_name="download", priority=90 + place)
                buttons.append(button)
        return buttons


def file_format_of(request: HttpRequest) -> FileFormat:
    """Return which kind of file the address asks for; XLSX unless told."""
    asked = request.GET.get("export", "")
    return FileFormat(asked) if asked in FileFormat else FileFormat.XLSX


def download_links(url: str) -> list[dict[str, str]]:
    """Return label, url and format of each kind of file that `url` gives out,
    for `downloads.html`.
    """
    joint = "&" if "?" in url else "?"
    return [
        {
            "format": file_format.value,
            "label": _("Download %(format)s") % {"format": file_format.label},
            "short": str(file_format.label),
            "url": f"{url}{joint}export={file_format.value}",
        }
        for file_format in FileFormat
    ]


def _file_of(
    sheet: Spreadsheet, file_format: FileFormat, file_name: str
) -> FileResponse | StreamingHttpResponse:
    if file_format == FileFormat.CSV:
        disposition = f'attachment; filename="{file_name}"'
        headers = {"Content-Disposition": disposition}
        return StreamingHttpResponse(stream_csv(sheet), content_type="text/csv", headers=headers)
    is_xlsx = file_format == FileFormat.XLSX
    write, content_type = (write_xlsx, XLSX) if is_xlsx else (write_ods_sheet, ODS)
    return FileResponse(
        written(sheet, write), as_attachment=True, filename=file_name, content_type=content_type
    )


def _rows(
    queryset: Any, resource: RowResource | None, columns: Sequence[Column]
) -> Iterator[tuple[Cell, ...]]:
    for piece in _in_pieces(queryset):
        read = resource.export_rows(piece) if resource else [[]] * len(piece)
        for item, cells in zip(piece, read, strict=True):
            yield tuple(map(as_cell, (*cells, *(one.get_value(item) for one in columns))))


def _in_pieces(rows: Any) -> Iterator[Sequence[Any]]:
    rest = rows.iterator(_CHUNK) if isinstance(rows, models.QuerySet) else iter(rows)
    while piece := tuple(islice(rest, _CHUNK)):
        yield piece
