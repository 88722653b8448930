"""The requests that wait for a person, with all that is to be known for a decision."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from attendance.domain.changes import changes_since
from attendance.domain.excuse_rules import WaitingExcuse, describe_effect, excuses_to_decide
from attendance.models import AttendanceRecord
from lms.accounts.models import User


@dataclass(frozen=True)
class DecisionLine:
    """`recorded`: what the roll says of the person in the session so far, if anything."""

    waiting: WaitingExcuse
    effect: str
    is_overdue: bool
    recorded: str
    #: Hour or place became another after it was asked: perhaps it is no longer wanted.
    was_moved: bool


def decision_lines(*, by: User, now: datetime) -> list[DecisionLine]:
    """Return the requests that `by` may decide, the most urgent first; three queries."""
    waiting = excuses_to_decide(by=by)
    if not waiting:
        return []
    recorded = _recorded_of(waiting)
    changes = changes_since(
        min(one.excuse.asked_at for one in waiting),
        session_ids={one.excuse.session_id for one in waiting},
    )
    today = timezone.localdate(now)
    return [
        DecisionLine(
            waiting=one,
            effect=describe_effect(one.rules),
            is_overdue=one.is_overdue(today=today),
            recorded=recorded.get((one.excuse.session_id, one.excuse.enrolment_id), ""),
            was_moved=any(
                change.at > one.excuse.asked_at for change in changes.get(one.excuse.session_id, ())
            ),
        )
        for one in waiting
    ]


def _recorded_of(waiting: list[WaitingExcuse]) -> dict[tuple[int, int], str]:
    records = AttendanceRecord.objects.filter(
        enrolment__in={one.excuse.enrolment_id for one in waiting},
        session__in={one.excuse.session_id for one in waiting},
    )
    return {
        (record.session_id, record.enrolment_id): record.get_status_display() for record in records
    }
