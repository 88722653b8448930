"""What attendance asks for a completion: enough hours in the room."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import product
from typing import Any, Final

from django import forms
from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.domain.hours.make_up_credit import IS_MADE_UP, MakeUpCredit, credits_of
from attendance.domain.hours.rules import HOURS_KEY, AttendanceRules, read_rules
from attendance.domain.hours.totals import UNPLANNED_MINUTES, annotate_hours
from attendance.domain.wording import describe_day, describe_minutes
from attendance.enums import HoursLack
from attendance.models import AttendanceRecord, MakeUp, Session, SessionSignOff
from courses.extensions import CompletionCriterion, CriterionResult, Detail, Learner, WayOn
from courses.models import CourseRun, Enrolment
from lms.core.compiled_queries import CompiledQuery

RULES: Final = AttendanceRules()
#: What a class is offered that has not said how long a missed session may be made up for.
MAKE_UP_DAYS: Final = 60


class AttendanceParamsForm(forms.Form):
    percent = forms.IntegerField(
        label=gettext_lazy("Share of hours required (%)"),
        help_text=gettext_lazy("100: every minute of the sessions that count towards completion."),
        min_value=10,
        max_value=100,
    )
    grace_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes of grace"),
        help_text=gettext_lazy(
            "Who is late by no more counts as present in full; who is later lacks all minutes."
        ),
        required=False,
        initial=RULES.grace_minutes,
        min_value=0,
        max_value=60,
    )
    rounding = forms.TypedChoiceField(
        label=gettext_lazy("Minutes attended in part"),
        required=False,
        initial=RULES.rounding,
        coerce=int,
        choices=[
            (RULES.rounding, gettext_lazy("Counted exactly")),
            *(
                (unit, format_lazy(gettext_lazy("Rounded down to {minutes} minutes"), minutes=unit))
                for unit in (5, 15, 30)
            ),
        ],
    )
    excuse_waives_hours = forms.BooleanField(
        label=gettext_lazy("Hours of sessions missed with an excuse are waived"),
        help_text=gettext_lazy("Without a tick they have to be attended all the same."),
        required=False,
        initial=RULES.excuse_waives_hours,
    )
    excuse_days = forms.IntegerField(
        label=gettext_lazy("Days to decide about a request to be excused"),
        help_text=gettext_lazy("Counted from the session, or from a later request."),
        required=False,
        initial=RULES.excuse_days,
        min_value=1,
        max_value=30,
    )
    trainers_decide_excuses = forms.BooleanField(
        label=gettext_lazy("Trainers of the class decide about requests to be excused, too"),
        help_text=gettext_lazy(
            "Until the session is signed. Without a tick the coordinator of the unit decides alone."
        ),
        required=False,
        initial=RULES.trainers_decide_excuses,
    )
    make_up_days = forms.IntegerField(
        label=gettext_lazy("Days within which a missed session can be made up"),
        help_text=gettext_lazy(
            "In a session of another class that teaches the same module. 0: not at all."
        ),
        required=False,
        initial=RULES.make_up_days,
        min_value=0,
        max_value=365,
    )

    def clean(self) -> dict[str, Any]:
        """Return what differs from the rules of a class that says nothing of them."""
        plain = asdict(RULES)
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value not in (None, "") and (name not in plain or value != plain[name])
        }


class AttendanceHours(CompletionCriterion):
    """Minutes attended of the sessions of the class that count; `percent` of them are needed."""

    key = HOURS_KEY
    label = gettext_lazy("Hours of attendance")
    params_form = AttendanceParamsForm

    def default_params(self) -> dict[str, Any]:
        return {"percent": 100, "make_up_days": MAKE_UP_DAYS}

    def annotate(
        self, enrolments: QuerySet[Enrolment], *, run: CourseRun, params: dict[str, Any]
    ) -> QuerySet[Enrolment]:
        return annotate_hours(
            enrolments, run=run, percent=params["percent"], rules=read_rules(params)
        )

    def annotate_as_completed(
        self, enrolments: QuerySet[Enrolment], *, run: CourseRun, params: dict[str, Any]
    ) -> QuerySet[Enrolment]:
        """Ask for the sessions alone whose hours counted when the person completed, and count
        minutes by the rules of the version that was met.
        """
        return annotate_hours(
            enrolments,
            run=run,
            percent=params["percent"],
            rules=read_rules(params),
            as_completed=True,
        )

    def details(
        self, enrolment_ids: Sequence[int], *, run: CourseRun, params: dict[str, Any]
    ) -> dict[int, list[Detail]]:
        """Name each session that is not attended in full, with its day and why hours are missing."""
        sessions = _SESSIONS.ask(run_id=run.pk)
        counted = [session.pk for session in sessions if session.counted_at]
        rows = _NOTED.ask(enrolment_ids=[*enrolment_ids], session_ids=counted)
        noted = {(pk, session_id): minutes for pk, session_id, minutes in rows}
        is_made_up = any(session.is_made_up for session in sessions)
        made_up = _made_up(enrolment_ids, run, read_rules(params)) if is_made_up else {}
        # One for all who lack the same: a class of five hundred lacks a session.
        shared: dict[tuple[int, HoursLack], Detail] = {}
        details: dict[int, list[Detail]] = {}
        for pk, session in product(enrolment_ids, sessions):
            key = pk, session.pk
            if why := _lack_of(session, noted.get(key), made_up.get(key)):
                detail = Detail(session.title, session.starts_at, why)
                detail = shared.setdefault((session.pk, why), detail)
                details.setdefault(pk, []).append(detail)
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
        if required == 0:
            return _("Excused from every session that counts: no hours are left to attend.")
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

    def lack(self, result: CriterionResult) -> str:
        if result.required == UNPLANNED_MINUTES:
            return _("not scheduled yet")
        missing = describe_minutes(max(result.required - result.achieved, 0))
        return _("%(minutes)s to attend") % {"minutes": missing}

    def lack_of_all(self, results: Sequence[CriterionResult]) -> str:
        """Add up the hours of classes that are planned alone."""
        planned = [one for one in results if one.required != UNPLANNED_MINUTES]
        return super().lack_of_all(planned or results[:1])

    def way_on(self, result: CriterionResult, *, learner: Learner) -> WayOn:
        """Lead to one's sessions; due on the day of the next one, else when the class ends."""
        coming, run = learner.appointment, learner.enrolment.run
        return WayOn(
            text=self.lack(result),
            url=reverse("attendance:my_sessions"),
            due_on=timezone.localdate(coming.starts_at) if coming else run.ends_on,
        )


