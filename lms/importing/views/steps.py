"""The steps of an import after the upload, each asked for by whoever may go on with it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from lms.core.refusal import CatchRefusal
from lms.core.show_refusal import RefusalAsMessage, RefusalOnForm
from lms.core.text import slug
from lms.importing.domain.choose_candidate import choose
from lms.importing.domain.confirming import ask_to_confirm
from lms.importing.domain.mapping import choose as choose_columns
from lms.importing.domain.mapping import suggest
from lms.importing.domain.planning import kind_of
from lms.importing.domain.rehearsing import ask_again
from lms.importing.domain.sheets import OpenedFile, open_file
from lms.importing.domain.undoing import ask_to_undo
from lms.importing.enums import OPEN_STATES, WRITING_OUTCOMES, BatchState, RowOutcome
from lms.importing.forms import MappingForm
from lms.importing.models import ImportBatch
from lms.importing.reading.encodings import LegacyEncoding
from lms.importing.tasks import confirm, rehearse, undo
from lms.importing.workbook import marked_sheet
from lms.scoped_admin.views import ScopedMixin
from lms.spreadsheets.handout import hand_out
from lms.spreadsheets.tables import FileFormat

_PREVIEWED = 3


class StepView(ScopedMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page about one import that the person may go on with; any other one is a 404."""

    model = ImportBatch
    scope_method = "manageable_by"
    permission_policy: Any = None
    permission_required = "view"
    header_icon = "upload"
    _show_breadcrumbs = True

    def scoped_rows(self) -> Any:
        return super().scoped_rows().select_related("by", "edition")

    @cached_property
    def batch(self) -> ImportBatch:
        found: Any = self.scoped_object()
        return found

    @property
    def page_url(self) -> str:
        return reverse("imports:inspect", args=(self.batch.pk,))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("imports:index"), "label": _("Import lists")},
            {"url": self.page_url, "label": self.batch.file_name},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(batch=self.batch, page_url=self.page_url, **kwargs)

    def back(self) -> HttpResponse:
        return redirect(self.page_url)

    def ask(self, rule: Callable[[], object], work: Any) -> None:
        """Take the step and, once it is stored, ask the worker; the rule may refuse."""
        with transaction.atomic():
            rule()
            transaction.on_commit(partial(work.delay, self.batch.pk), robust=True)

    def ask_and_return(self, rule: Callable[[], object], work: Any) -> HttpResponse:
        """Take the step; the page of the import tells what became of it, or what refused it."""
        with RefusalAsMessage(self.request):
            self.ask(rule, work)
        return self.back()


class MappingView(StepView):
    """Which column is which; `?sheet=` and `?convert=` look at the file another way first."""

    page_title = gettext_lazy("Name the columns")
    template_name = "importing/columns.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.batch.state not in OPEN_STATES:
            return self.back()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with RefusalAsMessage(request) as asked:
            opened, encoding = self._open()
            form = self._form(opened, encoding, request.POST)
        if asked.refusal:
            return self.back()
        if form.is_valid():
            chosen = partial(
                choose_columns,
                batch=self.batch,
                kind=kind_of(self.batch),
                opened=opened,
                columns=form.columns,
                encoding=encoding,
            )
            with RefusalOnForm(form):
                self.ask(chosen, rehearse)
                return self.back()
        return self.render_to_response(self.get_context_data(form=form, opened=opened))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = CatchRefusal()
        if "form" not in kwargs:
            with asked:
                kwargs["opened"], encoding = self._open()
                kwargs["form"] = self._form(kwargs["opened"], encoding, None)
        opened: OpenedFile | None = kwargs.get("opened")
        return super().get_context_data(
            refusal=asked.message,
            previewed=opened.table.rows[:_PREVIEWED] if opened else [],
            converted=self._asked("convert") == "1",
            **kwargs,
        )

    def _asked(self, name: str) -> str:
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        return str(asked.get(name, ""))

    def _open(self) -> tuple[OpenedFile, LegacyEncoding | None]:
        """The file, its letters converted when the person says so."""
        sheet = self._asked("sheet")
        opened = open_file(batch=self.batch, sheet_name=sheet)
        if opened.suspected is None or self._asked("convert") not in ("1", "True", "on"):
            return opened, None
        converted = open_file(batch=self.batch, sheet_name=sheet, encoding=opened.suspected)
        return converted, opened.suspected

    def _form(self, opened: OpenedFile, encoding: LegacyEncoding | None, data: Any) -> MappingForm:
        kind = kind_of(self.batch)
        table = opened.table
        suggested = suggest(batch=self.batch, kind=kind, labels=list(table.labels), rows=table.rows)
        return MappingForm(data, kind=kind, opened=opened, suggested=suggested, encoding=encoding)


class AgainView(StepView):
    """Asks the worker for a new rehearsal with the same columns."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseNotAllowed(["POST"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.ask_and_return(partial(ask_again, batch=self.batch), rehearse)


class ConfirmView(StepView):
    """Says in figures what will be written, then asks the worker for it."""

    page_title = gettext_lazy("Write the list")
    template_name = "importing/write.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.batch.state != BatchState.REHEARSED:
            return self.back()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.ask_and_return(partial(ask_to_confirm, batch=self.batch), confirm)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.batch.rows
        return super().get_context_data(
            writing=rows.filter(outcome__in=WRITING_OUTCOMES).count(),
            wrong=rows.filter(outcome=RowOutcome.ERROR).count(),
            twins=rows.filter(outcome=RowOutcome.TWIN).count(),
            **kwargs,
        )


class UndoView(StepView):
    """Asks first, then asks the worker."""

    page_title = gettext_lazy("Undo the import")
    template_name = "importing/undo.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.batch.state != BatchState.CONFIRMED or self.batch.purged_at:
            return self.back()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        asked = partial(ask_to_undo, batch=self.batch, by=user, at=timezone.now())
        return self.ask_and_return(asked, undo)


class ChooseView(StepView):
    """Who is meant by a row; an empty choice asks again."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseNotAllowed(["POST"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.batch.rows.filter(pk=self.kwargs["row_pk"]).first()
        if row is None:
            raise Http404
        chosen = request.POST.get("who", "")
        if chosen and not chosen.isdecimal():
            raise Http404
        with RefusalAsMessage(request):
            choose(row=row, choice=int(chosen) if chosen else None)
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{self.page_url}?{query}" if query else self.page_url)


class MarkedFileView(StepView):
    """The list as XLSX with what is wrong marked in the cells; logged as any export."""

    # A file is streamed, which the type of the parent does not foresee.
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if self.batch.is_working or self.batch.purged_at or not self.batch.choices:
            return self.back()
        rows = list(self.batch.rows.all())
        stem = slug(self.batch.file_name.rsplit(".", 1)[0])
        return hand_out(
            sheet=marked_sheet(batch=self.batch, kind=kind_of(self.batch), rows=rows),
            by=request.user,
            list_name=f"{stem}-danh-dau-loi",
            file_format=FileFormat.XLSX,
            filters={"import": str(self.batch.pk)},
            rows=len(rows),
        )
