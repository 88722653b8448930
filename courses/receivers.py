"""What happens below that ends something in a class."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.domain.enrolling import withdraw_from_all
from lms.accounts.models import User
from lms.accounts.signals import taking_part_withdrawn
from lms.core.display import vi_date


def leave_classes(
    sender: Any, *, person: User, on: date, by: User | None, **kwargs: Any
) -> str | None:
    """Leave the classes: without consent nobody goes on learning;
    return a sentence about the classes that were left.
    """
    reason = _("The consent was withdrawn from %(day)s on.") % {"day": vi_date(on)}
    left = withdraw_from_all(user=person, by=by, reason=reason, at=timezone.now())
    if not left:
        return None
    titles = ", ".join(enrolment.run.title for enrolment in left)
    return _("Removed from these classes: %(classes)s.") % {"classes": titles}


def listen() -> None:
    """Register what the app adds; called once, when the app is ready."""
    taking_part_withdrawn.connect(leave_classes, dispatch_uid="courses.leave_classes")
