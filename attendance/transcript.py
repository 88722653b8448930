"""What attendance tells in a person's transcript: the hours in the room."""

from collections.abc import Collection

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from attendance.domain.wording import describe_minutes
from attendance.models import AttendanceRecord
from courses.models import Enrolment


class HoursAttended:
    """The hours of all sessions of the class in which the person was there, once they count."""

    key = "attendance.hours"
    label: str | Promise = _("Hours attended")
    order = 10

    def values(self, enrolments: Collection[Enrolment]) -> dict[int, str]:
        records = AttendanceRecord.objects.filter(
            enrolment__in=[one.pk for one in enrolments],
            session__cancelled_at__isnull=True,
            session__counted_at__isnull=False,
        )
        totals = records.order_by().values("enrolment").annotate(total=Sum("minutes"))
        return {row["enrolment"]: describe_minutes(row["total"]) for row in totals}
