"""Sessions of a class: planned, changed, looked up, put into one's calendar."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendance.domain.roll.late_marks import require_unsigned
from attendance.domain.roll.queries import on_day, with_figures
from attendance.domain.session_trainers import load_trainers
from attendance.domain.sessions.calendar import as_icalendar
from attendance.domain.sessions.cancelling import cancel_session, require_not_cancelled
from attendance.domain.sessions.conflicts import describe_clash, find_clashes
from attendance.domain.sessions.next_session import propose_session
from attendance.domain.sessions.pending import rolls_to_finish
from attendance.domain.sessions.scheduling import (
    change_session,
    create_session,
    remove_session,
    require_changeable,
    require_possible,
    require_removable,
    was_noted,
)
from attendance.domain.sessions.seats import describe_crowd, find_crowds
from attendance.domain.sessions.splitting import require_splittable
from attendance.domain.wording import describe_day, describe_when
from attendance.enums import AttendanceStatus
from attendance.forms.session_form import CancelSessionForm, SessionForm, values_of
from attendance.models import Session
from attendance.panels import session_line, with_lead
from attendance.views.my_sessions import calendar_file
from attendance.views.roll_saving import NOTHING_CHANGED
from courses.models import CourseRun
from lms.accounts.models import User
from lms.core.readers import SignedInRequest
from lms.core.refusal import CatchRefusal
from lms.core.requests import read_number
from lms.core.show_refusal import RefusalAsMessage, RefusalOnForm

ROLLS_A_PAGE = 10


# The tick of whoever saves a session although somebody is wanted elsewhere.
DESPITE = "despite"


@login_required
@require_safe
def today(request: SignedInRequest) -> HttpResponse:
    """Show the sessions of today whose roll one takes,
    and the rolls of earlier days to be finished.
    """
    now, reader = timezone.now(), request.user
    day = timezone.localdate(now)
    mine = Session.objects.manageable_by(reader)
    rolls = rolls_to_finish(mine, reader=reader, today=day)
    page = Paginator(_with_class(rolls, reader), ROLLS_A_PAGE).get_page(request.GET.get("page"))
    of_today = [*_with_class(on_day(mine, day), reader)]
    sessions = [*of_today, *page.object_list]
    load_trainers(sessions)
    lines = with_lead([session_line(session, run=session.run) for session in sessions])
    context = {
        "lines": lines[: len(of_today)],
        "earlier": lines[len(of_today) :],
        "page": page,
        "day": capfirst(describe_day(now, now=now)),
    }
    return render(request, "attendance/today.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add a session to the class `pk`; the next half-day is proposed."""
    run = get_object_or_404(CourseRun.objects.manageable_by(request.user), pk=pk)
    if request.method != "POST":
        form = SessionForm(initial=_first_values(request, run), run=run)
        return _form_page(request, form, run=run)
    form = SessionForm(request.POST, run=run)
    doubts = _doubts(request, form, run)
    if form.is_valid() and not doubts:
        with RefusalOnForm(form):
            plan, by = form.plan(), request.user
            create_session(run=run, plan=plan, by=by, at=timezone.now())
            messages.success(request, _("The session has been added to the class."))
            return redirect("courses:run_detail", pk=run.pk)
    return _form_page(request, form, run=run, doubts=doubts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a session; what was noted in it stays and is reckoned anew."""
    session = _manageable(request, pk)
    if request.method != "POST":
        with RefusalAsMessage(request):
            require_changeable(session)
            form = SessionForm(initial=values_of(session), run=session.run)
            return _form_page(request, form, session=session)
        return redirect("courses:run_detail", pk=session.run_id)
    form = SessionForm(request.POST, initial=values_of(session), run=session.run)
    doubts = _doubts(request, form, session.run, session)
    if form.is_valid() and not doubts:
        with RefusalOnForm(form):
            plan, by = form.plan(), request.user
            change_session(session=session, plan=plan, by=by, at=timezone.now())
            if form.has_changed():
                messages.success(request, _("The session has been changed."))
            else:
                messages.info(request, NOTHING_CHANGED)
            return redirect("courses:run_detail", pk=session.run_id)
    return _form_page(request, form, session=session, doubts=doubts)


@login_required
@require_POST
def session_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take out a session that nobody was noted in."""
    session = _manageable(request, pk)
    with RefusalAsMessage(request):
        remove_session(session=session, by=request.user, at=timezone.now())
        messages.success(request, _("The session has been removed from the class."))
        return redirect("courses:run_detail", pk=session.run_id)
    return redirect("attendance:session_edit", pk=session.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Cancel a session, with a reason; marks stay, and everybody is told."""
    session = _manageable(request, pk)
    if request.method != "POST":
        with RefusalAsMessage(request) as asked:
            require_not_cancelled(session)
            require_unsigned(session)
        if asked.refusal:
            return redirect("courses:run_detail", pk=session.run_id)
    form = CancelSessionForm(request.POST or None)
    if form.is_valid():
        with RefusalOnForm(form):
            reason = form.cleaned_data["reason"]
            cancel_session(session=session, reason=reason, by=request.user, at=timezone.now())
            messages.success(request, _("The session has been cancelled. People will be told."))
            return redirect("courses:run_detail", pk=session.run_id)
    when = describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=timezone.now())
    marks = was_noted(session)
    context = {"form": form, "session": session, "when": when, "has_marks": marks}
    return render(request, "attendance/session_cancel.html", context)


@login_required
@require_safe
def calendar(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send the session for the calendar of whoever attends or keeps the class."""
    sessions = Session.objects.visible_to(request.user).select_related("run__unit", "module")
    session = get_object_or_404(sessions, pk=pk)
    url = request.build_absolute_uri(reverse("start"))
    data = as_icalendar(sessions=[session], url=url, at=timezone.now())
    return calendar_file(data, name=f"buoi-hoc-{session.pk}")


def _manageable(request: SignedInRequest, pk: int) -> Session:
    sessions = Session.objects.manageable_by(request.user).select_related("run")
    return get_object_or_404(sessions, pk=pk)


def _first_values(request: SignedInRequest, run: CourseRun) -> dict[str, Any]:
    """Propose the next half-day; with `?like=<pk>` all else as in that session of the class."""
    proposed = propose_session(run=run)
    known = run.sessions.filter(pk=read_number(request.GET.get("like", "")) or 0).first()
    if known is None:
        return values_of(proposed)
    when = ("day", "starts", "ends")
    return values_of(known) | {name: values_of(proposed)[name] for name in when}


def _with_class(sessions: QuerySet[Session], reader: User) -> QuerySet[Any]:
    return with_figures(sessions, reader=reader)


def _doubts(
    request: SignedInRequest, form: SessionForm, run: CourseRun, session: Session | None = None
) -> dict[str, list[str]]:
    """Return in words who or what is wanted elsewhere then, and whether seats are missing; nothing
    once the person knows it.
    """
    if not form.is_valid() or DESPITE in request.POST:
        return {}
    plan = form.plan()
    with CatchRefusal() as impossible:
        require_possible(run=run, plan=plan, others=())
    if impossible.refusal:
        # Nobody is asked to accept a clash of what cannot be saved anyway.
        return {}
    clashes = find_clashes(run=run, periods=[plan], reader=request.user)
    crowds = find_crowds(run=run, periods=[plan], planned=session)
    found = {
        "clashes": [describe_clash(clash) for clash in clashes],
        "crowds": [describe_crowd(crowd) for crowd in crowds],
    }
    return {kind: said for kind, said in found.items() if said}


def _agrees(rule: Callable[[Session], None], session: Session) -> bool:
    with CatchRefusal() as asked:
        rule(session)
    return asked.refusal is None


def _form_page(
    request: SignedInRequest,
    form: SessionForm,
    *,
    run: CourseRun | None = None,
    session: Session | None = None,
    doubts: Mapping[str, list[str]] = MappingProxyType({}),
) -> HttpResponse:
    """Show the form, either of a new session of `run` or of an existing one."""
    context = {
        "form": form,
        "doubts": doubts,
        "despite": DESPITE,
        "run": session.run if session else run,
        "session": session,
        "has_marks": session is not None and was_noted(session),
        "excused": session.records.filter(status=AttendanceStatus.EXCUSED).count()
        if session
        else 0,
        "may_split": session is not None and _agrees(require_splittable, session),
        "may_remove": session is not None and _agrees(require_removable, session),
    }
    return render(request, "attendance/session_form.html", context)
