"""The names behind a figure, and one person's page: what is still missing, line by line."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.models import CourseRun
from courses.models.titles import plain_title, shown_title
from lms.accounts.models import User
from lms.core.display import phone_local, vi_date
from lms.core.readers import SignedInRequest
from lms.core.replica import replica_reads
from lms.core.text import slug
from lms.reporting.domain.course_progress import CourseProgress, course_progress, find_person
from lms.reporting.domain.people import PersonLine, people_in
from lms.reporting.enums import PersonState
from lms.reporting.views.about import about
from lms.reporting.views.asking import ReportQuery, parse_query
from lms.reporting.views.moved import moved_from
from lms.reporting.views.urls_for import address, top_address, trail_to
from lms.reporting.workbook import people_sheet
from lms.spreadsheets.handout import (
    dated_name,
    download_links,
    file_format_of,
    hand_out,
)

PEOPLE_PER_PAGE = 50

STEP_STATES = {True: "done", False: "todo"}
STATE_STYLE = {
    PersonState.COMPLETED: ("success", "check"),
    PersonState.LEARNING: ("warning", "clock"),
    PersonState.NOT_COMPLETED: ("warning", "clock"),
    PersonState.TO_COME: ("info", "calendar"),
    PersonState.NO_CLASS: ("neutral", "info"),
}


@login_required
@require_safe
@replica_reads()
def people(request: SignedInRequest, unit_id: int) -> HttpResponse:
    """Show the names behind the figures of one commune, or of the office of a district."""
    listed = _read_list(request, unit_id)
    if listed is None:
        raise Http404
    asked, lines = listed.asked, listed.everybody
    if asked.leaves_unit:
        return redirect(top_address(asked))
    page = Paginator(listed.shown, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "total": len(lines),
        "completed": sum(1 for line in lines if line.state == PersonState.COMPLETED),
        "page": page,
        "rows": _rows(request, asked, list(page.object_list)),
        "columns": _columns(asked),
        "tabs": _tabs(asked, lines, listed.state),
        "downloads": download_links(
            _with_state(address("people_file", asked, unit_id), listed.state)
        ),
        "trail": trail_to(asked, asked.unit)[:-1],
        "day": localdate(),
    }
    return render(request, "reporting/people.html", context)


@login_required
@require_safe
@replica_reads()
def people_file(request: SignedInRequest, unit_id: int) -> HttpResponseBase:
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
        headings=[str(column["label"]) for column in _columns(asked)],
        rows=[
            [row["label"], *(_as_text(cell) for cell in row["cells"])]
            for row in _rows(request, asked, listed.shown)
        ],
    )
    return hand_out(
        sheet=sheet,
        by=request.user,
        list_name="hoc-vien",
        file_name=dated_name("hoc-vien", slug(str(asked.unit))),
        file_format=file_format_of(request),
        about=about(request, asked, state=listed.state),
        rows=len(listed.shown),
    )


@login_required
@require_safe
@replica_reads()
def person(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Show one person whom the programme counts; 404 beyond the reader's own area."""
    asked = parse_query(request, unit_id=None)
    if asked is None:
        raise Http404
    line = find_person(
        programme=asked.programme,
        user_id=user_id,
        on=localdate(),
        reader=request.user,
        counted_at=asked.counted_at,
    )
    if line is None:
        raise Http404
    found = course_progress(
        programme=asked.programme, lines=[line], on=localdate(), reader=request.user
    )
    known = {one.enrolment.run_id for one in found[user_id] if one.enrolment}
    runs = CourseRun.objects.watched_by(request.user).filter(pk__in=known)
    openable = set(runs.values_list("pk", flat=True))
    context = {
        "asked": asked,
        "line": line,
        "look": STATE_STYLE[line.state],
        "has_phone": bool(line.user.phone and _reachable(request, [line])),
        "courses": [_course(one, openable) for one in found[user_id]],
        "trail": trail_to(asked, line.unit),
        "day": localdate(),
    }
    return render(request, "reporting/person.html", context)


@dataclass(frozen=True)
class _List:
    """What was asked, everybody counted there, and those of the chosen status ("" for all)."""

    asked: ReportQuery
    everybody: list[PersonLine]
    shown: list[PersonLine]
    state: str


def _read_list(request: SignedInRequest, unit_id: int) -> _List | None:
    asked = parse_query(request, unit_id=unit_id)
    if asked is None or asked.unit is None:
        return None
    lines = people_in(
        programme=asked.programme,
        edition=asked.edition,
        unit=asked.unit,
        on=localdate(),
        reader=request.user,
        cadres=asked.cadres,
        counted_at=asked.counted_at,
    )
    state = request.GET.get("state", "")
    if state not in PersonState:
        return _List(asked, lines, lines, "")
    return _List(asked, lines, [line for line in lines if line.state == state], state)


