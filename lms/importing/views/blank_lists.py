"""The empty list of a kind, to be filled in."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase

from lms.importing.extensions import import_kinds
from lms.importing.workbook import blank_list
from lms.scoped_admin.pages import ScopedPage
from lms.spreadsheets.tables import XLSX, write_xlsx, written


class BlankListView(ScopedPage):
    permission_required = "add"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kind = import_kinds.get(kwargs["kind"])
        if kind is None or not kind.is_open_to(self.request.user):
            raise Http404
        return FileResponse(
            written(blank_list(kind), write_xlsx),
            as_attachment=True,
            filename=f"mau-{kind.key}.xlsx",
            content_type=XLSX,
        )
