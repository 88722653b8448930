"""What attendance adds to reports: sessions attended, hours, make-ups."""

from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from attendance.enums import PRESENT_STATUSES
from attendance.models import AttendanceRecord, MakeUp
from courses.models import Enrolment
from lms.core.local_time import days_q
from lms.reporting.extensions import TrainingFigure


class Attendances(TrainingFigure):
    key = "attendances"
    label: str | Promise = _("Attendances")
    definition: str | Promise = _(
        "How often somebody was present or late in a session: one person in three sessions is three."
    )

    def count(
        self,
        enrolments: QuerySet[Enrolment],
        *,
        first: date | None,
        last: date | None,
        by: str = "unit",
    ) -> dict[int, int]:
        return _sum_up(_attended(enrolments, first, last), by, Count("pk"))

    def find(
        self, enrolments: QuerySet[Enrolment], *, first: date | None, last: date | None
    ) -> QuerySet[Enrolment]:
        return enrolments.filter(pk__in=_attended(enrolments, first, last).values("enrolment"))


class HoursOfPeople(TrainingFigure):
    key = "hours"
    label: str | Promise = _("Hours attended")
    definition: str | Promise = _(
        "The hours of all attendances together, as the rolls tell them: a session of three hours with "
        "ten people is thirty."
    )
    unit = 60

    def count(
        self,
        enrolments: QuerySet[Enrolment],
        *,
        first: date | None,
        last: date | None,
        by: str = "unit",
    ) -> dict[int, int]:
        return _sum_up(_attended(enrolments, first, last), by, Sum("minutes"))

    def find(
        self, enrolments: QuerySet[Enrolment], *, first: date | None, last: date | None
    ) -> QuerySet[Enrolment]:
        attended = _attended(enrolments, first, last).filter(minutes__gt=0)
        return enrolments.filter(pk__in=attended.values("enrolment"))


class MakeUps(TrainingFigure):
    key = "make_ups"
    label: str | Promise = _("Make-up sessions")
    definition: str | Promise = _(
        "Sessions of another class agreed for somebody who missed one, as far as the person was "
        "present or late there."
    )

    def count(
        self,
        enrolments: QuerySet[Enrolment],
        *,
        first: date | None,
        last: date | None,
        by: str = "unit",
    ) -> dict[int, int]:
        return _sum_up(_made_up(enrolments, first, last), by, Count("pk"))

    def find(
        self, enrolments: QuerySet[Enrolment], *, first: date | None, last: date | None
    ) -> QuerySet[Enrolment]:
        return enrolments.filter(pk__in=_made_up(enrolments, first, last).values("enrolment"))


def _sum_up(things: QuerySet[Any], by: str, figure: Count | Sum) -> dict[int, int]:
    """Return the figure of these things by what the column `by` of their enrolment holds."""
    counted = things.values(f"enrolment__{by}").annotate(figure=figure)
    return dict(counted.values_list(f"enrolment__{by}", "figure"))


def _made_up(
    enrolments: QuerySet[Enrolment], first: date | None, last: date | None
) -> QuerySet[MakeUp]:
    """Return the make-ups whose session took place on these days with the person there, without an order."""
    return (
        MakeUp.objects.agreed()
        .filter(
            days_q("session__starts_at", first, last),
            enrolment__in=enrolments.order_by().values("pk"),
            session__records__enrolment=F("enrolment"),
            session__records__status__in=PRESENT_STATUSES,
        )
        .order_by()
    )


def _attended(
    enrolments: QuerySet[Enrolment], first: date | None, last: date | None
) -> QuerySet[AttendanceRecord]:
    """Return the records of who was there on these days, without an order."""
    return AttendanceRecord.objects.filter(
        days_q("session__starts_at", first, last),
        status__in=PRESENT_STATUSES,
        enrolment__in=enrolments.order_by().values("pk"),
    ).order_by()


TRAINING_FIGURES = (Attendances(), HoursOfPeople(), MakeUps())