def _with_state(url: str, state: str) -> str:
    joint = "&" if "?" in url else "?"
    return f"{url}{joint}state={state}" if state else url


def _as_text(cell: dict[str, Any]) -> str | None:
    """Return a cell of the table as the text of a spreadsheet's."""
    if "lines" in cell:
        return " ".join(cell["lines"]) or None
    return str(cell.get("badge") or cell["text"]) or None


def _columns(asked: ReportQuery) -> list[dict[str, Any]]:
    enrolled_from = [{"label": _("When enrolled")}] if asked.at_current_place else []
    return [
        {"label": _("Full name")},
        {"label": _("Staff code")},
        {"label": _("Phone")},
        {"label": _("Cadre")},
        *enrolled_from,
        {"label": _("Status"), "fit": True},
        {"label": _("What is missing")},
    ]


def _rows(
    request: SignedInRequest, asked: ReportQuery, lines: list[PersonLine]
) -> list[dict[str, Any]]:
    """Return the lines of one page as rows of the table component."""
    found = course_progress(
        programme=asked.programme, lines=lines, on=localdate(), reader=request.user
    )
    reachable = _reachable(request, lines)
    labels = [column["label"] for column in _columns(asked)[1:]]
    return [
        {
            "label": str(line.user),
            "url": address("person", asked, line.user.pk),
            "cells": [
                {"label": label, **cell}
                for label, cell in zip(
                    labels, _cells(asked, line, found[line.user.pk], reachable), strict=True
                )
            ],
        }
        for line in lines
    ]


def _reachable(request: SignedInRequest, lines: list[PersonLine]) -> set[int]:
    """Return those of them whose phone the reader may see:
    somebody counted here may be posted elsewhere.
    """
    seen = User.objects.visible_to(request.user).filter(pk__in=[line.user.pk for line in lines])
    return set(seen.order_by().values_list("pk", flat=True))


def _phone(line: PersonLine, reachable: Collection[int]) -> dict[str, Any]:
    phone = line.user.phone if line.user.pk in reachable else ""
    return {"text": phone_local(phone), "url": f"tel:{phone}" if phone else ""}


def _cells(
    asked: ReportQuery, line: PersonLine, courses: list[CourseProgress], reachable: Collection[int]
) -> list[dict[str, Any]]:
    tone, icon = STATE_STYLE[line.state]
    return [
        {"text": line.user.staff_code},
        _phone(line, reachable),
        {"text": line.cadre},
        *([{"lines": moved_from(line)}] if asked.at_current_place else []),
        {"badge": line.state.label, "tone": tone, "icon": icon},
        {"lines": [text for one in courses for text in _missing(one)]},
    ]


def _tabs(asked: ReportQuery, lines: list[PersonLine], chosen: str) -> list[dict[str, Any]]:
    """Return all, and each state that occurs, with how many."""
    base = address("people", asked, asked.unit.pk) if asked.unit else ""
    counts = [("", _("Everybody"), len(lines))]
    counts += [
        (state.value, str(state.label), sum(1 for line in lines if line.state == state))
        for state in PersonState
    ]
    return [
        {
            "label": label,
            "count": count,
            "url": _with_state(base, key),
            "active": key == chosen,
        }
        for key, label, count in counts
    ]


def _missing(progress: CourseProgress) -> list[str]:
    """Return what one course still asks of a person, in sentences;
    nothing when it is completed.
    """
    course = plain_title(progress.course)
    if progress.state == PersonState.COMPLETED:
        return []
    if progress.state == PersonState.NO_CLASS:
        return [_("No class of “%(course)s” yet.") % {"course": course}]
    if progress.is_elsewhere:
        return [_("In a class of another area: “%(course)s”.") % {"course": course}]
    if progress.state == PersonState.TO_COME and progress.enrolment:
        day = vi_date(progress.enrolment.run.starts_on)
        return [_("The class begins on %(day)s.") % {"day": day}]
    return [result.explanation for result in progress.missing]


def _course(progress: CourseProgress, openable: set[int]) -> dict[str, Any]:
    """Return one course as a card: its class, when it was completed, its lines."""
    enrolment = progress.enrolment
    tone, icon = STATE_STYLE[progress.state]
    card: dict[str, Any] = {
        "title": shown_title(progress.course),
        "state": progress.state.label,
        "tone": tone,
        "icon": icon,
        "notes": [] if progress.results else _missing(progress),
        "steps": [
            {
                "label": result.label,
                "text": result.explanation,
                "state": STEP_STATES[result.met],
            }
            for result in progress.results
        ],
    }
    if enrolment is not None:
        card |= {"run": enrolment.run, "completed_on": vi_date(enrolment.completed_at)}
        if enrolment.run_id in openable:
            card["url"] = reverse("courses:enrolment_detail", args=[enrolment.run_id, enrolment.pk])
    return card