def _made_up(
    enrolment_ids: Sequence[int], run: CourseRun, rules: AttendanceRules
) -> dict[tuple[int, int], MakeUpCredit]:
    """Return what is made up for, by enrolment and missed session."""
    agreed = MakeUp.objects.agreed().filter(enrolment__among=enrolment_ids)
    found = credits_of(agreed, rules={run.pk: rules})
    return {(one.make_up.enrolment_id, one.make_up.missed_session_id): one for one in found}


def _lack_of(session: Any, noted: int | None, credit: MakeUpCredit | None) -> HoursLack | None:
    """Return why hours of one of the `_sessions` are missing, None where none are; `noted` in it are
    so many minutes, or nothing.
    """
    is_counted = session.counted_at is not None
    if credit and credit.counts:
        noted = (noted or 0) + credit.minutes
    if is_counted and noted is not None and noted >= session.minutes:
        return None
    if credit and credit.is_to_come:
        return HoursLack.MAKE_UP
    return _why(noted, is_counted=is_counted, is_signed=session.is_signed)


def _sessions(*, run_id: int) -> QuerySet[Any]:
    """Return the sessions that count, and of each whether it is signed, and made up for by anybody."""
    asked = Session.objects.filter(run=run_id, is_required=True, cancelled_at__isnull=True)
    signed = Exists(SessionSignOff.objects.filter(session=OuterRef("pk")))
    return asked.annotate(is_signed=signed, is_made_up=IS_MADE_UP).order_by("starts_at", "pk")


def _noted(*, enrolment_ids: list[int], session_ids: list[int]) -> QuerySet[Any, Any]:
    """Return what each has in each of these sessions: ids, and the minutes attended or waived."""
    records = AttendanceRecord.objects.filter(
        enrolment__among=enrolment_ids, session__among=session_ids
    )
    return records.order_by().values_list(
        "enrolment_id", "session_id", F("minutes") + F("minutes_waived")
    )


_SESSIONS = CompiledQuery(_sessions)
_NOTED = CompiledQuery(_noted)


def _why(noted: int | None, *, is_counted: bool, is_signed: bool) -> HoursLack:
    """Say nothing of what is noted in a session that does not count yet: a mark changes no row."""
    if not is_counted:
        return HoursLack.NOT_OVER
    if noted is None:
        return HoursLack.SIGNED_BEFORE if is_signed else HoursLack.UNRECORDED
    return HoursLack.PARTLY if noted else HoursLack.MISSED


def _explain_session(row: Detail, *, now: datetime) -> str:
    values = {
        "session": row.subject,
        "day": describe_day(row.at, now=now),
        "why": _explain_why(row, now=now),
    }
    return _("%(session)s (%(day)s, %(why)s)") % values


def _explain_why(row: Detail, *, now: datetime) -> str:
    if row.at > now:
        return _("upcoming")
    if row.why == HoursLack.UNRECORDED:
        return _("the trainer has not taken the roll yet")
    if row.why == HoursLack.SIGNED_BEFORE:
        return _("held before you were enrolled")
    if row.why == HoursLack.MAKE_UP:
        return _("make-up session agreed")
    if row.why == HoursLack.NOT_OVER:
        return _("counts when the session has ended")
    return _("partly attended") if row.why == HoursLack.PARTLY else _("missed")
