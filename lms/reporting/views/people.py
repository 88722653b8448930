"""The names behind a figure, at every level, as a page and as a file."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.core.display import phone_local
from lms.core.readers import SignedInRequest
from lms.core.replica import replica_reads
from lms.core.text import slug
from lms.geography.enums import Level
from lms.reporting.domain.course_progress import CourseProgress, course_progress
from lms.reporting.domain.people import People, PersonLine, find_people
from lms.reporting.domain.people_as_of import PeopleThen, find_people_as_of
from lms.reporting.enums import BEYOND_OF, LATE, LATE_STATES, NamesOf, Part, PersonState
from lms.reporting.views.about import about, past_notes
from lms.reporting.views.acts import act_for
from lms.reporting.views.asking import ReportQuery, parse_query
from lms.reporting.views.moved import moved_from
from lms.reporting.views.office import office_of
from lms.reporting.views.progress_words import STATE_STYLE, missing_of, reachable
from lms.reporting.views.urls_for import address, top_address, trail_to
from lms.reporting.workbook import people_sheet
from lms.spreadsheets.handout import (
    dated_name,
    download_links,
    file_format_of,
    hand_out,
)

# As many as fit on a sheet of paper.
PEOPLE_PER_PAGE = 25


@login_required
@require_safe
@replica_reads()
def people(request: SignedInRequest, unit_id: int | None = None) -> HttpResponse:
    """Show the names behind the figures of a unit, or of all that the reader oversees."""
    listed = _read_list(request, unit_id)
    if listed is None:
        raise Http404
    asked = listed.asked
    if asked.leaves_unit:
        return redirect(top_address(asked))
    page = Paginator(range(listed.count), PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    first = max(page.start_index() - 1, 0)
    lines = listed.people.lines(states=listed.states, first=first, last=page.end_index())
    context = {
        "asked": asked,
        "title": listed.title,
        "total": listed.counted.total(),
        "completed": listed.counted[PersonState.COMPLETED],
        "page": page,
        "rows": _rows(listed, lines),
        "columns": _columns(listed),
        "tabs": _tabs(listed),
        "part": listed.part.label if listed.part else "",
        "act": act_for(listed.states[0]) if len(listed.states) == 1 else "",
        "downloads": download_links(_address(listed, "_file", listed.state)),
        "trail": trail_to(asked, asked.unit)[: -1 if asked.unit else None],
        "day": asked.day,
        "notes": past_notes(asked),
        "office": office_of(request.user),
    }
    return render(request, "reporting/people.html", context)


@login_required
@require_safe
@replica_reads()
def people_file(request: SignedInRequest, unit_id: int | None = None) -> HttpResponseBase:
    """Send the names of `people` with the same columns and of the same status.
    Who took it is logged.
    """
    listed = _read_list(request, unit_id)
    if listed is None:
        raise Http404
    asked = listed.asked
    if asked.leaves_unit:
        return redirect(top_address(asked))
    sheet = people_sheet(
        headings=[str(column["label"]) for column in _columns(listed)],
        rows=[
            [row["label"], *(_as_text(cell) for cell in row["cells"])]
            for row in _rows(listed, listed.people.lines(states=listed.states))
        ],
    )
    return hand_out(
        sheet=sheet,
        by=request.user,
        list_name="hoc-vien",
        file_name=dated_name("hoc-vien", slug(listed.title)),
        file_format=file_format_of(request),
        about=about(
            request,
            asked,
            area="" if asked.unit is None and listed.where == NamesOf.AREA else listed.title,
            state=listed.state,
            state_label=listed.state_label,
            part=str(listed.part.label) if listed.part else "",
        ),
        rows=listed.count,
    )


@dataclass(frozen=True)
class _List:
    """What was asked, whom it counts, and of which status ("" for all) the names are."""

    asked: ReportQuery
    where: NamesOf
    people: People | PeopleThen
    counted: Counter[PersonState]
    state: str
    part: Part | None = None

    @property
    def states(self) -> list[PersonState]:
        if self.state == LATE:
            return list(LATE_STATES)
        return [PersonState(self.state)] if self.state else list(PersonState)

    @property
    def count(self) -> int:
        return sum(self.counted[state] for state in self.states)

    @property
    def state_label(self) -> str:
        if self.state == LATE:
            return _("Who is late")
        return str(PersonState(self.state).label) if self.state else ""

    @property
    def title(self) -> str:
        """The place whose people these are."""
        if self.where in BEYOND_OF:
            return str(BEYOND_OF[self.where].label)
        if self.asked.unit is None:
            return _("All places")
        if self.where == NamesOf.OFFICE:
            return _("Office of %(unit)s") % {"unit": self.asked.unit.display_name}
        return str(self.asked.unit)

    @property
    def is_one_place(self) -> bool:
        """Whether all of them stand in the same unit, which is the title then."""
        unit = self.asked.unit
        is_office = self.where == NamesOf.OFFICE
        return unit is not None and (is_office or unit.level == Level.COMMUNE)


def _read_list(request: SignedInRequest, unit_id: int | None) -> _List | None:
    asked = parse_query(request, unit_id=unit_id)
    if asked is None:
        return None
    named, part = request.GET.get("where", ""), _part(request, asked)
    where = NamesOf(named) if named in NamesOf else NamesOf.AREA
    people = _find(asked, where, part)
    state = request.GET.get("state", "")
    return _List(
        asked=asked,
        where=where,
        people=people,
        counted=people.count_states(),
        state=state if state in PersonState or state == LATE else "",
        part=part,
    )


def _find(asked: ReportQuery, where: NamesOf, part: Part | None) -> People | PeopleThen:
    of_whom: dict[str, Any] = {
        "programme": asked.programme,
        "edition": asked.edition,
        "unit": asked.unit,
        "on": asked.day,
        "reader": asked.reader,
        "cadres": asked.cadres,
        "counted_at": asked.counted_at,
    }
    if asked.is_past:
        return find_people_as_of(**of_whom, where=where)
    return find_people(**of_whom, narrowing=replace(asked.narrowing, where=where, part=part))


def _part(request: SignedInRequest, asked: ReportQuery) -> Part | None:
    """Return the part that is asked for, where the filters tell it; of a past day there is none."""
    if asked.is_past:
        return None
    name = request.GET.get("part", "")
    part = Part(name) if name in Part else None
    if part == Part.WITHIN:
        return part if asked.narrowing.within else None
    return part if asked.at_current_place else None


def _address(listed: _List, ending: str, state: str) -> str:
    """Return the same list (`ending` "") or its file ("_file") of a status."""
    unit = listed.asked.unit
    more = {"where": listed.where.value, "state": state}
    more["part"] = listed.part.value if listed.part else ""
    if unit is None:
        return address(f"all_people{ending}", listed.asked, **more)
    return address(f"people{ending}", listed.asked, unit.pk, **more)


def _as_text(cell: dict[str, Any]) -> str | None:
    """Return a cell of the table as the text of a spreadsheet's."""
    if "lines" in cell:
        return " ".join(cell["lines"]) or None
    return str(cell.get("badge") or cell["text"]) or None


