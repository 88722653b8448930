"""What a trainee has to do: the one home page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.domain.access import is_overdue, study_note
from courses.domain.progress import progress_of
from courses.domain.tree_queries import annotate_reading, tree_of
from courses.domain.urls_for import address_of
from courses.enums import EnrolmentStatus, RunStatus
from courses.extensions import CriterionResult
from courses.models import Enrolment
from lms.core.readers import SignedInRequest

STEP_STATES = {True: "done", False: "todo"}


@login_required
@require_safe
def my_work(request: SignedInRequest) -> HttpResponse:
    """Show the next session, courses in progress, certificates.

    The first class in progress is told line by line, further ones in short: so the number of
    queries stays the same. A class in which reading counts goes before one that is over, and one
    with something to read before one without.
    """
    enrolments = list(annotate_reading(_counted(request)))
    active = [one for one in enrolments if _is_in_progress(one)]
    active.sort(key=lambda one: (one.run.status != RunStatus.OPEN, not one.lessons_total))
    first = active[0] if active else None
    context: dict[str, Any] = {
        "enrolments": enrolments,
        "others": [(one, study_note(enrolment=one)) for one in active[1:]],
        "finished": [one for one in enrolments if not _is_in_progress(one)],
    }
    if first:
        context |= {"first": first, **_told_in_full(first)}
    return render(request, "courses/my_work.html", context)


@login_required
@require_safe
def my_class(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one's own standing in one class, line by line."""
    enrolment = get_object_or_404(annotate_reading(_counted(request)), pk=pk)
    context = {"enrolment": enrolment, **_told_in_full(enrolment)}
    return render(request, "courses/my_class.html", context)


@login_required
@require_safe
def continue_course(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go on to where one stopped; to the class when nothing is left to read or answer."""
    enrolment = get_object_or_404(_counted(request), pk=pk)
    step = tree_of(enrolment=enrolment).next_step()
    if step is None:
        return redirect("courses:my_class", pk=enrolment.pk)
    return redirect(address_of(step))


def steps_of(results: list[CriterionResult]) -> list[dict[str, str]]:
    """Return criteria as the lines of the `steps` component."""
    return [
        {
            "label": result.label,
            "text": result.explanation,
            "state": STEP_STATES[result.met],
        }
        for result in results
    ]


def _counted(request: SignedInRequest) -> QuerySet[Enrolment]:
    """Return the person's own enrolments in classes that take or took place, the latest first."""
    return (
        Enrolment.objects.counted()
        .filter(user=request.user)
        .exclude(run__status=RunStatus.CANCELLED)
        .select_related("run__course", "run__unit", "user")
        .order_by("-enrolled_at", "-pk")
    )


def _told_in_full(enrolment: Enrolment) -> dict[str, Any]:
    """Return the course with the next step in it, what is missing, and what hinders."""
    tree = tree_of(enrolment=enrolment)
    return {
        "tree": tree,
        "step": tree.next_step(),
        "steps": steps_of(_progress(enrolment)),
        **_standing(enrolment),
    }


def _standing(enrolment: Enrolment) -> dict[str, Any]:
    """Return what hinders, or hurries, the person in this class."""
    return {
        "closed_note": study_note(enrolment=enrolment) if _is_in_progress(enrolment) else "",
        "is_overdue": is_overdue(enrolment=enrolment, today=timezone.localdate()),
    }


def _is_in_progress(enrolment: Enrolment) -> bool:
    return enrolment.status == EnrolmentStatus.ACTIVE


def _progress(enrolment: Enrolment) -> list[CriterionResult]:
    return progress_of(enrolment_ids=[enrolment.pk])[enrolment.pk]
