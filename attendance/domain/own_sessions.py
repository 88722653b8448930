"""The sessions of a person: what is to come, what was, and what was noted about it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from wagtail.models import ModelLogEntry

from attendance.domain.excuses.rules import with_rules
from attendance.domain.make_ups.offers import MissedSession, missed_sessions
from attendance.domain.session_state import is_cancelled
from attendance.domain.sessions.scheduling import CHANGED, when_and_where
from attendance.enums import ExcuseState
from attendance.models import AttendanceRecord, Excuse, MakeUp, Session
from courses.enums import COUNTED_STATUSES
from courses.models import Enrolment
from lms.accounts.models import User


@dataclass(frozen=True)
class EarlierPlan:
    """When and where a session was to be before it was changed."""

    starts_at: datetime
    where: str


@dataclass(frozen=True)
class OwnSession:
    """A session (with class and unit), the person's enrolment, and what was noted, if anything.

    `missed`: hours of it are missing; `makes_up_for`: it is of another class, and discharges that
    session of the own one.
    """

    session: Session
    enrolment_id: int
    record: AttendanceRecord | None = None
    #: Only of a session to come: what the person may still believe.
    before: EarlierPlan | None = None
    #: What the person asked, with `rules`, unless it was taken back.
    excuse: Any = None
    missed: MissedSession | None = None
    makes_up_for: Session | None = None

    @property
    def is_cancelled(self) -> bool:
        return is_cancelled(self.session)


def own_sessions(*, person: User, now: datetime) -> list[OwnSession]:
    """Return every session of the classes in which the person counts, cancelled classes too, and
    those in which he or she makes up for one, in the order of time; a fixed number of queries.
    """
    sessions = _expected_sessions(person)
    own = {session.own_enrolment_id for session in sessions}
    records = AttendanceRecord.objects.filter(enrolment__in=own)
    noted = {record.session_id: record for record in records}
    asked = Excuse.objects.filter(enrolment__in=own).exclude(state=ExcuseState.WITHDRAWN)
    excuses = {excuse.session_id: excuse for excuse in with_rules(asked)}
    missed = _missed(own, now)
    make_ups = MakeUp.objects.agreed().filter(enrolment__in=own)
    guest = list(make_ups.select_related("session__run__unit", "session__module", "missed_session"))
    shown = [*sessions, *(one.session for one in guest)]
    moved = _earlier_plans([session for session in shown if session.ends_at > now])
    lines = [
        OwnSession(
            session=session,
            enrolment_id=session.own_enrolment_id,
            record=noted.get(session.pk),
            before=moved.get(session.pk),
            excuse=excuses.get(session.pk),
            missed=missed.get((session.own_enrolment_id, session.pk)),
        )
        for session in sessions
    ]
    made_up = [
        OwnSession(
            session=one.session,
            enrolment_id=one.enrolment_id,
            record=noted.get(one.session_id),
            before=moved.get(one.session_id),
            makes_up_for=one.missed_session,
        )
        for one in guest
    ]
    return sorted([*lines, *made_up], key=lambda one: (one.session.starts_at, one.session.pk))


def _expected_sessions(person: User) -> list[Any]:
    sessions = Session.objects.filter(
        run__enrolments__user=person, run__enrolments__status__in=COUNTED_STATUSES
    )
    own = sessions.annotate(own_enrolment_id=F("run__enrolments")).select_related(
        "run__unit", "module"
    )
    return list(own.order_by("starts_at", "pk"))


def _missed(own: Collection[int], now: datetime) -> dict[tuple[int, int], MissedSession]:
    """Return what was missed, by enrolment and session."""
    enrolments = list(Enrolment.objects.filter(pk__in=own))
    return {
        (pk, one.session.pk): one
        for pk, found in missed_sessions(enrolments=enrolments, at=now).items()
        for one in found
    }


def _earlier_plans(sessions: list[Session]) -> dict[int, EarlierPlan]:
    """Return what the last change of hour or place put an end to, by the id of the session."""
    entries = ModelLogEntry.objects.filter(
        content_type__app_label="attendance",
        content_type__model="session",
        object_id__in=[str(session.pk) for session in sessions],
        action=CHANGED,
    ).order_by("timestamp", "pk")
    plans: dict[int, EarlierPlan] = {}
    for pk, data in entries.values_list("object_id", "data"):
        before, after = data["before"], data["after"]
        if when_and_where(before) != when_and_where(after):
            begin = datetime.fromisoformat(before["starts_at"])
            plans[int(pk)] = EarlierPlan(starts_at=begin, where=where_of(before))
    return plans


def where_of(said: dict[str, Any]) -> str:
    """Return house and room; sessions changed before there were rooms name none."""
    return ", ".join(filter(None, (said["place"], said.get("room", ""))))
