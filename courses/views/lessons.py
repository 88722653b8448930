"""A lesson: read it, say so, go on."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.domain.access import study_note
from courses.domain.course_tree import CourseTree, Place
from courses.domain.lessons import complete_lesson, open_lesson, published_text
from courses.domain.tree_queries import live_tree, tree_of
from courses.domain.urls_for import address_of, page_address
from courses.models import Enrolment, LessonPage
from courses.models.titles import shown_title
from courses.views.access import Reader, course_path_of, edit_address, reader_of, tree_for
from courses.views.notes import note_form
from lms.core.readers import SignedInRequest
from lms.core.show_refusal import RefusalAsMessage


@login_required
def serve_lesson(request: SignedInRequest, page: LessonPage) -> HttpResponse:
    """Show the lesson to whoever may read it; everybody else learns on the course page how to.

    Who is in a class that needs it reads it also after it was taken down.
    """
    reader = reader_of(user=request.user, page=page)
    tree = tree_for(reader, page)
    place = tree.place_of(page.pk) if tree else None
    if tree is None or place is None:
        raise Http404
    if not reader.may_read:
        return redirect(page_address(tree.url_path))
    if reader.enrolment and request.method == "GET" and not study_note(enrolment=reader.enrolment):
        open_lesson(enrolment=reader.enrolment, tree=tree, lesson=place.lesson, at=timezone.now())
    context = _context(published_text(page), tree, place) | _standing(reader, tree, place, page)
    return TemplateResponse(request, page.template, context)


def preview_lesson(request: SignedInRequest, page: LessonPage) -> HttpResponse:
    """Show the lesson as a trainee will see it, with a made-up bar
    and without working buttons.
    """
    tree = live_tree(course_path=course_path_of(page))
    place = tree.place_of(page.pk) if tree else None
    context: dict[str, Any] = {"page": page, "is_preview": True, "read": 1, "required": 3}
    if tree and place:
        context |= _context(page, tree, place)
        context["read"] = max(1, tree.required_count // 3)
    return TemplateResponse(request, page.template, context)


@login_required
def complete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark the lesson as read and go on to the next step; a repeat is harmless."""
    # The `id`: a number beyond all others is compared as `pk` of a page, and fails.
    lesson = get_object_or_404(LessonPage.objects.defer_streamfields(), id=pk)
    if request.method != "POST":
        # The way back from a log-in that had run out when the button was tapped.
        return redirect(page_address(lesson.url_path))
    enrolment = reader_of(user=request.user, page=lesson).enrolment
    if enrolment is None:
        raise Http404
    with RefusalAsMessage(request):
        complete_lesson(enrolment=enrolment, lesson=lesson, at=timezone.now())
        return redirect(_address_after(request, enrolment, lesson))
    return redirect(page_address(lesson.url_path))


def _address_after(request: SignedInRequest, enrolment: Enrolment, lesson: LessonPage) -> str:
    step = tree_of(enrolment=enrolment).next_step(after=lesson.pk)
    if step is None:
        messages.success(request, _("You have read every lesson and finished every quiz."))
        return reverse("courses:my_work")
    if step.is_quiz:
        messages.success(request, _("Marked as read. Next comes the quiz."))
    else:
        messages.success(request, _("Marked as read. Here is the next lesson."))
    return address_of(step)


def _context(page: LessonPage, tree: CourseTree, place: Place) -> dict[str, Any]:
    return {
        "page": page,
        "place": place,
        "lesson_count": len(place.module.lessons),
        "read": tree.read_count,
        "required": tree.required_count,
        "trail": [{"label": shown_title(place.module), "url": address_of(place.module)}],
        "previous_url": address_of(place.previous) if place.previous else "",
        "next_url": address_of(place.next) if place.next else "",
        "done_label": _done_label(tree, place),
    }


def _done_label(tree: CourseTree, place: Place) -> str:
    """Return what the one button of a lesson that is not read says: where it will lead."""
    step = tree.next_step(after=place.lesson.pk)
    if step is None or step == place.lesson:
        return _("Done, back to my work")
    return _("Done, on to the quiz") if step.is_quiz else _("Done, on to the next lesson")


def _standing(reader: Reader, tree: CourseTree, place: Place, page: LessonPage) -> dict[str, Any]:
    """Return what this person may do here."""
    enrolment = reader.enrolment
    if enrolment is None:
        return {"staff_role": reader.staff_role, "edit_url": edit_address(page, reader)}
    label, url = _onward(tree, place)
    return {
        "enrolment": enrolment,
        "is_read": place.lesson.is_read,
        "closed_note": study_note(enrolment=enrolment),
        "onward_label": label,
        "onward_url": url,
        "note_form": note_form(reader.user, page, text=reader.own_note),
    }


def _onward(tree: CourseTree, place: Place) -> tuple[str, str]:
    """Return words and address of what comes behind a lesson that is read: the quiz of its module
    while that is open, the next lesson, at the end what was passed over, at last the way home.
    """
    quiz = place.module.quiz
    if place.is_last_of_module and quiz and quiz.is_open:
        return _("Take the quiz"), address_of(quiz)
    if place.next:
        return _("Next lesson"), address_of(place.next)
    if step := tree.next_step(after=place.lesson.pk):
        return _("Continue learning"), address_of(step)
    return _("Back to my work"), reverse("courses:my_work")
