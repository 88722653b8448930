"""What a trainee has to do: the one home page."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.domain.access import is_overdue, study_note
from courses.domain.contacts import annotate_contacts, contacts_of, contacts_of_post
from courses.domain.due import (
    appointments_of,
    in_order_of_due,
    lacks_of,
    next_day,
    way_on,
)
from courses.domain.own_marks import annotate_marks, carried_marks
from courses.domain.progress import progress_of
from courses.domain.tree_queries import annotate_reading, tree_of
from courses.domain.urls_for import address_of
from courses.enums import EnrolmentStatus, RunStatus
from courses.extensions import Appointment, CriterionResult, Learner
from courses.models import Enrolment
from lms.core.readers import SignedInRequest

# So long it is told that a class does not take place, and what comes instead.
CANCELLED_IS_NEWS: Final = timedelta(days=30)
STEP_STATES = {True: "done", False: "todo"}


@login_required
@require_safe
def my_work(request: SignedInRequest) -> HttpResponse:
    """Show what to do next and by when, whom to call, certificates.

    The class in which something is due soonest is told line by line, further ones in short: so the
    number of queries stays the same.
    """
    rows = list(annotate_contacts(annotate_reading(annotate_marks(_told(request)))))
    cancelled = [one for one in rows if one.run.status == RunStatus.CANCELLED]
    enrolments = [one for one in rows if one.run.status != RunStatus.CANCELLED]
    coming = appointments_of(runs=[one.run for one in enrolments], now=timezone.now())
    active = in_order_of_due(enrolments=filter(_is_in_progress, enrolments), appointments=coming)
    progress = progress_of(enrolment_ids=[one.pk for one in active])
    context: dict[str, Any] = {
        "enrolments": enrolments,
        "cancelled": cancelled,
        "others": [
            {
                "enrolment": one,
                "note": study_note(enrolment=one),
                "coming": coming.get(one.run_id, []),
                "lacks": lacks_of(results=progress[one.pk]),
            }
            for one in active[1:]
        ],
        "finished": [one for one in enrolments if not _is_in_progress(one)],
        **_soonest(enrolments, coming, told=active[:1]),
    }
    if active:
        context |= {"first": active[0], **_told_in_full(active[0], coming, progress)}
    if not enrolments:
        context["contacts"] = contacts_of_post(user=request.user, on=timezone.localdate())
    return render(request, "courses/my_work.html", context)


@login_required
@require_safe
def my_class(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one's own standing in one class, line by line."""
    found = annotate_contacts(annotate_reading(annotate_marks(_counted(request))))
    enrolment = get_object_or_404(found, pk=pk)
    coming = appointments_of(runs=[enrolment.run], now=timezone.now())
    context = {
        "enrolment": enrolment,
        **_soonest([enrolment], coming, told=[enrolment]),
        **_told_in_full(enrolment, coming, progress_of(enrolment_ids=[enrolment.pk])),
    }
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


def steps_of(
    results: list[CriterionResult], learner: Learner | None = None
) -> list[dict[str, Any]]:
    """Return criteria as the lines of the `steps` component; with a way on for the learner."""
    lines = []
    for result in results:
        way = way_on(result=result, learner=learner) if learner else None
        lines.append(
            {
                "label": result.label,
                "text": result.explanation,
                "state": STEP_STATES[result.met],
                "way": way,
                "url": way.url if way else "",
            }
        )
    return lines


def _told(request: SignedInRequest) -> QuerySet[Enrolment]:
    """Return the person's own enrolments, the latest first; those in classes that were cancelled
    as long as that is news.
    """
    still_news = Q(run__cancelled_at__gt=timezone.now() - CANCELLED_IS_NEWS)
    return (
        Enrolment.objects.counted()
        .filter(~Q(run__status=RunStatus.CANCELLED) | still_news, user=request.user)
        .select_related("run__course", "run__unit", "run__replaced_by", "user")
        .order_by("-enrolled_at", "-pk")
    )


def _counted(request: SignedInRequest) -> QuerySet[Enrolment]:
    """Return the person's own enrolments in classes that take or took place, the latest first."""
    return _told(request).exclude(run__status=RunStatus.CANCELLED)


def _soonest(
    enrolments: list[Enrolment],
    coming: Mapping[int, Sequence[Appointment]],
    told: list[Enrolment],
) -> dict[str, Any]:
    """Return what the next day brings: the appointment, whether it goes on now, and its class
    unless that is the one `told` in full.
    """
    runs = {one.run_id: one.run for one in enrolments}
    known, now = {one.run_id for one in told}, timezone.now()
    return {
        "appointments": [
            (one, one.starts_at <= now, None if run_id in known else runs[run_id])
            for run_id, one in next_day(coming=coming)
        ]
    }


def _told_in_full(
    enrolment: Any,
    coming: Mapping[int, Sequence[Appointment]],
    progress: Mapping[int, list[CriterionResult]],
) -> dict[str, Any]:
    """Return the course with the next step in it, what is missing, what hinders, whom to call."""
    tree = tree_of(enrolment=enrolment, marks=carried_marks(enrolment))
    appointment = next(iter(coming.get(enrolment.run_id, ())), None)
    learner = Learner(enrolment=enrolment, tree=tree, appointment=appointment)
    steps = steps_of(progress[enrolment.pk], learner)
    return {
        "tree": tree,
        "step": tree.next_step(),
        "steps": steps,
        "missing": [step for step in steps if step["state"] == "todo"],
        "contacts": contacts_of(enrolment),
        "today": timezone.localdate(),
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
