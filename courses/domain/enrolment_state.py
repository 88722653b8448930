"""The one word for how an enrolment stands: what a page, a file, a report and a transcript say."""

from datetime import date
from typing import Final

from django.db.models import Q

from courses.enums import UNFINISHED_STATUSES, EnrolmentState, EnrolmentStatus, RunStatus
from courses.models import Enrolment

#: What ends the learning of whoever has not completed, by the state of the class.
_ENDED: Final = {
    RunStatus.CLOSED: EnrolmentState.NOT_COMPLETED,
    RunStatus.CANCELLED: EnrolmentState.CANCELLED,
}


def enrolment_state(enrolment: Enrolment, *, today: date) -> EnrolmentState:
    """Return how the person stands in the class on this day; the class must be loaded."""
    run = enrolment.run
    return state_of(enrolment.status, run.status, run.starts_on, today=today)


def state_of(status: str, of_class: str, starts_on: date, *, today: date) -> EnrolmentState:
    """Return how somebody with this status stands on a day in a class of that status.

    A class that is closed or cancelled has no learners any more: who did not complete is told so.
    An open class is learned in although its last day is past, since what is finished still counts.
    """
    if status == EnrolmentStatus.COMPLETED:
        return EnrolmentState.COMPLETED
    if status == EnrolmentStatus.WITHDRAWN:
        return EnrolmentState.WITHDRAWN
    if of_class in _ENDED:
        return _ENDED[RunStatus(of_class)]
    return EnrolmentState.TO_COME if starts_on > today else EnrolmentState.LEARNING


def in_state(state: EnrolmentState, *, today: date) -> Q:
    """Return the enrolments of which `enrolment_state` says this on this day."""
    active = Q(status=EnrolmentStatus.ACTIVE)
    unfinished = active & Q(run__status__in=UNFINISHED_STATUSES)
    return {
        EnrolmentState.TO_COME: unfinished & Q(run__starts_on__gt=today),
        EnrolmentState.LEARNING: unfinished & Q(run__starts_on__lte=today),
        EnrolmentState.NOT_COMPLETED: active & Q(run__status=RunStatus.CLOSED),
        EnrolmentState.CANCELLED: active & Q(run__status=RunStatus.CANCELLED),
        EnrolmentState.COMPLETED: Q(status=EnrolmentStatus.COMPLETED),
        EnrolmentState.WITHDRAWN: Q(status=EnrolmentStatus.WITHDRAWN),
    }[state]
