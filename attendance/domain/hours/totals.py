"""How many minutes people have of a class: the figures that the criterion is judged by."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import (
    BigIntegerField,
    Case,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from attendance.domain.hours.deriving import derive_record
from attendance.domain.hours.make_up_credit import (
    IS_MADE_UP,
    counted_by,
    credits_of,
    make_ups_for,
    sum_by_person,
)
from attendance.domain.hours.rules import AttendanceRules, params_in_force, read_rules
from attendance.models import AttendanceRecord, Session
from courses.models import CourseRun, Enrolment
from lms.core.compiled_queries import CompiledQuery

# A class whose sessions are not planned yet asks for this much, which nobody can have: hours
# that are still to come must not let anybody complete.
UNPLANNED_MINUTES: Final = 1


def annotate_hours(
    enrolments: QuerySet[Enrolment],
    *,
    run: CourseRun,
    percent: int,
    rules: AttendanceRules,
    as_completed: bool = False,
) -> QuerySet[Any]:
    """Add `attendance_hours_achieved`, `_required` and `_is_settled`; one query.

    Two where the records were derived by other rules than `rules`, as in the preview of a change
    and for completions made under an older version: minutes are then derived anew from the marks.
    Two more where something was made up for in another class: that is added to what was attended.
    `as_completed`: of the sessions that counted when each of them completed, also where one was
    cancelled since.
    """
    sessions = _ASKED_SESSIONS.ask(as_completed, run_id=run.pk)
    counted = [session for session in sessions if session.counted_at]
    attended: Any
    waived: Coalesce | Case
    if sessions and rules != read_rules(sessions[0].in_force):
        attended, waived = _derived_anew(enrolments, counted, rules, as_completed=as_completed)
    else:
        attended = _sum_of("minutes", counted, as_completed=as_completed)
        waived = _sum_of("minutes_waived", counted, as_completed=as_completed)
    if made_up := [session for session in counted if session.is_made_up]:
        found = credits_of(make_ups_for(enrolments, made_up), rules={run.pk: rules})
        attended += _as_case(sum_by_person(found, as_completed=as_completed))
    total: Any = Value(sum(session.minutes for session in sessions))
    if as_completed:
        total = sum((_if_asked_of(session) for session in counted), Value(0))
    # Rounded up: 80 % of 211 minutes are 169.
    share = ((total - waived) * Value(percent) + Value(99)) / Value(100)
    required = share if sessions else Value(UNPLANNED_MINUTES)
    return enrolments.annotate(
        attendance_hours_achieved=ExpressionWrapper(attended, output_field=BigIntegerField()),
        attendance_hours_required=ExpressionWrapper(required, output_field=IntegerField()),
        attendance_hours_is_settled=Value(len(counted) == len(sessions)),
    )


def _asked_sessions(as_completed: bool, *, run_id: int) -> QuerySet[Any]:
    asked = Session.objects.filter(run=run_id, is_required=True)
    if not as_completed:
        asked = asked.filter(cancelled_at__isnull=True)
    return asked.annotate(in_force=params_in_force("run"), is_made_up=IS_MADE_UP)


_ASKED_SESSIONS = CompiledQuery(_asked_sessions)


def _sum_of(field: str, sessions: Sequence[Session], *, as_completed: bool) -> Coalesce:
    """Return the sum of what the enrolment has in these sessions; 0 when there are none."""
    records = AttendanceRecord.objects.filter(enrolment=OuterRef("pk"), session__in=sessions)
    if as_completed:
        counted = Q(session__counted_at__lte=OuterRef("completed_at"))
        records = records.filter(
            counted
            & (
                Q(session__cancelled_at__isnull=True)
                | Q(session__cancelled_at__gt=OuterRef("completed_at"))
            )
        )
    totals = records.order_by().values("enrolment").annotate(total=Sum(field)).values("total")
    return Coalesce(Subquery(totals, output_field=BigIntegerField()), Value(0))


def _if_asked_of(session: Session) -> Case:
    """Return the minutes of a session, 0 for those who completed before it counted or after it
    was cancelled.
    """
    counted = Q(completed_at__gte=session.counted_at)
    if session.cancelled_at:
        counted &= Q(completed_at__lt=session.cancelled_at)
    asked = When(counted, then=Value(session.minutes))
    return Case(asked, default=Value(0), output_field=IntegerField())


def _derived_anew(
    enrolments: QuerySet[Enrolment],
    sessions: Sequence[Session],
    rules: AttendanceRules,
    *,
    as_completed: bool,
) -> tuple[Case, Case]:
    """Return minutes attended and waived as these rules would have them."""
    by_id = {session.pk: session for session in sessions}
    rows = AttendanceRecord.objects.filter(enrolment__in=enrolments.values("pk"), session__in=by_id)
    attended: dict[int, int] = defaultdict(int)
    waived: dict[int, int] = defaultdict(int)
    for row in rows.select_related("mark", "enrolment"):
        session = by_id[row.session_id]
        if as_completed and not counted_by(session, row.enrolment.completed_at):
            continue
        record = derive_record(mark=row.mark, session_minutes=session.minutes, rules=rules)
        attended[row.enrolment_id] += record.minutes
        waived[row.enrolment_id] += record.minutes_waived
    return _as_case(attended), _as_case(waived)


def _as_case(figures: Mapping[int, int]) -> Case:
    """Return figures by enrolment id as an expression; 0 for the others."""
    by_figure: dict[int, list[int]] = defaultdict(list)
    for pk, figure in figures.items():
        by_figure[figure].append(pk)
    whens = [When(pk__in=pks, then=Value(figure)) for figure, pks in by_figure.items()]
    return Case(*whens, default=Value(0), output_field=IntegerField())
