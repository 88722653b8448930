"""A grid to type targets: units down, cadres across, saved at once."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from courses.models import Programme
from courses.permissions import PLANNERS
from lms.accounts.enums import Cadre
from lms.core.readers import SignedInRequest
from lms.core.refusal import Refusal
from lms.core.requests import read_number
from lms.core.show_refusal import RefusalOnForm
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.queries import programmes_in_order
from lms.reporting.domain.target_grid import (
    GridRow,
    RowChange,
    TargetGrid,
    cell_key,
    read_change,
    read_grid,
    save_grid,
    units_to_plan,
)
from lms.reporting.domain.targets import read_people
from lms.reporting.domain.thresholds import read_threshold

_THRESHOLD = "threshold"


class TargetGridForm(forms.Form):
    """One field for each cell; what was typed stays when a cell is refused. Only rows that differ
    from what the page showed are changed.
    """

    def __init__(self, data: Any, *, grid: TargetGrid) -> None:
        super().__init__(data)
        self.grid = grid
        self.changes: list[RowChange] = []
        for row in grid.rows:
            texts = {cadre: row.text_of(cadre) for cadre in grid.cadres}
            for cadre, text in {**texts, _THRESHOLD: row.threshold_text}.items():
                key = cell_key(row.unit, cadre)
                label = f"{row.unit.display_name}, {_column_label(cadre)}"
                widget = forms.TextInput(attrs={"aria-label": label, "autocomplete": "off"})
                self.fields[key] = forms.CharField(
                    required=False,
                    max_length=40,
                    initial=text,
                    label=label,
                    widget=widget,
                    show_hidden_initial=True,
                )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        changed = set(self.changed_data)
        for row in self.grid.rows:
            keys = {one: cell_key(row.unit, one) for one in (*self.grid.cadres, _THRESHOLD)}
            if changed.isdisjoint(keys.values()) or self.errors.keys() & set(keys.values()):
                continue
            cells = {cadre: cleaned[key] for cadre, key in keys.items()}
            self._read_cells(cells, keys)
            if self.errors.keys() & set(keys.values()):
                continue
            threshold = cells.pop(_THRESHOLD)
            with RefusalOnForm(self):
                self._expect_shown(row, keys)
                self.changes.append(read_change(before=row, cells=cells, threshold=threshold))
        return cleaned

    def _read_cells(self, cells: dict[str, str], keys: dict[str, str]) -> None:
        """Mark every cell of a row that cannot be read, not the first alone."""
        for cadre, text in cells.items():
            with RefusalOnForm(self, field=keys[cadre]):
                if text and cadre == _THRESHOLD:
                    read_threshold(text=text)
                elif text:
                    read_people(text=text)

    def _expect_shown(self, row: GridRow, keys: dict[str, str]) -> None:
        """Refuse a row that somebody else has changed since it was shown."""
        for key in keys.values():
            shown = self.data.get(self.add_initial_prefix(key), "")
            if shown != self.fields[key].initial:
                raise Refusal(
                    "targets_changed",
                    _("Somebody has changed these targets meanwhile: open the page anew."),
                    field=keys[""],
                )

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as the template shows them."""
        return [
            {
                "unit": row.unit,
                "is_mixed": row.is_mixed,
                "cells": [
                    {"label": _column_label(one), "field": self[cell_key(row.unit, one)]}
                    for one in (*self.grid.cadres, _THRESHOLD)
                ],
            }
            for row in self.grid.rows
        ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def target_grid(request: SignedInRequest, unit_id: int | None = None) -> HttpResponse:
    """Show the targets of the province's districts or of a district's communes, and save them."""
    if not request.user.scope.has_role(*PLANNERS):
        raise PermissionDenied
    programme = _programme(request)
    unit = _district(request, programme, unit_id)
    grid = read_grid(programme=programme, by=request.user, district=unit)
    form = TargetGridForm(request.POST or None, grid=grid)
    if form.is_valid():
        with RefusalOnForm(form):
            count = save_grid(
                programme=programme, changes=form.changes, by=request.user, at=timezone.now()
            )
            messages.success(request, _saved(count))
            return redirect(request.get_full_path())
    programmes = programmes_in_order()
    context = {
        "programme": programme,
        "unit": unit,
        "form": form,
        "columns": [_column_label(one) for one in (*grid.cadres, _THRESHOLD)],
        "rows": form.rows(),
        "tabs": [
            {"label": str(one), "url": _address(one, None), "active": one == programme}
            for one in programmes
        ],
        "districts": [
            {"label": row.unit.display_name, "url": _address(programme, row.unit)}
            for row in grid.rows
            if row.unit.level == Level.DISTRICT and unit is None
        ],
        "top_url": _address(programme, None),
    }
    return render(request, "reporting/target_grid.html", context)


def _programme(request: SignedInRequest) -> Programme:
    programmes = programmes_in_order()
    asked = read_number(request.GET.get("programme", ""))
    found = programmes.filter(pk=asked).first() if asked else programmes.first()
    if found is None:
        raise Http404
    return found


def _district(
    request: SignedInRequest, programme: Programme, unit_id: int | None
) -> AdministrativeUnit | None:
    if unit_id is None:
        return None
    units = units_to_plan(programme=programme, by=request.user).filter(level=Level.DISTRICT)
    found = units.filter(pk=unit_id).first()
    if found is None:
        raise Http404
    return found


def _address(programme: Programme, unit: AdministrativeUnit | None) -> str:
    at = "targets_unit" if unit else "targets"
    path = reverse(f"reporting:{at}", args=[unit.pk] if unit else [])
    return f"{path}?programme={programme.pk}"


def _column_label(cadre: str) -> str:
    if cadre == _THRESHOLD:
        return _("Counts as done at")
    return str(Cadre(cadre).label) if cadre else _("All cadres")


def _saved(count: int) -> str:
    if not count:
        return _("Nothing was changed.")
    said = ngettext(
        "%(count)s target has been changed.", "%(count)s targets have been changed.", count
    )
    return said % {"count": count}
