"""Who may read and answer now."""

from datetime import date

from django.utils.translation import gettext as _

from courses.enums import EnrolmentStatus, RunStatus
from courses.models import Enrolment
from lms.core.refusal import CatchRefusal, Refusal


def require_study(enrolment: Enrolment) -> None:
    """Raise Refusal `enrolment_withdrawn`, `run_not_open_yet` or `run_over`."""
    if enrolment.status == EnrolmentStatus.WITHDRAWN:
        raise Refusal("enrolment_withdrawn", _("You are no longer enrolled in this class."))
    if enrolment.run.status == RunStatus.PLANNED:
        raise Refusal("run_not_open_yet", _("This class has not been opened yet."))
    if enrolment.run.status != RunStatus.OPEN:
        raise Refusal(
            "run_over",
            _("This class is over. You can still read, but nothing more is recorded."),
        )


def study_note(*, enrolment: Enrolment) -> str:
    """Return why nothing is recorded at present, as a sentence; empty when reading counts."""
    with CatchRefusal() as asked:
        require_study(enrolment)
    return asked.message


def is_overdue(*, enrolment: Enrolment, today: date) -> bool:
    """Return whether the last day of the class is past, and there is still time to finish."""
    run = enrolment.run
    in_progress = enrolment.status == EnrolmentStatus.ACTIVE and run.status == RunStatus.OPEN
    return in_progress and run.ends_on < today
