"""The sessions of a class that is copied: as many days later, at the new place."""

from attendance.domain.session_trainers import load_trainers
from attendance.domain.sessions.scheduling import SessionPlan
from attendance.models import Session
from courses.domain.copying import CopyPlan


def shifted_sessions(*, plan: CopyPlan) -> list[SessionPlan]:
    """Return the sessions of the copy, without those that were cancelled; three queries.

    House, room and its seats are kept where the copy is held by the same unit in the same house.
    """
    source = plan.source
    sessions = list(Session.objects.taking_place().filter(run=source).order_by("starts_at"))
    load_trainers(sessions)
    stays = plan.unit.pk == source.unit_id and plan.place == source.place
    copied = frozenset(trainer.pk for trainer in plan.trainers)
    return [
        SessionPlan(
            title=session.title,
            starts_at=session.starts_at + plan.shift,
            ends_at=session.ends_at + plan.shift,
            place=session.place if stays else "",
            room=session.room if stays else "",
            is_required=session.is_required,
            module_id=session.module_id,
            trainer_ids=session.trainer_ids & copied,
            break_minutes=session.break_minutes,
            seats=session.seats if stays else None,
        )
        for session in sessions
    ]
