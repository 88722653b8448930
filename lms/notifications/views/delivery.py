"""The delivery report: what became of the messages, each figure a way to its rows."""

from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.accounts.personal_data.domain.retention import days_kept
from lms.core.display import vi_date, vi_number
from lms.core.readers import SignedInRequest
from lms.geography.models import AdministrativeUnit
from lms.notifications.domain.delivery import (
    DeliveryLine,
    count_all,
    count_delivery,
    due_between,
)
from lms.notifications.enums import DeliveryFigure
from lms.notifications.forms import DeliveryForm
from lms.notifications.labels import kind_label, way_label
from lms.notifications.models import Reminder
from lms.notifications.permissions import REMINDER_ROLES
from lms.spreadsheets.about import About
from lms.spreadsheets.handout import (
    dated_name,
    download_links,
    file_format_of,
    filters_of,
    hand_out,
)
from lms.spreadsheets.tables import Cell, Spreadsheet

#: Until somebody chooses others.
DAYS_BACK: Final = 30
#: By what it is counted, and which filter of the list narrows to one of its lines.
_FILTER_OF: Final = {"way": "way", "kind": "kind", "run": "run_number", "district": "district"}


class _Report:
    """What is asked, counted once."""

    def __init__(self, request: SignedInRequest) -> None:
        if not request.user.scope.has_role(*REMINDER_ROLES):
            raise Http404
        today = timezone.localdate()
        usual: dict[str, Any] = {
            "first": today - timedelta(days=DAYS_BACK),
            "last": today,
            "by": "way",
        }
        self.form = DeliveryForm(
            usual | {name: request.GET[name] for name in usual if name in request.GET}
        )
        asked = usual | self.form.asked
        self.first, self.last, self.by = asked["first"], asked["last"], asked["by"]
        rows = Reminder.objects.visible_to(request.user)
        self.rows = due_between(rows, first=self.first, last=self.last)
        self.lines = count_delivery(self.rows, by=self.by)
        self.total = count_all(self.rows)
        self.units = _districts(self.lines) if self.by == "district" else {}
        self.runs = _runs(self.rows) if self.by == "run" else {}

    @property
    def kept_since(self) -> date | None:
        """Return since when messages are kept, where some of the days lie before; else None."""
        days = days_kept(key="reminders")
        since = timezone.localdate() - timedelta(days=days) if days is not None else None
        return since if since is not None and self.first < since else None

    def in_words(self) -> dict[str, str]:
        """Return of which days it is, as the head of a file says it."""
        days = {_("Due"): f"{vi_date(self.first)} – {vi_date(self.last)}"}
        since = self.kept_since
        return days | ({_("Kept since"): vi_date(since)} if since else {})

    def label(self, line: DeliveryLine) -> str:
        if line.key is None:
            return _("Without a class") if self.by == "run" else _("Without a unit")
        if self.by == "way":
            return way_label(str(line.key))
        if self.by == "kind":
            return kind_label(str(line.key))
        named: dict[Any, Any] = self.units if self.by == "district" else self.runs
        return str(named.get(line.key, line.key))

    def address(self, line: DeliveryLine | None, figure: DeliveryFigure) -> str:
        """Return the list of the reminders that a figure counts; "" where no filter names them."""
        days = {"due_at_from": self.first, "due_at_to": self.last}
        query: dict[str, Any] = {name: f"{day:%d/%m/%Y}" for name, day in days.items()}
        query["outcome"] = figure.value
        if line is not None:
            key = self.units[line.key].pk if line.key in self.units else line.key
            if key is None:
                return ""
            query[_FILTER_OF[self.by]] = key
        return f"{reverse('reminders:index')}?{urlencode(query)}"


@login_required
@require_safe
def delivery(request: SignedInRequest) -> HttpResponse:
    """Show the figures of some days by way, kind, class or district."""
    report = _Report(request)
    days = {"first": report.first.isoformat(), "last": report.last.isoformat()}
    labels = {"way": _("By way"), "kind": _("By kind"), "run": _("By class")}
    labels["district"] = _("By district")
    rows: list[dict[str, Any]] = [
        {"label": report.label(line), "cells": _cells(report, line)} for line in report.lines
    ]
    rows.append({"label": _("All of them"), "cells": _cells(report, None)})
    context = {
        "report": report,
        "columns": [
            {"label": _("Counted by")},
            *({"label": one.label, "num": True} for one in DeliveryFigure),
        ],
        "rows": rows,
        "tabs": [
            {"label": label, "url": f"?{urlencode({**days, 'by': by})}", "active": by == report.by}
            for by, label in labels.items()
        ],
        "downloads": download_links(
            f"{reverse('notices:delivery_file')}?{urlencode({**days, 'by': report.by})}"
        ),
    }
    return render(request, "notifications/delivery.html", context)


@login_required
@require_safe
def delivery_file(request: SignedInRequest) -> HttpResponseBase:
    """Send the same table. Who took it is logged."""
    report = _Report(request)
    rows: list[list[Cell]] = [[report.label(line), *line.figures.values()] for line in report.lines]
    rows.append([_("All of them"), *report.total.values()])
    headings = [_("Counted by"), *(str(one.label) for one in DeliveryFigure)]
    return hand_out(
        sheet=Spreadsheet(_("What became of messages"), headings, rows),
        by=request.user,
        list_name="ket-qua-gui-tin",
        file_name=dated_name("ket-qua-gui-tin"),
        file_format=file_format_of(request),
        about=About(filters=filters_of(request), chosen=report.in_words()),
        rows=len(report.lines),
    )


def _cells(report: _Report, line: DeliveryLine | None) -> list[dict[str, Any]]:
    figures = line.figures if line else report.total
    return [
        {
            "label": str(one.label),
            "text": vi_number(figures[one]),
            "num": True,
            "url": report.address(line, one) if figures[one] else "",
        }
        for one in DeliveryFigure
    ]


def _runs(rows: QuerySet[Reminder]) -> dict[int | None, str]:
    return dict(rows.order_by().values_list("run_number", "run_title").distinct())


def _districts(lines: Any) -> dict[Any, AdministrativeUnit]:
    paths = {line.key for line in lines if line.key is not None}
    units = AdministrativeUnit.objects.filter(path__in=paths).select_related("edition")
    return {unit.path: unit for unit in units}
