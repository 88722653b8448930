"""Photos and scans of signed sheets beside the register of a class."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendance.domain.paper.scans import attach_papers, keep_paper, set_paper_aside
from attendance.forms.papers_form import PapersForm
from attendance.models import Session, SignedPaper
from courses.models import CourseRun
from lms.core.handover import hand_over
from lms.core.readers import SignedInRequest
from lms.core.requests import read_number
from lms.core.show_refusal import RefusalAsMessage


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def run_papers(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the signed sheets of a class, session by session, and take more of them in."""
    run = get_object_or_404(CourseRun.objects.manageable_by(request.user), pk=pk)
    if request.method != "POST":
        chosen = read_number(request.GET.get("session", ""))
        return _page(request, run, PapersForm(run=run, initial={"session": chosen}))
    form = PapersForm(request.POST, request.FILES, run=run)
    if not form.is_valid():
        return _page(request, run, form)
    done = attach_papers(
        run=run,
        files=form.cleaned_data["papers"],
        session=form.cleaned_data["session"],
        by=request.user,
        at=timezone.now(),
    )
    if count := len(done.papers):
        text = ngettext("%(count)d page attached.", "%(count)d pages attached.", count)
        messages.success(request, text % {"count": count})
    for paper in done.doubles:
        messages.warning(request, _said_of_double(paper))
    for name, refusal in done.refused:
        form.add_error("papers", f"{name}: {refusal.message}")
    if done.refused:
        return _page(request, run, form)
    return redirect("attendance:run_papers", pk=run.pk)


@login_required
@require_safe
def paper_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Send one page to those who take the roll."""
    paper = get_object_or_404(SignedPaper.objects.manageable_by(request.user), pk=pk)
    # A picture was drawn anew by the suite; a PDF is opened outside of it.
    return hand_over(request, paper.file, as_attachment=not paper.is_picture)


@login_required
@require_POST
def paper_set_aside(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a page out of use; it stays on record."""
    rows = SignedPaper.objects.manageable_by(request.user).select_related("session")
    paper = get_object_or_404(rows, pk=pk)
    set_paper_aside(paper=paper, by=request.user, at=timezone.now())
    messages.success(request, _("The page has been set aside. It stays on record."))
    return redirect("attendance:run_papers", pk=paper.session.run_id)


@login_required
@require_POST
def paper_keep(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose this picture of a page that was attached twice; the other is set aside."""
    rows = SignedPaper.objects.manageable_by(request.user).select_related("session")
    paper = get_object_or_404(rows, pk=pk)
    with RefusalAsMessage(request):
        keep_paper(paper=paper, by=request.user, at=timezone.now())
        messages.success(request, _("This picture stays. The other one is set aside, on record."))
    return redirect("attendance:run_papers", pk=paper.session.run_id)


def _said_of_double(paper: SignedPaper) -> str:
    text = _(
        "Page %(page)d of the sheet of “%(session)s” was attached before: choose below which "
        "picture stays."
    )
    return text % {"page": paper.sheet_page, "session": paper.session.title}


def _page(request: SignedInRequest, run: CourseRun, form: PapersForm) -> HttpResponse:
    papers: dict[int, list[SignedPaper]] = {}
    rows = SignedPaper.objects.filter(session__run=run)
    for paper in rows.select_related("attached_by", "set_aside_by"):
        papers.setdefault(paper.session_id, []).append(paper)
    sessions = run.sessions.order_by("starts_at", "pk")
    context = {
        "run": run,
        "form": form,
        "lines": [_line(one, papers[one.pk]) for one in sessions if one.pk in papers],
        "address": reverse("attendance:run_papers", args=[run.pk]),
    }
    return render(request, "attendance/run_papers.html", context)


def _line(session: Session, papers: list[SignedPaper]) -> dict[str, Any]:
    pages = [paper for paper in papers if paper.set_aside_at is None]
    named = Counter(paper.sheet_page for paper in pages if paper.sheet_page)
    return {
        "session": session,
        "pages": pages,
        "doubles": {page for page, count in named.items() if count > 1},
        "aside": [paper for paper in papers if paper.set_aside_at is not None],
    }
