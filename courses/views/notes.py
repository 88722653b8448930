"""Notes of one's own: on a lesson, and all of them."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.domain.notes import save_note
from courses.domain.urls_for import page_address
from courses.forms import NoteForm
from courses.models import LessonNote, LessonPage
from courses.views.access import reader_of
from lms.accounts.models import User
from lms.core.readers import SignedInRequest
from lms.core.show_refusal import RefusalOnForm

NOTES_ON_A_PAGE: Final = 20


def note_form(user: User, lesson: LessonPage, *args: Any, text: str = "") -> NoteForm:
    """Return the form of a person's note on this lesson."""
    key = f"{user.pk}.{lesson.pk}"
    return NoteForm(*args, initial={"text": text}, draft_key=key, auto_id="note-%s")


@login_required
@never_cache
def note(request: SignedInRequest, pk: int) -> HttpResponse:
    """Save the note on a lesson and go back to it; what cannot be saved stays in the form."""
    # The `id`: a number beyond all others is compared as `pk` of a page, and fails.
    lesson = get_object_or_404(LessonPage.objects.defer_streamfields(), id=pk)
    if not reader_of(user=request.user, page=lesson).may_read:
        raise Http404
    address = page_address(lesson.url_path)
    if request.method == "POST":
        form = note_form(request.user, lesson, request.POST)
        if form.is_valid():
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
        kept = LessonNote.objects.filter(user=request.user, lesson=lesson).first()
        form = note_form(request.user, lesson, text=kept.text if kept else "")
    context = {"form": form, "lesson": lesson, "lesson_url": address}
    return render(request, "courses/note.html", context)


@login_required
@require_safe
@never_cache
def notes(request: SignedInRequest) -> HttpResponse:
    """List all notes of the person, the newest first."""
    rows = LessonNote.objects.filter(user=request.user).select_related("lesson")
    # The text of the lessons would be the largest part of the answer.
    rows = rows.only("text", "updated_at", "lesson__title", "lesson__title_en", "lesson__url_path")
    page = Paginator(rows, NOTES_ON_A_PAGE).get_page(request.GET.get("page"))
    listed = [(one, f"{page_address(one.lesson.url_path)}#ghi-chu") for one in page]
    return render(request, "courses/notes.html", {"page": page, "notes": listed})
