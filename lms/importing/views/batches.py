"""The list of imports, the upload, and the page of one import, whatever its state."""

from typing import Any

import django_filters
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from lms.importing.domain.confirming import is_blocked
from lms.importing.domain.progress import progress_of
from lms.importing.domain.undoing import left_by_undo, may_undo
from lms.importing.enums import WRITING_OUTCOMES, WRITTEN_STATES, BatchState, RowOutcome
from lms.importing.extensions import import_kinds
from lms.importing.models import ImportBatch
from lms.importing.views.row_filters import RowFilter
from lms.importing.views.row_presenter import show_left, show_rows
from lms.scoped_admin.views import (
    ScopedCreateView,
    ScopedFilterSet,
    ScopedIndexView,
    ScopedInspectView,
)

ROWS_A_PAGE = 50
_STEPS = {
    BatchState.UPLOADED: 2,
    BatchState.FAILED: 3,
    BatchState.REHEARSING: 3,
    BatchState.REHEARSED: 3,
    BatchState.CONFIRMING: 4,
}


def kind_label(batch: Any) -> str:
    kind = import_kinds.get(batch.kind)
    return str(kind.label) if kind else batch.kind


class ImportFilterSet(ScopedFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=BatchState.choices)

    class Meta:
        model = ImportBatch
        fields = ("state",)


class ImportIndexView(ScopedIndexView):
    # "Add an import" is no word of those who have a list in hand.
    add_item_label = gettext_lazy("Import a list")

    def get_base_queryset(self) -> models.QuerySet:
        return super().get_base_queryset().select_related("by")

    @cached_property
    def columns(self) -> list[Column]:
        title_class = self._get_title_column_class(TitleColumn)
        return [
            title_class(
                "file_name", label=_("File"), sort_key="file_name", get_url=self.get_inspect_url
            ),
            Column("kind", label=_("List"), accessor=kind_label),
            Column("sender", label=_("Sender")),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor="get_state_display",
                primary=lambda batch: batch.state == BatchState.CONFIRMED,
            ),
            Column("by", label=_("Uploaded by"), accessor="by.full_name"),
            DateColumn("uploaded_at", label=_("Uploaded at"), sort_key="uploaded_at"),
        ]


class UploadView(ScopedCreateView):
    page_title = gettext_lazy("Import a list")
    page_subtitle = gettext_lazy("Import a list")
    submit_button_label = gettext_lazy("Upload and review the file")

    def get_initial(self) -> dict[str, Any]:
        """Choose the list that a link named with `?kind=`, if it is one; the form asks whether it
        is open to the reader.
        """
        named = import_kinds.get(self.request.GET.get("kind", ""))
        return super().get_initial() | ({"kind": named.key} if named else {})

    def get_success_url(self) -> str:
        return reverse("imports:columns", args=(self.object.pk,))

    def get_success_message(self, instance: Any) -> None:
        """Say nothing: the next step says enough."""


class ImportPage(ScopedInspectView):
    """Where the import stands and what to do next."""

    page_title = gettext_lazy("One import")
    template_name = "importing/import.html"

    def scoped_rows(self) -> models.QuerySet:
        return super().scoped_rows().select_related("by", "edition")

    @cached_property
    def may_go_on(self) -> bool:
        mine = ImportBatch.objects.manageable_by(self.request.user)
        return bool(mine.filter(pk=self.object.pk).exists())

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return []

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.state == BatchState.UPLOADED and self.may_go_on:
            return redirect("imports:columns", self.object.pk)
        if request.htmx:
            return self._how_far()
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def _how_far(self) -> HttpResponse:
        """Show what the open page asks for while a worker is at it;
        the whole page once it is done.
        """
        if not self.object.is_working:
            return HttpResponse(headers={"HX-Refresh": "true"})
        context = {"progress": progress_of(batch=self.object)}
        return render(self.request, "importing/parts/progress.html", context)

    def get_page_subtitle(self) -> str:
        return str(self.object.file_name)

    def get_fields_context(self) -> list[dict[str, Any]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch = self.object
        asked = RowFilter(batch, self.request.GET)
        counts = asked.counts
        page = Paginator(asked.rows, ROWS_A_PAGE).get_page(self.request.GET.get("p"))
        undone = batch.state == BatchState.UNDONE
        return super().get_context_data(
            batch=batch,
            step=_STEPS.get(batch.state, 5),
            progress=progress_of(batch=batch) if batch.is_working else None,
            kind_label=kind_label(batch),
            may_go_on=self.may_go_on,
            may_undo=self.may_go_on and may_undo(batch=batch, at=timezone.now()),
            is_written=batch.state in WRITTEN_STATES,
            asked=asked,
            outcomes=[(one.label, counts[one]) for one in RowOutcome if one in counts],
            total=sum(counts.values()),
            writing=sum(counts.get(outcome, 0) for outcome in WRITING_OUTCOMES),
            not_written=counts.get(RowOutcome.ERROR, 0) + counts.get(RowOutcome.TWIN, 0),
            page=page,
            elided_page_range=page.paginator.get_elided_page_range(page.number),
            table=show_rows(batch=batch, rows=list(page.object_list), reader=self.request.user),
            blocked=batch.state == BatchState.REHEARSED and is_blocked(batch=batch),
            left=show_left(left_by_undo(batch=batch).select_related("row"), most=ROWS_A_PAGE)
            if undone
            else [],
            **kwargs,
        )
