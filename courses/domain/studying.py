"""Who may read and answer now."""

from django.utils.translation import gettext as _

from courses.domain.errors import DomainError
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import Enrolment


def require_study(enrolment: Enrolment) -> None:
    """Raises DomainError `enrolment_withdrawn` or `run_not_open`."""
    if enrolment.status == EnrolmentStatus.WITHDRAWN:
        raise DomainError("enrolment_withdrawn", _("You are no longer enrolled in this class."))
    if enrolment.run.status == RunStatus.PLANNED:
        raise DomainError("run_not_open", _("This class has not been opened yet."))
    if enrolment.run.status != RunStatus.OPEN:
        raise DomainError(
            "run_not_open",
            _("This class is over. You may still read, but nothing more is recorded."),
        )
