"""The steps of an import after the upload, each asked for by whoever may go on with it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy

from lms.accounts.enums import SpellingKind
from lms.core.refusal import CatchRefusal
from lms.core.requests import read_number
from lms.core.show_refusal import RefusalAsMessage, RefusalOnForm
from lms.core.text import slug
from lms.importing.domain.choose_candidate import choose
from lms.importing.domain.confirming import ask_to_confirm
from lms.importing.domain.mapping import choose as choose_columns
from lms.importing.domain.mapping import suggest
from lms.importing.domain.planning import kind_of
from lms.importing.domain.rehearsing import ask_again
from lms.importing.domain.sheets import OpenedFile, open_file
from lms.importing.domain.spellings import answer, choices
from lms.importing.domain.undoing import ask_to_undo, left_by_undo, may_undo
from lms.importing.enums import OPEN_STATES, WRITING_OUTCOMES, BatchState, RowOutcome
from lms.importing.forms import MappingForm, SpellingForm
from lms.importing.tasks import confirm, rehearse, undo
from lms.importing.workbook import marked_sheet
from lms.scoped_admin.pages import ActionPage, FormPage, ScopedPage
from lms.spreadsheets.about import About
from lms.spreadsheets.handout import hand_out
from lms.spreadsheets.tables import FileFormat

_PREVIEWED = 3
_ASKED_AT_ONCE = 50


class StepPage(ScopedPage):
    """A page about one import that the person may go on with; any other one is a 404."""

    permission_required = "act"
    row_name = "batch"

    def scoped_rows(self) -> Any:
        return super().scoped_rows().select_related("by", "edition")

    def ask(self, rule: Callable[[], object], work: Any) -> None:
        """Take the step and, once it is stored, ask the worker."""
        with transaction.atomic():
            rule()
            transaction.on_commit(partial(work.delay, self.row.pk), robust=True)


class MappingView(StepPage):
    """Which column is which; `?sheet=` and `?convert=` look at the file another way first."""

    page_title = gettext_lazy("Name the columns")
    template_name = "importing/columns.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.row.state not in OPEN_STATES:
            return redirect(self.back_url)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with RefusalAsMessage(request):
            opened = self._open()
            form = self._form(opened, request.POST)
            if form.is_valid():
                chosen = partial(
                    choose_columns,
                    batch=self.row,
                    kind=kind_of(self.row),
                    opened=opened,
                    columns=form.columns,
                    once=form.once,
                    without_hidden=self._leaves_hidden,
                )
                with RefusalOnForm(form):
                    self.ask(chosen, rehearse)
                    return redirect(self.back_url)
            return self.render_to_response(self.get_context_data(form=form, opened=opened))
        return redirect(self.back_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        with CatchRefusal() as asked:
            if "form" not in kwargs:
                kwargs["opened"] = self._open()
                kwargs["form"] = self._form(kwargs["opened"], None)
        opened: OpenedFile | None = kwargs.get("opened")
        return super().get_context_data(
            refusal=asked.message,
            suspected=opened.suspected if opened else None,
            previewed=opened.table.rows[:_PREVIEWED] if opened else [],
            converted=bool(opened and opened.encoding),
            without_hidden=self._leaves_hidden,
            **kwargs,
        )

    @property
    def _leaves_hidden(self) -> bool:
        return self._asked("hidden") == "leave"

    def _asked(self, name: str) -> str:
        return str(self._query.get(name, ""))

    @property
    def _query(self) -> QueryDict:
        return self.request.POST if self.request.method == "POST" else self.request.GET

    def _open(self) -> OpenedFile:
        """Open the file, its letters converted when the person says so."""
        return open_file(
            batch=self.row,
            sheet_names=self._query.getlist("sheet"),
            convert=self._asked("convert") == "1",
            without_hidden=self._leaves_hidden,
        )

    def _form(self, opened: OpenedFile, data: Any) -> MappingForm:
        kind = kind_of(self.row)
        suggested = suggest(batch=self.row, kind=kind, table=opened.table)
        return MappingForm(
            data,
            kind=kind,
            opened=opened,
            suggested=suggested,
            once=self.row.choices.get("once", {}),
        )


class AgainView(StepPage, ActionPage):
    """Asks the worker for a new rehearsal with the same columns."""

    def perform(self) -> None:
        self.ask(partial(ask_again, batch=self.row), rehearse)


class ConfirmView(StepPage, ActionPage):
    """Says in figures what will be written, then asks the worker for it."""

    page_title = gettext_lazy("Write the list")
    template_name = "importing/write.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.row.state != BatchState.REHEARSED:
            return redirect(self.back_url)
        return super().get(request, *args, **kwargs)

    def perform(self) -> None:
        self.ask(partial(ask_to_confirm, batch=self.row), confirm)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.row.rows
        return super().get_context_data(
            writing=rows.filter(outcome__in=WRITING_OUTCOMES).count(),
            wrong=rows.filter(outcome=RowOutcome.ERROR).count(),
            twins=rows.filter(outcome=RowOutcome.TWIN).count(),
            **kwargs,
        )


class UndoView(StepPage, ActionPage):
    """Asks first, then asks the worker."""

    page_title = gettext_lazy("Undo the import")
    template_name = "importing/undo.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        left = left_by_undo(batch=self.row).values("row").distinct().count()
        return super().get_context_data(left=left, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_undo(batch=self.row, at=timezone.now()):
            return redirect(self.back_url)
        return super().get(request, *args, **kwargs)

    def perform(self) -> None:
        by = self.request.user
        self.ask(partial(ask_to_undo, batch=self.row, by=by, at=timezone.now()), undo)


class SpellingsView(StepPage, FormPage):
    """What the spellings of units and titles mean that nobody knows: once for all rows with each."""

    page_title = gettext_lazy("Unknown spellings")
    template_name = "importing/spellings.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.row.state != BatchState.REHEARSED or not self.row.spellings:
            return redirect(self.back_url)
        return super().get(request, *args, **kwargs)

    def build_form(self, data: Any) -> SpellingForm:
        asked = self.row.spellings[:_ASKED_AT_ONCE]
        kinds = {SpellingKind(one["kind"]) for one in asked}
        known = {kind.value: choices(batch=self.row, kind=kind) for kind in kinds}
        return SpellingForm(data, spellings=asked, choices=known)

    def perform(self) -> None:
        self.ask(partial(answer, batch=self.row, meanings=self.form.meanings), rehearse)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = len(self.row.spellings) - _ASKED_AT_ONCE
        return super().get_context_data(more=max(more, 0), **kwargs)


class ChooseView(StepPage, ActionPage):
    """Who is meant by a row; an empty choice asks again."""

    def perform(self) -> None:
        row = get_object_or_404(self.row.rows, pk=self.kwargs["row_pk"])
        chosen = self.request.POST.get("who", "")
        choice = read_number(chosen)
        if chosen and choice is None:
            raise Http404
        choose(row=row, choice=choice)

    @property
    def back_url(self) -> str:
        """Where one was among the rows."""
        query = self.request.META.get("QUERY_STRING", "")
        return f"{super().back_url}?{query}" if query else super().back_url


class MarkedFileView(StepPage):
    """The list as XLSX with what is wrong marked in the cells; logged as any export."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.row.is_working or self.row.purged_at or not self.row.choices:
            return redirect(self.back_url)
        rows = list(self.row.rows.all())
        stem = slug(self.row.file_name.rsplit(".", 1)[0])
        return hand_out(
            sheet=marked_sheet(batch=self.row, kind=kind_of(self.row), rows=rows),
            by=self.request.user,
            list_name=f"{stem}-danh-dau-loi",
            file_format=FileFormat.XLSX,
            about=About(
                filters={"import": str(self.row.pk)}, chosen={"import": self.row.file_name}
            ),
            rows=len(rows),
        )
