"""A page that several requests save at the same moment: Wagtail 8.0 reads it, looks at the form, and writes it whole.

The form of a page saves itself while one types. Whoever published meanwhile had the page taken back at once:
the automatic save had read it before, as one that nobody sees.
"""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Page

from lms.core.databases import lock_rows

_edit = EditView.dispatch


def edit_in_turn(
    view: EditView, request: HttpRequest, page_id: int, **more: Any
) -> HttpResponseBase:
    """Let one request at a time change a page: the next one reads what the last has left."""
    if request.method != "POST":
        shown: HttpResponseBase = _edit(view, request, page_id, **more)
        return shown
    with transaction.atomic():
        lock_rows(Page.objects.all(), pks=[page_id])
        saved: HttpResponseBase = _edit(view, request, page_id, **more)
        return saved


def save_pages_in_turn() -> None:
    EditView.dispatch = edit_in_turn
