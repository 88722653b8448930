"""The rules by which a class counts hours: data of the class, kept with what it asks.

They are parameters of the criterion `attendance_hours` in the class's requirements: versions that
are added, never changed, and whose effect is shown before. A parameter that is missing
means what held before there was a choice.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import JSONField, Max, OuterRef, Subquery

from courses.models import CompletionRequirement, CourseRun

HOURS_KEY: Final = "attendance_hours"


@dataclass(frozen=True)
class AttendanceRules:
    """How marks become minutes, and by whom and until when an excuse is decided."""

    #: Who is late by no more was there from the beginning.
    grace_minutes: int = 0
    #: What a person attended in part is rounded down to a multiple of it.
    rounding: int = 1
    #: Hours of a session from which a person was excused are not asked for.
    excuse_waives_hours: bool = False
    #: Days within which a request to be excused is to be decided.
    excuse_days: int = 3
    #: The trainers of the class decide as well as the unit, until they have signed.
    trainers_decide_excuses: bool = False
    #: So long after a missed session it may be made up for in another class; 0: not at all.
    make_up_days: int = 0


def read_rules(params: dict[str, Any] | None) -> AttendanceRules:
    """Return the rules in these parameters of the criterion; None where it is not asked."""
    known, plain = params or {}, AttendanceRules()
    return AttendanceRules(
        grace_minutes=known.get("grace_minutes") or plain.grace_minutes,
        rounding=known.get("rounding") or plain.rounding,
        excuse_waives_hours=bool(known.get("excuse_waives_hours")),
        excuse_days=known.get("excuse_days") or plain.excuse_days,
        trainers_decide_excuses=bool(known.get("trainers_decide_excuses")),
        make_up_days=known.get("make_up_days") or plain.make_up_days,
    )


def rules_of(run: CourseRun) -> AttendanceRules:
    """Return the rules in force in a class; one query."""
    return rules_of_runs(run_ids=[run.pk])[run.pk]


def rules_of_runs(*, run_ids: Collection[int]) -> dict[int, AttendanceRules]:
    """Return the rules in force in each of these classes; one query."""
    runs = CourseRun.objects.filter(pk__in=run_ids).annotate(hours=params_in_force("pk"))
    return {pk: read_rules(params) for pk, params in runs.order_by().values_list("pk", "hours")}


def rules_of_held(session: Any) -> AttendanceRules:
    """Return the rules of the class of a session that `lock_session` holds; no query."""
    return read_rules(session.hours_params)


def params_in_force(run: str | int) -> Subquery:
    """Return the parameters of the criterion in force in the class that `run` leads to, or is the
    id of.

    None where its latest version does not ask for hours.
    """
    versions = CompletionRequirement.objects.filter(run=OuterRef("run")).order_by()
    latest = versions.values("run").annotate(latest=Max("version")).values("latest")
    row = CompletionRequirement.objects.filter(
        run=OuterRef(run) if isinstance(run, str) else run,
        criterion=HOURS_KEY,
        version=Subquery(latest),
    )
    return Subquery(row.order_by().values("params")[:1], output_field=JSONField())
