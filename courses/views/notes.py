"""Notes of one's own: on a lesson, and all of them."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.domain.notes import save_note
from courses.domain.urls_for import page_address
from courses.forms import NoteForm
from courses.models import LessonNote, LessonPage
from courses.views.access import reader_of
from lms.accounts.models import User
from lms.core.readers import SignedInRequest
from lms.core.requests import sign_of_preview
from lms.core.show_refusal import RefusalOnForm

NOTES_ON_A_PAGE: Final = 20


def note_form(user: User, lesson: LessonPage, *args: Any, text: str = "") -> NoteForm:
    """Return the form of a person's note on this lesson."""
    key = f"{user.pk}.{lesson.pk}"
    initial = {"text": text, "seen": sign_of_preview(text)}
    return NoteForm(*args, initial=initial, draft_key=key, auto_id="note-%s")


@login_required
def note(request: SignedInRequest, pk: int) -> HttpResponse:
    """Save the note on a lesson and go back to it; what cannot be saved stays in the form."""
    # The `id`: a number beyond all others is compared as `pk` of a page, and fails.
    lesson = get_object_or_404(LessonPage.objects.defer_streamfields(), id=pk)
    if not reader_of(user=request.user, page=lesson).may_read:
        raise Http404
    address = page_address(lesson.url_path)
    kept = LessonNote.objects.filter(user=request.user, lesson=lesson).first()
    stored = kept.text if kept else ""
    if request.method == "POST":
        form = note_form(request.user, lesson, request.POST)
        if _is_overtaken(request.POST, stored):
            form = _with_both_texts(request, lesson, stored)
        elif form.is_valid():
            with RefusalOnForm(form):
                saved = save_note(
                    user=request.user,
                    lesson=lesson,
                    text=form.cleaned_data["text"],
                    at=timezone.now(),
                )
                said = _("Your note has been saved.") if saved else _("The note has been deleted.")
                messages.success(request, said)
                return redirect(f"{address}#ghi-chu")
    else:
        # Also the way back from a log-in that had run out when the note was sent.
        form = note_form(request.user, lesson, text=stored)
    context = {"form": form, "lesson": lesson, "lesson_url": address}
    return render(request, "courses/note.html", context)


def _is_overtaken(sent: QueryDict, stored: str) -> bool:
    """Return whether another phone or page has meanwhile saved words that would be lost."""
    seen = sent.get("seen", "")
    return bool(seen) and seen != sign_of_preview(stored) and stored not in sent.get("text", "")


def _with_both_texts(request: SignedInRequest, lesson: LessonPage, stored: str) -> NoteForm:
    both = request.POST.copy()
    both["text"] = f"{both.get('text', '')}\n\n{stored}"
    both["seen"] = sign_of_preview(stored)
    form = note_form(request.user, lesson, both)
    form.add_error(
        "text",
        ValidationError(
            _("This note was changed elsewhere meanwhile. Both texts stand here: look, then save."),
            code="note_changed",
        ),
    )
    return form


@login_required
@require_safe
def notes(request: SignedInRequest) -> HttpResponse:
    """List all notes of the person, the newest first."""
    rows = LessonNote.objects.filter(user=request.user).select_related("lesson")
    # The text of the lessons would be the largest part of the answer.
    rows = rows.only("text", "updated_at", "lesson__title", "lesson__title_en", "lesson__url_path")
    page = Paginator(rows, NOTES_ON_A_PAGE).get_page(request.GET.get("page"))
    listed = [(one, f"{page_address(one.lesson.url_path)}#ghi-chu") for one in page]
    return render(request, "courses/notes.html", {"page": page, "notes": listed})
