"""The people behind a figure join a class: which one, who of them, and what is in the way."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from courses.domain.enrolling import (
    Joining,
    busy_elsewhere,
    enrol_many,
    joining,
    preview_intake,
)
from courses.models import CourseRun
from lms.core.display import vi_date
from lms.core.readers import SignedInRequest
from lms.core.refusal import Refusal
from lms.core.requests import read_number
from lms.core.show_refusal import RefusalAsMessage
from lms.reporting.domain.joining import may_enrol, runs_to_join, whom_to_enrol
from lms.reporting.domain.people import People
from lms.reporting.views.acts import plan_address, requirements_of
from lms.reporting.views.listing import NamesList, list_address, read_names
from lms.reporting.views.urls_for import trail_to

# A form holds no more, and nobody reads them.
MOST_LISTED = 500
# The code of the class; `run` is a filter of the report.
INTO = "into"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: SignedInRequest, unit_id: int | None = None) -> HttpResponse:
    """Show which class could take the people of a list, then who they are, and enrol those who stay
    ticked; 404 for a list whose people need no class.
    """
    listed = read_names(request, unit_id)
    if listed is None or listed.to_enrol is None:
        raise Http404
    if not may_enrol(request.user):
        raise PermissionDenied
    runs = list(
        runs_to_join(
            programme=listed.asked.programme,
            requirements=requirements_of(listed),
            reader=request.user,
        )
    )
    run = _chosen(request, runs)
    people = _people(listed, listed.to_enrol, run) if run else None
    if request.method == "POST" and run:
        with RefusalAsMessage(request):
            _enrol_ticked(request, run, people)
            return redirect(list_address(listed, "", listed.state))
    context = {
        "title": listed.title,
        "state_label": listed.state_label,
        "total": listed.count,
        "runs": [_class(one, listed, one == run) for one in runs],
        "run": run,
        "plan_url": plan_address(listed),
        "back_url": list_address(listed, "", listed.state),
        "trail": trail_to(listed.asked, listed.asked.unit),
        "ticked": request.POST.getlist("people") if request.method == "POST" else None,
        **(_look_at(listed, run, people) if run else {}),
    }
    return render(request, "reporting/enrol.html", context)


def _chosen(request: SignedInRequest, runs: list[Any]) -> Any:
    """Return the class that the address names; the only one where it names none."""
    code = request.GET.get(INTO, "")
    return next((one for one in runs if code == one.code or (not code and len(runs) == 1)), None)


def _people(listed: NamesList, people: People, run: CourseRun) -> Any:
    return whom_to_enrol(
        run=run,
        people=people,
        states=listed.states,
        requirements=requirements_of(listed),
        reader=listed.asked.reader,
        day=listed.asked.day,
    )


def _enrol_ticked(request: SignedInRequest, run: CourseRun, people: Any) -> None:
    ticked = {pk for one in request.POST.getlist("people") if (pk := read_number(one))}
    if not ticked:
        raise Refusal("nobody_ticked", _("Tick at least one person."))
    chosen = list(joining(run=run, people=people).filter(pk__in=ticked))
    if not chosen:
        raise Refusal(
            "all_gone",
            _("Nobody was enrolled: the people you ticked cannot join this class any more."),
        )
    enrol_many(run=run, users=chosen, at=timezone.now())
    said = ngettext(
        "%(count)d person has been enrolled in “%(run)s”.",
        "%(count)d people have been enrolled in “%(run)s”.",
        len(chosen),
    )
    messages.success(request, said % {"count": len(chosen), "run": run})
    if left := len(ticked) - len(chosen):
        said = ngettext(
            "%(count)d person was left out, who cannot join this class any more.",
            "%(count)d people were left out, who cannot join this class any more.",
            left,
        )
        messages.warning(request, said % {"count": left})


def _class(run: Any, listed: NamesList, is_chosen: bool) -> dict[str, Any]:
    people = ngettext("%(count)s person in it", "%(count)s people in it", run.trainee_count) % {
        "count": run.trainee_count
    }
    when = f"{vi_date(run.starts_on)} – {vi_date(run.ends_on)}"
    return {
        "title": str(run),
        "meta": " · ".join((str(run.get_status_display()), when, run.unit.display_name, people)),
        "url": list_address(listed, "_enrol", listed.state, **{INTO: run.code}),
        "is_chosen": is_chosen,
    }


def _look_at(listed: NamesList, run: CourseRun, people: Any) -> dict[str, Any]:
    """Return who would join, who is in a class already, and how many cannot: together the list."""
    intake = preview_intake(run=run, people=people)
    those = joining(run=run, people=people)
    told = intake.joining + intake.enrolled + intake.elsewhere
    is_listed = 0 < intake.joining <= MOST_LISTED
    return {
        "intake": intake,
        "rest": listed.count - told,
        "joining": Joining(run=run, people=those),
        "people": list(those) if is_listed else [],
        "elsewhere": list(busy_elsewhere(run=run, people=people)[:MOST_LISTED]),
    }
