"""One person's page: what is still missing, line by line."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.models import CourseRun
from courses.models.titles import shown_title
from lms.core.display import vi_date
from lms.core.readers import SignedInRequest
from lms.core.replica import replica_reads
from lms.reporting.domain.course_progress import CourseProgress, course_progress, find_person
from lms.reporting.domain.joining import may_enrol
from lms.reporting.domain.person_lines import PersonLine
from lms.reporting.enums import LATE_STATES
from lms.reporting.views.acts import act_for
from lms.reporting.views.asking import ReportQuery, parse_query
from lms.reporting.views.progress_words import STATE_STYLE, missing_of, reachable
from lms.reporting.views.reminding import ways_to_remind_one
from lms.reporting.views.urls_for import address, trail_to

STEP_STATES = {True: "done", False: "todo"}


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
        "act": act_for(line.state),
        "ways": [*_ways_to_class(asked, line), *ways_to_remind_one(asked, line)],
        "look": STATE_STYLE[line.state],
        "has_phone": bool(line.user.phone and reachable(request.user, [line])),
        "courses": [_course(one, openable) for one in found[user_id]],
        "trail": trail_to(asked, line.unit),
        "day": localdate(),
    }
    return render(request, "reporting/person.html", context)


def _ways_to_class(asked: ReportQuery, line: PersonLine) -> list[dict[str, str]]:
    """Return the way to those of the same place and state, who are enrolled from there together."""
    if line.state not in LATE_STATES or not may_enrol(asked.reader):
        return []
    url = address("people", asked, line.unit.pk, state=line.state.value)
    return [{"label": _("Enrol or plan a class"), "url": url, "icon": "users"}]


def _course(progress: CourseProgress, openable: set[int]) -> dict[str, Any]:
    """Return one course as a card: its class, when it was completed, its lines."""
    enrolment = progress.enrolment
    tone, icon = STATE_STYLE[progress.state]
    card: dict[str, Any] = {
        "title": shown_title(progress.course),
        "state": progress.state.label,
        "tone": tone,
        "icon": icon,
        "notes": [] if progress.results else missing_of(progress),
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
