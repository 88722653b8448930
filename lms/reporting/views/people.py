"""The names behind a figure, at every level, as a page and as a file."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.models import CourseRun
from lms.core.display import phone_local, vi_number
from lms.core.readers import SignedInRequest
from lms.core.replica import replica_reads
from lms.core.text import slug
from lms.reporting.domain.course_progress import CourseProgress, course_progress, still_counted
from lms.reporting.domain.person_lines import PersonLine
from lms.reporting.domain.plug_in_figures import values_of
from lms.reporting.enums import LATE, LATE_STATES, NamesOf, PersonState
from lms.reporting.views.about import about, past_notes
from lms.reporting.views.acts import act_for, ways_to_act
from lms.reporting.views.listing import NamesList, list_address, read_names
from lms.reporting.views.moved import moved_from, unnamed_in_words
from lms.reporting.views.office import office_of
from lms.reporting.views.progress_words import (
    STATE_STYLE,
    missing_in_short,
    missing_of,
    reachable,
)
from lms.reporting.views.reminding import ways_to_remind
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
# What a cell of the table may say. A template takes longer to find out that a key is missing than to read
# an empty one: a tenth of the page.
_EMPTY_CELL: Final = dict.fromkeys(
    ("num", "badge", "tone", "icon", "lines", "paper", "url", "text")
)


@login_required
@require_safe
@replica_reads()
def people(request: SignedInRequest, unit_id: int | None = None) -> HttpResponse:
    """Show the names behind the figures of a unit, or of all that the reader oversees."""
    listed = read_names(request, unit_id)
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
        "part": listed.part_label,
        "state_label": listed.state_label,
        "tells_things": listed.figure is not None and not listed.figure.part,
        "training": listed.training,
        "act": act_for(listed.states[0]) if len(listed.states) == 1 and not asked.is_past else "",
        "ways": [*ways_to_act(listed), *ways_to_remind(listed)] if listed.count else [],
        "downloads": download_links(list_address(listed, "_file", listed.state)),
        "trail": trail_to(asked, asked.unit)[: -1 if asked.unit else None],
        "day": asked.day,
        "notes": [*past_notes(asked), *unnamed_in_words(listed)],
        "office": office_of(request.user, asked.around),
    }
    return render(request, "reporting/people.html", context)


@login_required
@require_safe
@replica_reads()
def people_file(request: SignedInRequest, unit_id: int | None = None) -> HttpResponseBase:
    """Send the names of `people` with the same columns and of the same status.
    Who took it is logged.
    """
    listed = read_names(request, unit_id)
    if listed is None:
        raise Http404
    asked = listed.asked
    if asked.leaves_unit:
        return redirect(top_address(asked))
    sheet = people_sheet(
        headings=[str(column["label"]) for column in _columns(listed)],
        rows=(
            [row["label"], *(_as_text(cell) for cell in row["cells"])]
            for lines in listed.people.portions(states=listed.states)
            for row in _rows(listed, lines)
        ),
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
            part=listed.part_label,
            left_out=unnamed_in_words(listed),
        ),
        rows=listed.count,
    )


def _as_text(cell: dict[str, Any]) -> str | None:
    """Return a cell of the table as the text of a spreadsheet's."""
    if cell["lines"] is not None:
        return " ".join(cell["lines"]) or None
    return str(cell["badge"] or cell["text"]) or None


def _columns(listed: NamesList) -> list[dict[str, Any]]:
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
        *([{"label": listed.training.label, "num": True}] if listed.training else []),
    ]


def _rows(listed: NamesList, lines: list[PersonLine]) -> list[dict[str, Any]]:
    """Return these lines as rows of the table component."""
    asked = listed.asked
    found: Mapping[int, list[CourseProgress]] = {}
    if not asked.is_past:
        found = course_progress(
            programme=asked.programme, lines=lines, on=asked.day, reader=asked.reader
        )
    may_call = reachable(asked.reader, lines)
    labels = [column["label"] for column in _columns(listed)[1:]]
    added = _added(listed, lines)
    openable = _openable(listed, lines)
    return [
        {
            "label": str(line.user),
            "url": address("person", asked, line.user.pk) if line.user.pk in openable else "",
            "cells": [
                {**_EMPTY_CELL, "label": label, **cell}
                for label, cell in zip(
                    labels,
                    _cells(listed, line, found.get(line.user.pk), may_call)
                    + added.get(line.enrolment_id, []),
                    strict=True,
                )
            ],
        }
        for line in lines
    ]


def _openable(listed: NamesList, lines: list[PersonLine]) -> Collection[int]:
    """Return of whom there is a page: of those counted today. Whoever was on a past day, or came to a class
    from here before one elsewhere, may be no more.
    """
    asked, users = listed.asked, {line.user.pk for line in lines}
    if not asked.is_past and listed.figure is None:
        return users
    return still_counted(
        programme=asked.programme, users=users, on=localdate(), reader=asked.reader
    )


def _added(listed: NamesList, lines: list[PersonLine]) -> dict[int | None, list[dict[str, Any]]]:
    """Return the cell of what each class adds to the figure of training, if the names are behind one."""
    if listed.training is None:
        return {}
    values = values_of(
        figure=listed.training,
        enrolment_ids=[line.enrolment_id for line in lines if line.enrolment_id],
        narrowing=listed.asked.narrowing,
    )
    told = {line.enrolment_id: values.get(line.enrolment_id or 0) for line in lines}
    return {pk: [{"text": vi_number(value), "num": True}] for pk, value in told.items()}


def _phone(line: PersonLine, may_call: Collection[int]) -> dict[str, Any]:
    phone = line.user.phone if line.user.pk in may_call else ""
    return {"text": phone_local(phone), "url": f"tel:{phone}" if phone else ""}


def _cells(
    listed: NamesList,
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
        *_classes(listed, line, courses),
    ]


def _classes(
    listed: NamesList, line: PersonLine, courses: list[CourseProgress] | None
) -> list[dict[str, Any]]:
    """Return the classes and what is missing. Of a past day the class that counted alone, behind a figure of
    training the one in which it came about.
    """
    own = [line.run] if line.run else []
    if courses is None:
        return [_titles(own)]
    missing = {
        "lines": [text for one in courses for text in missing_of(one)],
        "paper": missing_in_short(courses),
    }
    if listed.training:
        return [_titles(own), missing]
    return [_titles([one.enrolment.run for one in courses if one.enrolment]), missing]


def _titles(runs: list[CourseRun]) -> dict[str, Any]:
    """Return a cell with these classes; on paper by their codes, so that a sheet holds 25 names."""
    return {"lines": [run.title for run in runs], "paper": ", ".join(run.code for run in runs)}


def _tabs(listed: NamesList) -> list[dict[str, Any]]:
    """Return all, those who are late, and each state, with how many."""
    counted = listed.counted
    tabs = [("", _("Everybody"), counted.total())]
    tabs += [(state.value, str(state.label), counted[state]) for state in PersonState]
    tabs.append((LATE, _("Who is late"), sum(counted[state] for state in LATE_STATES)))
    return [
        {
            "label": label,
            "count": count,
            "url": list_address(listed, "", state),
            "active": state == listed.state,
        }
        for state, label, count in tabs
    ]
