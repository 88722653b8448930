"""In which classes hours may have got out of reach of late."""

from datetime import datetime
from typing import Any

from django.db.models import Max, Model, QuerySet

from attendance.domain.hours.rules import HOURS_KEY
from attendance.models import AttendanceMark, MakeUp, Session
from courses.enums import RunStatus
from courses.models import CompletionRequirement, Enrolment


def runs_changed_between(since: datetime, now: datetime) -> dict[int, datetime]:
    """Return the open classes in which something has happened that can put hours out of reach, by
    id, and when it happened last; one query.

    A session counted, a mark in one that counts, a session cancelled, another rule, a newcomer; and
    of a make-up, whichever class holds it: its session counted, that or the class cancelled, or it
    was taken back.
    """
    open_runs = {"run__status": RunStatus.OPEN}
    own_runs = {"enrolment__run__status": RunStatus.OPEN}
    agreed = MakeUp.objects.agreed().filter(**own_runs)
    between = since, now
    first, *others = [
        _last(Session.objects.taking_place().filter(**open_runs), "run", "counted_at", between),
        _last(Session.objects.filter(**open_runs), "run", "cancelled_at", between),
        _last(
            AttendanceMark.objects.filter(session__counted_at__isnull=False, **own_runs),
            "enrolment__run",
            "marked_at",
            between,
        ),
        _last(agreed, "enrolment__run", "session__counted_at", between),
        _last(agreed, "enrolment__run", "session__cancelled_at", between),
        _last(agreed, "enrolment__run", "session__run__cancelled_at", between),
        _last(MakeUp.objects.filter(**own_runs), "enrolment__run", "taken_back_at", between),
        _last(
            CompletionRequirement.objects.filter(criterion=HOURS_KEY, **open_runs),
            "run",
            "created_at",
            between,
        ),
        _last(Enrolment.objects.filter(**open_runs), "run", "enrolled_at", between),
    ]
    found: dict[int, datetime] = {}
    for run_id, at in first.union(*others, all=True):
        found[run_id] = max(at, found.get(run_id, at))
    return found


def _last(
    rows: QuerySet[Model], run: str, moment: str, between: tuple[datetime, datetime]
) -> QuerySet[Any, tuple[int, datetime]]:
    """Return each class with such a moment after the first and up to the second, and the last one."""
    since, now = between
    lately = rows.filter(**{f"{moment}__gt": since, f"{moment}__lte": now}).order_by()
    return lately.values_list(run).annotate(at=Max(moment))
