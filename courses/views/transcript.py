"""One's own profile with what one has learned; the same of others, for those who may see them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.domain.transcript import people_with_transcript, transcript_of
from courses.domain.transcript_paper import render_transcript
from lms.accounts.models import Posting, User
from lms.core.readers import SignedInRequest
from lms.core.text import slug
from lms.spreadsheets.about import About
from lms.spreadsheets.handout import dated_name, log_export

FILE_NAME = "qua-trinh-hoc-tap"


@login_required
@require_safe
def profile(request: SignedInRequest) -> HttpResponse:
    """Show who one is in the register, and one's transcript."""
    person = request.user
    posts = Posting.objects.on(timezone.localdate()).filter(user=person).select_related("unit")
    context = _shown(person, request, reverse("courses:profile_file"))
    return render(request, "courses/profile.html", context | {"posts": list(posts)})


@login_required
@require_safe
def profile_file(request: SignedInRequest) -> HttpResponse:
    return _file(request.user, request)


@login_required
@require_safe
def transcript(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what somebody else has learned."""
    person = _person(request, pk)
    context = _shown(person, request, reverse("courses:transcript_file", args=[pk]))
    return render(request, "courses/transcript.html", context)


@login_required
@require_safe
def transcript_file(request: SignedInRequest, pk: int) -> HttpResponse:
    return _file(_person(request, pk), request)


def _person(request: SignedInRequest, pk: int) -> User:
    return get_object_or_404(people_with_transcript(request.user), pk=pk)


def _shown(person: User, request: SignedInRequest, file_url: str) -> dict[str, Any]:
    found = transcript_of(person=person, reader=request.user)
    return {
        "person": person,
        "transcript": found,
        "lines": [
            (line, list(zip(found.headings, line.facts, strict=True))) for line in found.lines
        ],
        "file_url": file_url,
    }


def _file(person: User, request: SignedInRequest) -> HttpResponse:
    """Send the transcript as PDF; the history of whoever took it tells so."""
    pdf, rows = render_transcript(person=person, reader=request.user, at=timezone.now())
    log_export(
        by=request.user,
        list_name=FILE_NAME,
        file_format="pdf",
        about=About(filters={"person": person.staff_code}),
        title=_("Learning history"),
        rows=rows,
    )
    name = dated_name(FILE_NAME, slug(person.full_name))
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )
