"""How long notes of attendance are kept, and why."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from attendance.enums import MarkMethod
from attendance.models import AttendanceMark
from lms.accounts.enums import RetentionAction
from lms.accounts.extensions import RetentionRule

# A correction needs a reason: this stands where one stood.
NO_LONGER_KEPT = "–"


def retention_in_attendance() -> Iterator[RetentionRule]:
    yield RetentionRule(
        key="attendance_notes",
        what=_("Reasons for absences and corrections, and the device used for the roll"),
        since=_("the day it was recorded"),
        reason=_(
            "Hours may be disputed during this time. Who was present is kept, because reports "
            "count it."
        ),
        action=RetentionAction.ANONYMOUS,
        days=5 * 365,
        due=marks_with_notes,
        purge=lambda rows, _at: _forget(rows),
    )


def marks_with_notes(before: datetime) -> QuerySet[AttendanceMark]:
    noted = ~Q(device="") | ~Q(reason__in=("", NO_LONGER_KEPT))
    return AttendanceMark.objects.filter(noted, marked_at__lt=before)


def _forget(rows: QuerySet[AttendanceMark]) -> int:
    corrected = When(method=MarkMethod.CORRECTION, then=Value(NO_LONGER_KEPT))
    return rows.update(device="", reason=Case(corrected, default=Value("")))
