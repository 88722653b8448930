"""The one word for how an enrolment stands: what a page, a file, a report and a transcript say."""

from datetime import date
from typing import Final

from courses.enums import EnrolmentState, EnrolmentStatus, RunStatus
from courses.models import Enrolment

#: What ends the learning of whoever has not completed, by the state of the class.
_ENDED: Final = {
    RunStatus.CLOSED: EnrolmentState.NOT_COMPLETED,
    RunStatus.CANCELLED: EnrolmentState.CANCELLED,
}


def enrolment_state(enrolment: Enrolment, *, today: date) -> EnrolmentState:
    """Return how the person stands in the class on this day; the class must be loaded.

    A class that is closed or cancelled has no learners any more: who did not complete is told so.
    An open class is learned in although its last day is past, since what is finished still counts.
    """
    if enrolment.status == EnrolmentStatus.COMPLETED:
        return EnrolmentState.COMPLETED
    if enrolment.status == EnrolmentStatus.WITHDRAWN:
        return EnrolmentState.WITHDRAWN
    run = enrolment.run
    if run.status in _ENDED:
        return _ENDED[RunStatus(run.status)]
    return EnrolmentState.TO_COME if run.starts_on > today else EnrolmentState.LEARNING
