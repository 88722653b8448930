"""Classes, for those who teach them or watch over them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from courses.domain.counts import annotate_trainees
from courses.domain.enrolment_state import enrolment_state
from courses.domain.gains import annotate_pair, class_gain
from courses.domain.progress import progress_of
from courses.domain.runs import pending_step
from courses.enums import UNFINISHED_STATUSES, EnrolmentStatus, RunStatus
from courses.learning_reminders import invites_to
from courses.models import CourseRun, Enrolment
from courses.permissions import RUN_MANAGERS, may_manage
from courses.views.access import widest_role
from courses.views.announcing import ClassAudience
from courses.views.my_work import steps_of
from lms.accounts.models import User
from lms.announcements.extensions import write_url
from lms.core.readers import SignedInRequest
from lms.core.text import fold
from lms.spreadsheets.handout import download_links, filters_of

RUNS_A_PAGE = 20
TRAINEES_A_PAGE = 50

CURRENT, UPCOMING, PAST, CANCELLED = "current", "upcoming", "past", "cancelled"
PHASES = (CURRENT, UPCOMING, PAST, CANCELLED)
PHASE_LABELS = {
    CURRENT: gettext_lazy("Ongoing"),
    UPCOMING: gettext_lazy("Coming up"),
    PAST: gettext_lazy("Past"),
    CANCELLED: RunStatus.CANCELLED.label,
}
LACKING = EnrolmentStatus.ACTIVE


@login_required
@require_safe
def run_list(request: SignedInRequest) -> HttpResponse:
    """Show the classes one teaches or watches over: those going on, then the coming,
    then the past.
    """
    runs = _with_phase(CourseRun.objects.watched_by(request.user), timezone.localdate())
    counts = dict(runs.order_by().values_list("phase").annotate(n=Count("pk")))
    if not counts and widest_role(request.user) is None:
        raise Http404
    phase = request.GET.get("when", "")
    paginator = Paginator(shown_runs(request), RUNS_A_PAGE)
    context = {
        "page": paginator.get_page(request.GET.get("page")),
        "downloads": download_links(_file_address(request, "courses:run_list_file")),
        "total": sum(counts.values()),
        "actions": _planning_of(request.user),
        "tabs": _phase_tabs(counts, phase),
        "phase": phase if phase in PHASES else "",
        "query": request.GET.get("q", ""),
        "attends": Enrolment.objects.counted().filter(user=request.user).exists(),
    }
    return render(request, "courses/run_list.html", context)


@login_required
@require_safe
def run_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one class: what, when, where, and who still lacks what."""
    run = watched_run(request, pk)
    enrolments = Enrolment.objects.visible_to(request.user).filter(run=run)
    counts = dict(enrolments.order_by().values_list("status").annotate(n=Count("pk")))
    status = request.GET.get("status", "")
    paginator = Paginator(shown_trainees(request, run), TRAINEES_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    manages = request.user.scope.has_role(*RUN_MANAGERS) and may_manage(request.user, run)
    context = {
        "run": run,
        "actions": _actions_of(run) if manages else [],
        "may_enrol": manages and run.status in UNFINISHED_STATUSES,
        "step": pending_step(
            run=run, trainee_count=run.enrolments.counted().count(), today=timezone.localdate()
        )
        if manages
        else None,
        "trainers": list(run.trainers.order_by("sort_key")),
        "page": page,
        "rows": trainee_rows(list(page.object_list)),
        "downloads": download_links(_file_address(request, "courses:run_trainees_file", run.pk)),
        "counts": _totals(counts),
        "gain": class_gain(run=run, reader=request.user),
        "gain_downloads": download_links(reverse("courses:run_gains_file", args=[run.pk])),
        "tabs": _status_tabs(run, counts, status),
        "status": status,
        "query": request.GET.get("q", ""),
    }
    return render(request, "courses/run_detail.html", context)


@login_required
@require_safe
def enrolment_detail(request: SignedInRequest, pk: int, enrolment_pk: int) -> HttpResponse:
    """Show one trainee of a class, line by line."""
    run = watched_run(request, pk)
    enrolment = get_object_or_404(
        Enrolment.objects.visible_to(request.user).filter(run=run).select_related("user", "unit"),
        pk=enrolment_pk,
    )
    enrolment.run = run
    progress = progress_of(enrolment_ids=[enrolment.pk])
    context = {
        "run": run,
        "enrolment": enrolment,
        "steps": steps_of(progress[enrolment.pk]),
        "trail": [
            {"label": _("Classes"), "url": reverse("courses:run_list")},
            {"label": run.title, "url": reverse("courses:run_detail", args=[run.pk])},
        ],
    }
    return render(request, "courses/enrolment_detail.html", context)


def watched_run(request: SignedInRequest, pk: int) -> Any:
    runs = annotate_pair(CourseRun.objects.watched_by(request.user))
    return get_object_or_404(runs.select_related("course", "unit", "programme"), pk=pk)


def shown_runs(request: SignedInRequest) -> QuerySet[Any]:
    """Return the classes that the address asks for, in the order of the page."""
    runs = _with_phase(CourseRun.objects.watched_by(request.user), timezone.localdate())
    phase = request.GET.get("when", "")
    chosen = runs.filter(phase=phase) if phase in PHASES else runs
    return _with_counts(_in_order(_searched(chosen, request.GET.get("q", ""))))


def shown_trainees(request: SignedInRequest, run: CourseRun) -> QuerySet[Enrolment]:
    """Return the trainees of the class that the address asks for, in the order of the page."""
    shown = Enrolment.objects.visible_to(request.user).filter(run=run)
    if (status := request.GET.get("status", "")) in EnrolmentStatus.values:
        shown = shown.filter(status=status)
    for word in fold(request.GET.get("q", "")).split():
        shown = shown.filter(user__search_text__contains=word)
    return shown.select_related("user", "unit", "run").in_name_order()


def trainee_rows(shown: Sequence[Enrolment]) -> list[dict[str, Any]]:
    """Return each of these trainees with the lines of the criteria that ask something."""
    progress = progress_of(enrolment_ids=[one.pk for one in shown])
    return [{"enrolment": one, "results": progress[one.pk]} for one in shown]


def _file_address(request: SignedInRequest, name: str, *args: int) -> str:
    """Return where the list of the page is given out as a file,
    with what the address asks of it.
    """
    asked = urlencode(filters_of(request))
    return f"{reverse(name, args=args)}{'?' if asked else ''}{asked}"


def _planning_of(user: User) -> list[dict[str, str]]:
    """Return the way to a new class, for those who may plan one."""
    if not user.scope.has_role(*RUN_MANAGERS):
        return []
    return [{"label": _("Plan a class"), "url": reverse("runs:add"), "icon": "plus"}]


def _actions_of(run: CourseRun) -> list[dict[str, str]]:
    """Return the ways to where a class is planned, opened, closed and filled, and to where its
    trainees are written to.
    """
    url = reverse("runs:inspect", args=[run.pk])
    actions = [{"label": _("Manage the class"), "url": url, "icon": "edit"}]
    if run.status == RunStatus.CANCELLED:
        return actions
    to = {"run": str(run.pk)}
    remind = write_url(ClassAudience.key, to, remind=True)
    invites = invites_to(run=run, today=timezone.localdate())
    return [
        *actions,
        {"label": _("Write to the class"), "url": write_url(ClassAudience.key, to), "icon": "send"},
        {"label": _("Invite now") if invites else _("Remind now"), "url": remind, "icon": "bell"},
    ]


def _with_phase(runs: QuerySet[CourseRun], today: date) -> QuerySet[Any]:
    return runs.annotate(
        phase=Case(
            When(status=RunStatus.CANCELLED, then=Value(CANCELLED)),
            When(starts_on__gt=today, then=Value(UPCOMING)),
            When(ends_on__lt=today, then=Value(PAST)),
            default=Value(CURRENT),
            output_field=CharField(),
        )
    )


def _in_order(runs: QuerySet[CourseRun]) -> QuerySet[CourseRun]:
    """Order coming classes the soonest first, all others the latest first."""
    place = Case(
        *(When(phase=phase, then=Value(rank)) for rank, phase in enumerate(PHASES)),
        output_field=IntegerField(),
    )
    soonest = Case(When(phase=UPCOMING, then=F("starts_on")))
    return runs.annotate(place_in_list=place, soonest=soonest).order_by(
        "place_in_list", "soonest", "-starts_on", "code"
    )


def _searched(runs: QuerySet[CourseRun], query: str) -> QuerySet[CourseRun]:
    for word in fold(query).split():
        runs = runs.filter(
            Q(search_text__contains=word)
            | Q(unit__search_text__contains=word)
            | Q(course__folded_title__contains=word)
        )
    return runs


def _with_counts(runs: QuerySet[CourseRun]) -> QuerySet[CourseRun]:
    related = runs.select_related("unit", "course").prefetch_related("trainers")
    return annotate_trainees(related)


def _phase_tabs(counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    labels = (
        ("", _("All classes"), sum(counts.values())),
        *((key, PHASE_LABELS[key], counts.get(key, 0)) for key in (CURRENT, UPCOMING, PAST)),
    )
    return [
        {
            "label": label,
            "count": count,
            "url": f"?when={key}" if key else "?",
            "active": key == chosen,
        }
        for key, label, count in labels
    ]


def _status_tabs(run: CourseRun, counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    # All who have not completed are in one state, which the class tells.
    lacking = enrolment_state(Enrolment(status=LACKING, run=run), today=timezone.localdate())
    labels = (
        ("", _("All trainees"), sum(counts.values())),
        (LACKING, str(lacking.label), counts.get(LACKING, 0)),
        (EnrolmentStatus.COMPLETED, _("Completed"), counts.get(EnrolmentStatus.COMPLETED, 0)),
        (EnrolmentStatus.WITHDRAWN, _("Withdrawn"), counts.get(EnrolmentStatus.WITHDRAWN, 0)),
    )
    return [
        {
            "label": label,
            "count": count,
            "url": f"?status={key}#trainees" if key else "?#trainees",
            "active": key == chosen,
        }
        for key, label, count in labels
    ]


def _totals(counts: dict[str, int]) -> dict[str, int]:
    completed = counts.get(EnrolmentStatus.COMPLETED, 0)
    lacking = counts.get(LACKING, 0)
    return {"enrolled": completed + lacking, "completed": completed, "lacking": lacking}
