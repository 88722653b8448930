"""What attendance asks for a completion: enough hours in the room."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django import forms
from django.db.models import (
    BigIntegerField,
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
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.domain.wording import describe_day, describe_minutes
from attendance.models import AttendanceRecord, Session
from courses.extensions import CompletionCriterion, CriterionResult
from courses.models import CourseRun, Enrolment

# A class whose sessions are not planned yet asks for this much, which nobody can have: hours
# that are still to come must not let anybody complete.
UNPLANNED_MINUTES: Final = 1
# As many as the bits of a database integer hold in pairs; a class has a handful.
NAMED_SESSIONS: Final = 30
# What two bits say of a session; nought while nothing has been noted.
MISSED, IN_PART, IN_FULL = 1, 2, 3


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
        named = sessions[:NAMED_SESSIONS]
        return enrolments.annotate(
            attendance_hours_achieved=_total_of(Sum("minutes"), sessions),
            attendance_hours_required=Value(required, output_field=IntegerField()),
            # Two bits a session, and the sessions that they stand for.
            attendance_hours_noted=_total_of(Sum(_bits(named)), named),
            attendance_hours_sessions=Value(
                json.dumps([(one.title, one.starts_at.isoformat()) for one in named]),
                output_field=TextField(),
            ),
        )

    def judge(self, enrolment: Any, *, params: dict[str, Any]) -> CriterionResult:
        result = super().judge(enrolment, params=params)
        if result.met or result.required == UNPLANNED_MINUTES:
            return result
        noted = int(enrolment.attendance_hours_noted)
        missed = [
            _explain_session(title, datetime.fromisoformat(begin), noted >> 2 * place & IN_FULL)
            for place, (title, begin) in enumerate(json.loads(enrolment.attendance_hours_sessions))
            if noted >> 2 * place & IN_FULL != IN_FULL
        ]
        explanation = _("%(missing)s still missing: %(sessions)s.") % {
            "missing": describe_minutes(result.required - result.achieved),
            "sessions": "; ".join(missed),
        }
        return replace(result, explanation=explanation)

    def explain(self, *, achieved: int, required: int, params: dict[str, Any]) -> str:
        if required == UNPLANNED_MINUTES:
            return _("The sessions of this class have not been scheduled yet.")
        values = {
            "achieved": describe_minutes(achieved),
            "required": describe_minutes(required),
            "missing": describe_minutes(max(required - achieved, 0)),
        }
        if achieved >= required:
            return _("%(achieved)s attended; %(required)s required.") % values
        return _("%(missing)s still missing of the %(required)s required.") % values


def _explain_session(title: str, starts_at: datetime, noted: int) -> str:
    """A session that is not attended in full: its day, and why the hours are missing."""
    now = timezone.now()
    if noted:
        why = _("missed") if noted == MISSED else _("partly attended")
    elif starts_at > now:
        why = _("upcoming")
    else:
        why = _("the trainer has not taken the roll yet")
    values = {"session": title, "day": describe_day(starts_at, now=now), "why": why}
    return _("%(session)s (%(day)s, %(why)s)") % values


def _bits(sessions: list[Session]) -> Case:
    """What a record says of its session, at the place of the session."""
    said = []
    for place, session in enumerate(sessions):
        for minutes, state in ((session.minutes, IN_FULL), (1, IN_PART), (0, MISSED)):
            bits = Value(state << 2 * place, output_field=BigIntegerField())
            said.append(When(session=session, minutes__gte=minutes, then=bits))
    return Case(*said, default=Value(0), output_field=BigIntegerField())


def _total_of(amount: Sum, sessions: list[Session]) -> Coalesce:
    """A sum over the enrolment's records of these sessions; 0 when there is none."""
    records = AttendanceRecord.objects.filter(enrolment=OuterRef("pk"), session__in=sessions)
    totals = records.order_by().values("enrolment").annotate(total=amount).values("total")
    return Coalesce(Subquery(totals, output_field=BigIntegerField()), Value(0))
