"""The names behind a figure, and one person's page: what is still missing, line by line."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.models import CourseRun
from lms.core.templatetags.ui import vi_date
from lms.reporting.domain.people import PersonLine, people_in
from lms.reporting.domain.standing import CourseStanding, find_person, standings
from lms.reporting.enums import PersonState
from lms.reporting.views.addresses import address, top_address, trail_to
from lms.reporting.views.asking import Asked, read_question

PEOPLE_PER_PAGE = 50

STEP_STATES = {True: "done", False: "todo"}
LOOKS = {
    PersonState.COMPLETED: ("success", "check"),
    PersonState.LEARNING: ("warning", "clock"),
    PersonState.WAITING: ("info", "calendar"),
    PersonState.NOT_REACHED: ("neutral", "info"),
}


@login_required
@require_safe
def people(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The names behind the figures of one commune, or of the office of a district."""
    asked = read_question(request, unit_id=unit_id)
    if asked is None or asked.unit is None:
        raise Http404
    if asked.leaves_unit:
        return redirect(top_address(asked))
    lines = people_in(
        programme=asked.programme,
        edition=asked.edition,
        unit=asked.unit,
        on=localdate(),
        reader=request.user,
        cadres=asked.cadres,
    )
    chosen = request.GET.get("state", "")
    shown = [line for line in lines if line.state == chosen] if chosen in PersonState else lines
    page = Paginator(shown, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "total": len(lines),
        "completed": sum(1 for line in lines if line.state == PersonState.COMPLETED),
        "page": page,
        "rows": _rows(request, asked, list(page.object_list)),
        "columns": _columns(),
        "tabs": _tabs(asked, lines, chosen),
        "trail": trail_to(asked, asked.unit)[:-1],
        "day": localdate(),
    }
    return render(request, "reporting/people.html", context)


@login_required
@require_safe
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person whom the programme counts; 404 beyond the reader's own area."""
    asked = read_question(request, unit_id=None)
    if asked is None:
        raise Http404
    line = find_person(
        programme=asked.programme, user_id=user_id, on=localdate(), reader=request.user
    )
    if line is None:
        raise Http404
    found = standings(programme=asked.programme, lines=[line], on=localdate(), reader=request.user)
    known = {one.enrolment.run_id for one in found[user_id] if one.enrolment}
    runs = CourseRun.objects.manageable_by(request.user).filter(pk__in=known)
    openable = set(runs.values_list("pk", flat=True))
    context = {
        "asked": asked,
        "line": line,
        "look": LOOKS[line.state],
        "courses": [_course(one, openable) for one in found[user_id]],
        "trail": trail_to(asked, line.unit),
        "day": localdate(),
    }
    return render(request, "reporting/person.html", context)


def _columns() -> list[dict[str, Any]]:
    return [
        {"label": _("Full name")},
        {"label": _("Staff code")},
        {"label": _("Cadre")},
        {"label": _("Status"), "fit": True},
        {"label": _("What is missing")},
    ]


def _rows(request: HttpRequest, asked: Asked, lines: list[PersonLine]) -> list[dict[str, Any]]:
    """The lines of one page as rows of the table component."""
    found = standings(programme=asked.programme, lines=lines, on=localdate(), reader=request.user)
    labels = [column["label"] for column in _columns()[1:]]
    return [
        {
            "label": str(line.user),
            "url": address("person", asked, line.user.pk),
            "cells": [
                {"label": label, **cell}
                for label, cell in zip(labels, _cells(line, found[line.user.pk]), strict=True)
            ],
        }
        for line in lines
    ]


def _cells(line: PersonLine, courses: list[CourseStanding]) -> list[dict[str, Any]]:
    tone, icon = LOOKS[line.state]
    return [
        {"text": line.user.staff_code},
        {"text": line.cadre},
        {"badge": line.state.label, "tone": tone, "icon": icon},
        {"lines": [text for one in courses for text in _missing(one)]},
    ]


def _tabs(asked: Asked, lines: list[PersonLine], chosen: str) -> list[dict[str, Any]]:
    """All, and each state that occurs, with how many."""
    base = address("people", asked, asked.unit.pk) if asked.unit else ""
    joint = "&" if "?" in base else "?"
    counts = [("", _("Everybody"), len(lines))]
    counts += [
        (state.value, str(state.label), sum(1 for line in lines if line.state == state))
        for state in PersonState
    ]
    return [
        {
            "label": label,
            "count": count,
            "url": f"{base}{joint}state={key}" if key else base,
            "active": key == (chosen if chosen in PersonState else ""),
        }
        for key, label, count in counts
    ]


def _missing(standing: CourseStanding) -> list[str]:
    """What one course still asks of a person, in sentences; nothing when it is completed."""
    course = standing.course.title
    if standing.state == PersonState.COMPLETED:
        return []
    if standing.state == PersonState.NOT_REACHED:
        return [_("No class of “%(course)s” yet.") % {"course": course}]
    if standing.is_elsewhere:
        return [_("In a class of another area: “%(course)s”.") % {"course": course}]
    if standing.state == PersonState.WAITING and standing.enrolment:
        day = vi_date(standing.enrolment.run.starts_on)
        return [_("The class begins on %(day)s.") % {"day": day}]
    return [result.explanation for result in standing.missing]


def _course(standing: CourseStanding, openable: set[int]) -> dict[str, Any]:
    """One course as a card: its class, when it was completed, its lines."""
    enrolment = standing.enrolment
    tone, icon = LOOKS[standing.state]
    card = {
        "title": standing.course.title,
        "state": standing.state.label,
        "tone": tone,
        "icon": icon,
        "notes": [] if standing.results else _missing(standing),
        "steps": [
            {
                "label": result.label,
                "text": result.explanation,
                "state": STEP_STATES[result.met],
            }
            for result in standing.results
            if result.required > 0
        ],
    }
    if enrolment is not None:
        card |= {"run": enrolment.run, "completed_on": vi_date(enrolment.completed_at)}
        if enrolment.run_id in openable:
            card["url"] = reverse("courses:enrolment_detail", args=[enrolment.run_id, enrolment.pk])
    return card
