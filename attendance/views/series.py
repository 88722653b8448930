"""Many sessions of a class at once: looked at first, then written, all or none."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from attendance.domain.sessions.conflicts import describe_clash, find_clashes
from attendance.domain.sessions.scheduling import SessionPlan
from attendance.domain.sessions.seats import describe_crowd, find_crowds
from attendance.domain.sessions.series import create_series, find_problems, plan_series
from attendance.domain.wording import describe_when
from attendance.forms.series_form import SeriesForm
from courses.models import CourseRun
from lms.accounts.models import User
from lms.core.readers import SignedInRequest
from lms.core.requests import sign_of_preview
from lms.core.show_refusal import RefusalOnForm

# What was looked at: other sessions than these are shown before they are written.
SEEN = "seen"


@dataclass(frozen=True)
class PreviewRow:
    """A session to be: `problem` keeps the series from being saved, warnings do not."""

    plan: SessionPlan
    when: str
    problem: str
    warnings: list[str]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_series(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the sessions that a series makes in the class `pk`; add them once they were looked at."""
    run = get_object_or_404(CourseRun.objects.manageable_by(request.user), pk=pk)
    if request.method != "POST":
        return _page(request, SeriesForm(run=run), run, [])
    form = SeriesForm(request.POST, run=run)
    plans: list[SessionPlan] = []
    if form.is_valid():
        with RefusalOnForm(form):
            plans = plan_series(run=run, series=form.series())
            if request.POST.get(SEEN) == sign_of_preview(plans):
                now = timezone.now()
                added = create_series(run=run, plans=plans, by=request.user, at=now)
                messages.success(request, _told(len(added)))
                return redirect("courses:run_detail", pk=run.pk)
    return _page(request, form, run, plans)


def _told(count: int) -> str:
    text = ngettext(
        "%(count)d session has been added to the class.",
        "%(count)d sessions have been added to the class.",
        count,
    )
    return text % {"count": count}


def _page(
    request: SignedInRequest, form: SeriesForm, run: CourseRun, plans: list[SessionPlan]
) -> HttpResponse:
    rows = preview_rows(run, plans, request.user)
    context = {
        "form": form,
        "run": run,
        "rows": rows,
        "can_save": bool(rows) and not any(row.problem for row in rows),
        "seen": sign_of_preview(plans),
    }
    return render(request, "attendance/series_form.html", context)


def preview_rows(run: CourseRun, plans: list[SessionPlan], reader: User) -> list[PreviewRow]:
    """Return what each of these sessions would meet; a constant number of queries."""
    if not plans:
        return []
    clashes = find_clashes(run=run, periods=plans, reader=reader)
    crowds = find_crowds(run=run, periods=plans)
    now = timezone.now()
    return [
        PreviewRow(
            plan=plan,
            when=describe_when(starts_at=plan.starts_at, ends_at=plan.ends_at, now=now),
            problem=problem.message if problem else "",
            warnings=[
                *(describe_clash(one) for one in clashes if one.period is plan),
                *(describe_crowd(one) for one in crowds if one.period is plan),
            ],
        )
        for plan, problem in zip(plans, find_problems(run=run, plans=plans), strict=True)
    ]
