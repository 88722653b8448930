"""What attendance asks for a completion: enough hours in the room."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django import forms
from django.db.models import (
    BigIntegerField,
    Case,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.domain.wording import describe_day, describe_minutes
from attendance.enums import HoursLack
from attendance.models import AttendanceRecord, Session, whole_minutes
from courses.extensions import CompletionCriterion, CriterionResult, Detail, Learner, WayOn
from courses.models import CourseRun, Enrolment

# A class whose sessions are not planned yet asks for this much, which nobody can have: hours
# that are still to come must not let anybody complete.
UNPLANNED_MINUTES: Final = 1


class AttendanceParamsForm(forms.Form):
    percent = forms.IntegerField(
        label=gettext_lazy("Share of hours required (%)"),
        help_text=gettext_lazy("100: every minute of the sessions that count towards completion."),
        min_value=10,
        max_value=100,
    )


class AttendanceHours(CompletionCriterion):
    """Minutes attended of the sessions of the class that count; `percent` of them are needed."""

    key = "attendance_hours"
    label = gettext_lazy("Hours of attendance")
    params_form = AttendanceParamsForm

    def default_params(self) -> dict[str, Any]:
        return {"percent": 100}

    def annotate(
        self, enrolments: QuerySet[Enrolment], *, run: CourseRun, params: dict[str, Any]
    ) -> QuerySet[Enrolment]:
        sessions = list(Session.objects.filter(run=run, is_required=True))
        total = sum(session.minutes for session in sessions)
        # Rounded up: 80 % of 211 minutes are 169.
        required = -(-total * params["percent"] // 100) if total else UNPLANNED_MINUTES
        counted = [session for session in sessions if session.counted_at]
        return enrolments.annotate(
            attendance_hours_achieved=_minutes_in(counted),
            attendance_hours_required=Value(required, output_field=IntegerField()),
            attendance_hours_is_settled=Value(len(counted) == len(sessions)),
        )

    def annotate_as_completed(
        self, enrolments: QuerySet[Enrolment], *, run: CourseRun, params: dict[str, Any]
    ) -> QuerySet[Enrolment]:
        """Ask for the sessions alone whose hours counted when the person completed."""
        sessions = list(Session.objects.filter(run=run, is_required=True, counted_at__isnull=False))
        total = sum((_if_asked_of(session) for session in sessions), Value(0))
        required = (total * Value(params["percent"]) + Value(99)) / Value(100)
        attended = AttendanceRecord.objects.filter(
            enrolment=OuterRef("pk"),
            session__in=sessions,
            session__counted_at__lte=OuterRef("completed_at"),
        )
        return enrolments.annotate(
            attendance_hours_achieved=_sum_of_minutes(attended),
            attendance_hours_required=ExpressionWrapper(required, output_field=IntegerField()),
        )

    def details(
        self, enrolments: QuerySet[Enrolment], *, run: CourseRun, params: dict[str, Any]
    ) -> dict[int, list[Detail]]:
        """Name each session that is not attended in full, with its day and why hours are missing."""
        details: dict[int, list[Detail]] = {}
        for pk, title, starts_at, ends_at, counted_at, noted in _sessions_of(enrolments, run):
            is_full = noted is not None and noted >= whole_minutes(starts_at, ends_at)
            if not is_full or counted_at is None:
                why = _why(noted, is_full=is_full)
                details.setdefault(pk, []).append(Detail(title, starts_at, why))
        return details

    def explain(
        self,
        *,
        achieved: int,
        required: int,
        params: dict[str, Any],
        details: Sequence[Detail] = (),
    ) -> str:
        if required == UNPLANNED_MINUTES:
            return _("The sessions of this class have not been scheduled yet.")
        values = {
            "achieved": describe_minutes(achieved),
            "required": describe_minutes(required),
            "missing": describe_minutes(max(required - achieved, 0)),
        }
        if achieved >= required:
            return _("%(achieved)s attended; %(required)s required.") % values
        if details:
            sessions = "; ".join(_explain_session(row, now=timezone.now()) for row in details)
            return _("%(missing)s still missing: %(sessions)s.") % {**values, "sessions": sessions}
        return _("%(missing)s still missing of the %(required)s required.") % values

    def way_on(self, result: CriterionResult, *, learner: Learner) -> WayOn:
        """Lead to one's sessions; due on the day of the next one, else when the class ends."""
        coming, run = learner.appointment, learner.enrolment.run
        missing = describe_minutes(max(result.required - result.achieved, 0))
        return WayOn(
            text=_("%(minutes)s to attend") % {"minutes": missing}
            if result.required != UNPLANNED_MINUTES
            else _("not scheduled yet"),
            url=reverse("attendance:my_sessions"),
            due_on=timezone.localdate(coming.starts_at) if coming else run.ends_on,
        )


def _sessions_of(enrolments: QuerySet[Enrolment], run: CourseRun) -> QuerySet[Any, Any]:
    """Return each enrolment with each session that counts: id, title, begin, end,
    since when it counts or None, minutes noted or None.
    """
    noted = AttendanceRecord.objects.filter(enrolment=OuterRef("pk"), session=OuterRef("meeting"))
    return (
        enrolments.filter(run=run, run__sessions__is_required=True)
        .annotate(meeting=F("run__sessions"))
        .order_by("pk", "run__sessions__starts_at", "meeting")
        .values_list(
            "pk",
            "run__sessions__title",
            "run__sessions__starts_at",
            "run__sessions__ends_at",
            "run__sessions__counted_at",
            Subquery(noted.values("minutes")),
        )
    )


def _why(noted: int | None, *, is_full: bool) -> HoursLack:
    if noted is None:
        return HoursLack.UNRECORDED
    if is_full:
        return HoursLack.NOT_OVER
    return HoursLack.PARTLY if noted else HoursLack.MISSED


def _explain_session(row: Detail, *, now: datetime) -> str:
    values = {
        "session": row.subject,
        "day": describe_day(row.at, now=now),
        "why": _explain_why(row, now=now),
    }
    return _("%(session)s (%(day)s, %(why)s)") % values


def _explain_why(row: Detail, *, now: datetime) -> str:
    if row.why == HoursLack.UNRECORDED:
        return _("upcoming") if row.at > now else _("the trainer has not taken the roll yet")
    if row.why == HoursLack.NOT_OVER:
        return _("noted, counts when the session has ended")
    return _("partly attended") if row.why == HoursLack.PARTLY else _("missed")


def _minutes_in(sessions: list[Session]) -> Coalesce:
    """Return the minutes that the enrolment attended of these sessions; 0 when there are none."""
    return _sum_of_minutes(
        AttendanceRecord.objects.filter(enrolment=OuterRef("pk"), session__in=sessions)
    )


def _if_asked_of(session: Session) -> Case:
    """Return the minutes of a session, 0 for those who completed before it counted."""
    asked = When(completed_at__gte=session.counted_at, then=Value(session.minutes))
    return Case(asked, default=Value(0), output_field=IntegerField())


def _sum_of_minutes(records: QuerySet[AttendanceRecord]) -> Coalesce:
    totals = records.order_by().values("enrolment").annotate(total=Sum("minutes")).values("total")
    return Coalesce(Subquery(totals, output_field=BigIntegerField()), Value(0))
