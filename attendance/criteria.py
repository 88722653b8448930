"""What attendance asks for a completion: enough hours in the room."""

import json
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.db.models import (
    Case,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.domain.wording import describe_minutes
from attendance.models import AttendanceRecord, Session
from courses.extensions import CompletionCriterion, CriterionResult
from courses.models import CourseRun, Enrolment

# A class whose sessions are not planned yet asks for this much, which nobody can have: hours
# that are still to come must not let anybody complete.
UNPLANNED_MINUTES: Final = 1
# As many as the bits of a database integer; a class has a handful.
NAMED_SESSIONS: Final = 30


class AttendanceParamsForm(forms.Form):
    percent = forms.IntegerField(
        label=gettext_lazy("Share of the hours to attend (%)"),
        help_text=gettext_lazy("100: every minute of the sessions that count for completion."),
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
        named = sessions[:NAMED_SESSIONS]
        return enrolments.annotate(
            attendance_hours_achieved=_total_of(Sum("minutes"), sessions),
            attendance_hours_required=Value(required, output_field=IntegerField()),
            # One bit a session attended in full, and the titles that the bits stand for.
            attendance_hours_full=_total_of(Sum(_bit_when_full(named)), named),
            attendance_hours_titles=Value(
                json.dumps([session.title for session in named]), output_field=TextField()
            ),
        )

    def judge(self, enrolment: Any, *, params: dict[str, Any]) -> CriterionResult:
        result = super().judge(enrolment, params=params)
        if result.met or result.required == UNPLANNED_MINUTES:
            return result
        titles = json.loads(enrolment.attendance_hours_titles)
        full = enrolment.attendance_hours_full
        missed = [title for place, title in enumerate(titles) if not full >> place & 1]
        explanation = _("%(missing)s still missing: %(sessions)s.") % {
            "missing": describe_minutes(result.required - result.achieved),
            "sessions": "; ".join(missed),
        }
        return replace(result, explanation=explanation)

    def explain(self, *, achieved: int, required: int, params: dict[str, Any]) -> str:
        if required == UNPLANNED_MINUTES:
            return _("The sessions of this class have not been planned yet.")
        values = {
            "achieved": describe_minutes(achieved),
            "required": describe_minutes(required),
            "missing": describe_minutes(max(required - achieved, 0)),
        }
        if achieved >= required:
            return _("%(achieved)s attended; %(required)s are needed.") % values
        return _("%(missing)s still missing of the %(required)s that are needed.") % values


def _bit_when_full(sessions: list[Session]) -> Case:
    """2 to the power of the session's place for a record with all its minutes, else 0."""
    full = [
        When(session=session, minutes__gte=session.minutes, then=Value(1 << place))
        for place, session in enumerate(sessions)
    ]
    return Case(*full, default=Value(0), output_field=IntegerField())


def _total_of(amount: Sum, sessions: list[Session]) -> Coalesce:
    """A sum over the enrolment's records of these sessions; 0 when there is none."""
    records = AttendanceRecord.objects.filter(enrolment=OuterRef("pk"), session__in=sessions)
    totals = records.order_by().values("enrolment").annotate(total=amount).values("total")
    return Coalesce(Subquery(totals, output_field=IntegerField()), Value(0))
