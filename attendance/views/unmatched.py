"""Who came and was not on record: matched with a person, or dismissed, by the unit."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from attendance.domain.register.sign_off import may_confirm
from attendance.domain.walk_ins import unmatched
from attendance.domain.walk_ins.enrolling import MOST_FOUND, find_people
from attendance.domain.wording import describe_when
from attendance.enums import WalkInState
from attendance.forms.unmatched_form import DismissForm
from attendance.models import Session, UnmatchedWalkIn
from attendance.views.roll_saving import describe_kept
from attendance.views.walk_ins import PERSON, found_row, tapped_person
from lms.accounts.enums import MANAGING_ROLES
from lms.core.readers import SignedInRequest
from lms.core.refusal import CatchRefusal
from lms.core.show_refusal import RefusalOnForm

DISMISS = "dismiss"


@login_required
@require_safe
def unmatched_list(request: SignedInRequest) -> HttpResponse:
    """Show the lines that one may match."""
    if not request.user.scope.has_role(*MANAGING_ROLES):
        raise Http404
    lines = [
        {"walk_in": one, "when": _when(one.session)}
        for one in unmatched.unmatched_to_decide(by=request.user)
    ]
    return render(request, "attendance/unmatched_list.html", {"lines": lines})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unmatched_walk_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show who may be meant by one line; match or dismiss it on POST."""
    rows = UnmatchedWalkIn.objects.visible_to(request.user)
    walk_in = get_object_or_404(rows.select_related("session__run__unit", "noted_by"), pk=pk)
    form = DismissForm(request.POST if DISMISS in request.POST else None)
    if PERSON in request.POST:
        with CatchRefusal() as said:
            _match(request, walk_in)
            return redirect("attendance:unmatched_list")
        # Who decided meanwhile stands on the page itself.
        if said.refusal and said.refusal.code != "already_decided":
            messages.error(request, said.message)
        return redirect("attendance:unmatched_walk_in", pk=walk_in.pk)
    if form.is_valid():
        with RefusalOnForm(form, "reason"):
            reason = form.cleaned_data["reason"]
            unmatched.dismiss_unmatched(
                walk_in=walk_in, reason=reason, by=request.user, at=timezone.now()
            )
            messages.success(request, _("The line was dismissed."))
            return redirect("attendance:unmatched_list")
    return _page(request, walk_in, form)


def _match(request: SignedInRequest, walk_in: UnmatchedWalkIn) -> None:
    person = tapped_person(request)
    result = unmatched.match_unmatched(
        walk_in=walk_in, person=person, by=request.user, at=timezone.now()
    )
    if result.kept:
        messages.warning(request, describe_kept(result))
    else:
        text = _("%(name)s is in the class, and noted in the session.")
        messages.success(request, text % {"name": person.full_name})


def _page(request: SignedInRequest, walk_in: UnmatchedWalkIn, form: DismissForm) -> HttpResponse:
    now, reader, session = timezone.now(), request.user, walk_in.session
    query = request.GET.get("q", "").strip()
    if query:
        people = find_people(session=session, reader=reader, text=query, at=now)
    else:
        people = unmatched.propose_people(walk_in=walk_in, reader=reader, at=now)
    context = {
        "walk_in": walk_in,
        "run": session.run,
        "when": _when(session),
        "is_waiting": walk_in.state == WalkInState.WAITING,
        "may_decide": may_confirm(run=session.run, by=reader),
        "query": query,
        "found": [found_row(one) for one in people[:MOST_FOUND]],
        "has_more": len(people) > MOST_FOUND,
        "form": form,
        "dismiss": DISMISS,
    }
    return render(request, "attendance/unmatched_walk_in.html", context)


def _when(session: Session) -> str:
    return describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=timezone.now())
