"""Spreadsheets of what a list shows: safe to open in Excel, and each one logged."""

from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils.encoding import force_str
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.log_actions import log

EXPORT_ACTION = "core.export"
# Excel runs a CSV cell that begins like this as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK = "\ufeff".encode()


def harmless_cell(value: object) -> object:
    """Text that Excel would run as a formula gets an apostrophe in front."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


class LoggedExportMixin(SpreadsheetExportMixin):
    """CSV with a byte order mark, so that Excel reads Vietnamese; who exported what is logged."""

    request: Any

    def write_csv_row(self, writer: Any, row_dict: dict[str, Any]) -> Any:
        return writer.writerow(
            {
                field: harmless_cell(self.preprocess_field_value(field, value, self.FORMAT_CSV))
                for field, value in row_dict.items()
            }
        )

    def stream_csv(self, queryset: Any) -> Any:
        yield _BYTE_ORDER_MARK
        yield from super().stream_csv(queryset)

    def as_spreadsheet(
        self, queryset: Any, spreadsheet_format: str
    ) -> FileResponse | StreamingHttpResponse:
        # Counted, not fetched: the rows are read once, by the writer.
        rows = queryset.count() if hasattr(queryset, "query") else len(queryset)
        log(
            instance=self.request.user,
            action=EXPORT_ACTION,
            user=self.request.user,
            data={
                "list": force_str(self.get_filename()),
                "format": spreadsheet_format,
                "rows": rows,
            },
        )
        return super().as_spreadsheet(queryset, spreadsheet_format)
