"""The requests that wait for a person, with all that is to be known for a decision."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.domain.excuses.rules import WaitingExcuse, describe_effect, excuses_to_decide
from attendance.domain.sessions.changes import SessionChange, changes_since
from attendance.models import AttendanceRecord, Excuse
from lms.accounts.models import User


@dataclass(frozen=True)
class DecisionLine:
    """`notes` say what has happened since it was asked: noted on the roll, session moved."""

    waiting: WaitingExcuse
    effect: str
    is_overdue: bool
    notes: list[str]


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
            notes=_notes(one.excuse, recorded, changes),
        )
        for one in waiting
    ]


def _notes(
    excuse: Excuse,
    recorded: dict[tuple[int, int], str],
    changes: dict[int, list[SessionChange]],
) -> list[str]:
    notes = []
    if any(change.at > excuse.asked_at for change in changes.get(excuse.session_id, ())):
        notes.append(
            _("The session was moved after this was asked: ask whether it is still wanted.")
        )
    if status := recorded.get((excuse.session_id, excuse.enrolment_id)):
        notes.append(_("On the roll: %(status)s.") % {"status": status})
    return notes


def _recorded_of(waiting: list[WaitingExcuse]) -> dict[tuple[int, int], str]:
    records = AttendanceRecord.objects.filter(
        enrolment__in={one.excuse.enrolment_id for one in waiting},
        session__in={one.excuse.session_id for one in waiting},
    )
    return {
        (record.session_id, record.enrolment_id): record.get_status_display() for record in records
    }
