"""What is wrong in the register, how much of it where, whose names, and where one mends it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.accounts.models import User
from lms.core.display import vi_number
from lms.core.quality import QualityAct, QualityCheck, QualityLine, quality_checks
from lms.core.readers import SignedInRequest
from lms.core.replica import replica_reads
from lms.core.requests import read_number
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.quality import Finding, PlaceCount, find_fault, find_faults
from lms.reporting.views.office import office_of
from lms.reporting.workbook import quality_sheet
from lms.spreadsheets.about import About
from lms.spreadsheets.handout import (
    dated_name,
    download_links,
    file_format_of,
    filters_of,
    hand_out,
)

LINES_PER_PAGE = 25
# In a card; the rest stand on the page of the check.
PLACES_SHOWN = 6
# Lines that a file asks for at once.
_CHUNK = 500


@login_required
@require_safe
@replica_reads()
def quality(request: SignedInRequest) -> HttpResponse:
    """Show what all checks have found in the reader's area."""
    reader = _reader(request)
    now = timezone.now()
    findings = find_faults(reader=reader, at=now)
    wrong = [finding for finding in findings if finding.total]
    context = {
        "cards": [_card(finding, reader, now) for finding in wrong],
        "good": [finding.check.label for finding in findings if not finding.total],
        "area": reader.area_in_words(),
        "day": timezone.localdate(),
        "office": office_of(reader),
    }
    return render(request, "reporting/quality.html", context)


@login_required
@require_safe
@replica_reads()
def quality_list(request: SignedInRequest, key: str) -> HttpResponse:
    """Show what one check has found, line by line."""
    asked = _read(request, key)
    finding = find_fault(check=asked.check, reader=asked.reader, at=asked.at)
    page = Paginator(asked.subjects, LINES_PER_PAGE).get_page(request.GET.get("page"))
    lines = asked.check.lines(list(page), reader=asked.reader, at=asked.at)
    context = {
        "check": asked.check,
        "total": finding.total,
        "tabs": _tabs(finding, asked),
        "page": page,
        **_table(lines),
        "act": asked.check.act(asked.reader),
        "downloads": download_links(_address("quality_file", asked.check, asked.unit)),
        "trail": [{"label": _("Data to put right"), "url": reverse("reporting:quality")}],
        "day": timezone.localdate(),
        "office": office_of(asked.reader),
    }
    return render(request, "reporting/quality_list.html", context)


@login_required
@require_safe
@replica_reads()
def quality_file(request: SignedInRequest, key: str) -> HttpResponseBase:
    """Send the lines of `quality_list`, all pages of them. Who took it is logged."""
    asked = _read(request, key)
    subjects = asked.subjects
    place = str(asked.unit or "")
    sheet = quality_sheet(
        title=str(asked.check.label), headings=_headings(), lines=_all_lines(asked, subjects)
    )
    return hand_out(
        sheet=sheet,
        by=asked.reader,
        list_name=f"du-lieu-can-sua-{asked.check.key}",
        file_name=dated_name("du-lieu-can-sua", asked.check.key),
        file_format=file_format_of(request),
        about=About(filters=filters_of(request, unit=place), area=place),
        rows=Paginator(subjects, LINES_PER_PAGE).count,
    )


@dataclass(frozen=True)
class _Asked:
    """One check, as far as it lies in `unit`; None for all of the reader's area."""

    check: QualityCheck
    unit: AdministrativeUnit | None
    reader: User
    at: datetime

    @property
    def subjects(self) -> Any:
        path = self.unit.path if self.unit else ""
        return self.check.subjects(self.reader, at=self.at, path=path)


def _reader(request: SignedInRequest) -> User:
    if not request.user.scope.oversees:
        raise Http404
    return request.user


def _read(request: SignedInRequest, key: str) -> _Asked:
    reader = _reader(request)
    check = quality_checks.get(key)
    if check is None:
        raise Http404
    pk = read_number(request.GET.get("unit", ""))
    overseen = AdministrativeUnit.objects.filter(reader.scope.units_q(""))
    unit = get_object_or_404(overseen, pk=pk) if pk else None
    return _Asked(check=check, unit=unit, reader=reader, at=timezone.now())


def _address(name: str, check: QualityCheck, unit: AdministrativeUnit | None = None) -> str:
    query = QueryDict(mutable=True)
    if unit is not None:
        query["unit"] = str(unit.pk)
    url = reverse(f"reporting:{name}", args=(check.key,))
    return f"{url}?{query.urlencode()}" if query else url


def _card(finding: Finding, reader: User, at: datetime) -> dict[str, Any]:
    check = finding.check
    places = [_place(check, place) for place in finding.places]
    act: QualityAct | None = check.act(reader)
    return {
        "check": check,
        "total": finding.total,
        "url": _address("quality_list", check),
        "sums": check.sums(reader, at=at),
        # One place alone is the reader's own, but for those who oversee the province.
        "places": places[:PLACES_SHOWN] if places[1:] or reader.scope.oversees_province else [],
        "more": max(len(places) - PLACES_SHOWN, 0),
        "act": act,
    }


def _place(check: QualityCheck, place: PlaceCount) -> dict[str, str]:
    name = place.unit.display_name if place.unit else _("Without a unit")
    return {
        "label": f"{name}: {vi_number(place.count)}",
        "url": _address("quality_list", check, place.unit) if place.unit else "",
    }


def _tabs(finding: Finding, asked: _Asked) -> list[dict[str, Any]]:
    """Return all and each place with its number; nothing where there is one place alone."""
    places = [place for place in finding.places if place.unit]
    if not places[1:] and not asked.unit:
        return []
    everything = _tab(asked, None, _("All places"), finding.total)
    return [everything, *(_tab(asked, one.unit, str(one.unit), one.count) for one in places)]


def _tab(asked: _Asked, unit: AdministrativeUnit | None, label: str, count: int) -> dict[str, Any]:
    url = _address("quality_list", asked.check, unit)
    return {"label": label, "count": count, "url": url, "active": unit == asked.unit}


def _headings() -> list[str]:
    return [_("Who or what"), _("Code"), _("Place"), _("What to look at")]


def _table(lines: list[QualityLine]) -> dict[str, Any]:
    """Return columns and rows of the table component; the last column leads to where this reader
    mends it, if anything.
    """
    first, *others = _headings()
    act = [_("Act")] if any(line.mend_url for line in lines) else []
    columns: list[dict[str, Any]] = [{"label": heading} for heading in (first, *others)]
    columns += [{"label": heading, "fit": True} for heading in act]
    rows = [
        {
            "label": line.label,
            "url": line.url,
            "cells": [
                {"label": others[0], "text": line.code},
                {"label": others[1], "text": line.place},
                {"label": others[2], "text": line.note},
                *({"label": told, "text": _mend(line), "url": line.mend_url} for told in act),
            ],
        }
        for line in lines
    ]
    return {"columns": columns, "rows": rows}


def _mend(line: QualityLine) -> str:
    return _("Put right") if line.mend_url else ""


def _all_lines(asked: _Asked, subjects: Any) -> Iterator[QualityLine]:
    for page in Paginator(subjects, _CHUNK):
        yield from asked.check.lines(list(page), reader=asked.reader, at=asked.at)
