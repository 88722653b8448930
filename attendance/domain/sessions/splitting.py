"""One session becomes two: a planned whole day, held as a morning and an afternoon."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from attendance.domain.hours.counting import counted_since
from attendance.domain.hours.guests import require_no_make_ups
from attendance.domain.roll.late_marks import require_run_unsigned
from attendance.domain.roll.recording import lock_session
from attendance.domain.sessions.scheduling import (
    SessionPlan,
    add_session,
    require_changeable,
    require_no_papers,
    require_possible,
    said_of,
)
from attendance.models import Session
from courses.domain import completion
from courses.domain.runs import lock_run
from lms.accounts.models import User
from lms.core.refusal import Refusal

SPLIT: Final = "attendance.split_session"


@dataclass(frozen=True)
class SplitPlan:
    """Where a session is cut: the first part ends, the second begins; breaks within each."""

    first_ends: datetime
    second_starts: datetime
    second_title: str
    first_break_minutes: int = 0
    second_break_minutes: int = 0


@transaction.atomic
def split_session(
    *, session: Session, plan: SplitPlan, by: User, at: datetime
) -> tuple[Session, Session]:
    """Cut a session in two; the first keeps its code and place in calendars, all else is alike.

    Everybody is judged anew and told once of both. Raises the refusals of `create_session`,
    `session_gone`, `session_cancelled`, `session_signed`, `parts_overlap`, and `session_made_up`,
    `session_has_marks` or `session_has_excuses`: what was noted, asked or agreed of a whole day is
    of no half.
    """
    run = lock_run(session.run)
    held = lock_session(session)
    require_splittable(held)
    first, second = _parts(held, plan)
    others = list(Session.objects.taking_place().filter(run=run).exclude(pk=held.pk))
    for part in (first, second):
        require_possible(run=run, plan=part, others=others)
    before = said_of(held, held.trainer_ids)
    held.ends_at, held.break_minutes = first.ends_at, first.break_minutes
    held.counted_at = counted_since(session=held, at=at)
    held.revision += 1
    held.save()
    rest = add_session(run=run, plan=second, by=by, at=at)
    data = {
        "before": before,
        "after": said_of(held, held.trainer_ids),
        "revision": held.revision,
        "other": rest.pk,
    }
    log(held, SPLIT, user=by, timestamp=at, data=data)
    completion.evaluate_class(run=run, at=at)
    return held, rest


def require_splittable(session: Session) -> None:
    """Raise the Refusal that keeps a session in one piece, wherever it were cut."""
    require_run_unsigned(session.run)
    require_changeable(session)
    if session.marks.exists():
        raise Refusal(
            "session_has_marks",
            _(
                "Attendance has been recorded for this session, so it cannot be split: nobody "
                "could say to which part the marks belong."
            ),
        )
    require_no_make_ups(session)
    require_no_papers(session)
    if session.excuses.exists():
        raise Refusal(
            "session_has_excuses",
            _(
                "Somebody has asked to be excused from this session, so it cannot be split. "
                "Shorten it, and add a session for the rest."
            ),
        )


def _parts(session: Session, plan: SplitPlan) -> tuple[SessionPlan, SessionPlan]:
    if plan.second_starts < plan.first_ends:
        raise Refusal(
            "parts_overlap",
            _("The second part begins before the first one ends."),
            field="second_starts",
        )
    whole = SessionPlan(
        title=session.title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place=session.place,
        is_required=session.is_required,
        room=session.room,
        module_id=session.module_id,
        trainer_ids=session.trainer_ids,
        seats=session.seats,
    )
    first = replace(whole, ends_at=plan.first_ends, break_minutes=plan.first_break_minutes)
    second = replace(
        whole,
        title=plan.second_title or whole.title,
        starts_at=plan.second_starts,
        break_minutes=plan.second_break_minutes,
    )
    return first, second