def _columns(listed: _List) -> list[dict[str, Any]]:
    place = [] if listed.is_one_place else [{"label": _("Place")}]
    enrolled_from = [{"label": _("When enrolled")}] if listed.asked.at_current_place else []
    return [
        {"label": _("Full name")},
        {"label": _("Staff code")},
        {"label": _("Phone")},
        *place,
        {"label": _("Cadre")},
        *enrolled_from,
        {"label": _("Status"), "fit": True},
        {"label": _("Class")},
        # What somebody lacked on a past day is not kept.
        *([] if listed.asked.is_past else [{"label": _("What is missing")}]),
    ]


def _rows(listed: _List, lines: list[PersonLine]) -> list[dict[str, Any]]:
    """Return these lines as rows of the table component."""
    asked = listed.asked
    found: Mapping[int, list[CourseProgress]] = {}
    if not asked.is_past:
        found = course_progress(
            programme=asked.programme, lines=lines, on=asked.day, reader=asked.reader
        )
    may_call = reachable(asked.reader, lines)
    labels = [column["label"] for column in _columns(listed)[1:]]
    return [
        {
            "label": str(line.user),
            "url": address("person", asked, line.user.pk),
            "cells": [
                {"label": label, **cell}
                for label, cell in zip(
                    labels, _cells(listed, line, found.get(line.user.pk), may_call), strict=True
                )
            ],
        }
        for line in lines
    ]


def _phone(line: PersonLine, may_call: Collection[int]) -> dict[str, Any]:
    phone = line.user.phone if line.user.pk in may_call else ""
    return {"text": phone_local(phone), "url": f"tel:{phone}" if phone else ""}


def _cells(
    listed: _List,
    line: PersonLine,
    courses: list[CourseProgress] | None,
    may_call: Collection[int],
) -> list[dict[str, Any]]:
    tone, icon = STATE_STYLE[line.state]
    return [
        {"text": line.user.staff_code},
        _phone(line, may_call),
        *([] if listed.is_one_place else [{"text": str(line.unit)}]),
        {"text": line.cadre},
        *([{"lines": moved_from(line)}] if listed.asked.at_current_place else []),
        {"badge": line.state.label, "tone": tone, "icon": icon},
        *_classes(line, courses),
    ]


def _classes(line: PersonLine, courses: list[CourseProgress] | None) -> list[dict[str, Any]]:
    """Return the classes and what is missing; of a past day the class that counted alone."""
    if courses is None:
        return [{"lines": [str(line.run)] if line.run else []}]
    return [
        {"lines": [str(one.enrolment.run) for one in courses if one.enrolment]},
        {"lines": [text for one in courses for text in missing_of(one)]},
    ]


def _tabs(listed: _List) -> list[dict[str, Any]]:
    """Return all, those who are late, and each state, with how many."""
    counted = listed.counted
    tabs = [("", _("Everybody"), counted.total())]
    tabs += [(state.value, str(state.label), counted[state]) for state in PersonState]
    tabs.append((LATE, _("Who is late"), sum(counted[state] for state in LATE_STATES)))
    return [
        {
            "label": label,
            "count": count,
            "url": _address(listed, "", state),
            "active": state == listed.state,
        }
        for state, label, count in tabs
    ]
