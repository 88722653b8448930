"""What is held while a session is noted: little enough that others can note in it too.

First the session, shared by all who note in it: whoever signs, moves or cancels it waits for them
and they for him. Then the people in the order of their keys, each for one alone. What is noted
about them is read afterwards: read before, it would be as it was before the wait.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Q, QuerySet

from attendance.domain.hours.guests import on_roll
from attendance.domain.hours.rules import AttendanceRules, params_in_force, read_rules
from attendance.domain.roll.queries import RecordedStatus, annotate_settled
from attendance.models import AttendanceMark, LateMark, MakeUp, Session, SessionSignOff
from courses.models import Enrolment
from lms.accounts.models import User
from lms.accounts.models.scope import UnitScope
from lms.core.compiled_queries import CompiledQuery
from lms.core.databases import share_locks

# Where client ids are kept, each once.
_NOTED = (AttendanceMark.objects.all(), LateMark.objects.all())


@dataclass(frozen=True)
class RollFacts:
    """What stands in a session that is held."""

    #: By enrolment id; those who do not stand on the roll, and whom the reader may not note, are left out.
    recorded: dict[int, RecordedStatus]
    #: Session and enrolment of each client id that has been used before.
    taken_ids: dict[UUID, tuple[int, int]]
    is_signed: bool
    #: The rules in force in the class.
    rules: AttendanceRules
    #: Of those recorded, who makes up here: the own class by enrolment id.
    guests: dict[int, int]
    #: Whether anybody makes up here.
    has_guests: bool


def share_session(*, pk: int, at: datetime, reader: User | None) -> Session | None:
    """Hold the session as it is, with its class, until the transaction ends.

    `reader`: one whose roll this reader may take (`on_roll_of`). None where it is gone, and where
    it is to be counted first, which only one can do: two who share a row and then write it wait for
    each other.
    """
    scope, reader_id = (reader.scope, reader.pk) if reader else (None, 0)
    with share_locks():
        held = _SHARED.ask(scope, pk=pk, at=at, reader_id=reader_id)
    return held[0] if held else None


def hold_people(enrolment_ids: Collection[int]) -> None:
    """Let nobody else note these people, or judge them, until the transaction ends."""
    _PEOPLE.ask(pks=list(enrolment_ids))


def read_facts(
    *,
    session: Session,
    enrolment_ids: Collection[int],
    client_ids: Collection[UUID],
    among: QuerySet[Enrolment] | None,
) -> RollFacts:
    """Read what stands in a session that is held about people who are held too.

    `among`: as if there were no others. One query, one more where some are left out or a client id
    has been used before.
    """
    recorded: dict[int, RecordedStatus] = {}
    guests: dict[int, int] = {}
    taken_anywhere, is_signed, has_guests, params = True, False, False, None
    for row in _FACTS.ask(
        session_id=session.pk,
        run_id=session.run_id,
        enrolment_ids=list(enrolment_ids),
        client_ids=list(client_ids),
    ):
        recorded[row.pk] = _recorded(row)
        if row.run_id != session.run_id:
            guests[row.pk] = row.run_id
        taken_anywhere, params = row.has_taken, row.hours_params
        is_signed, has_guests = row.is_signed, row.has_guests
    if among is not None:
        shown = set(among.filter(pk__in=recorded).values_list("pk", flat=True))
        recorded = {pk: one for pk, one in recorded.items() if pk in shown}
    is_plain = len(recorded) == len(enrolment_ids) and not taken_anywhere
    return RollFacts(
        recorded=recorded,
        taken_ids={} if is_plain else _taken_ids(client_ids),
        is_signed=is_signed,
        rules=read_rules(params),
        guests=guests,
        has_guests=has_guests,
    )


def _recorded(row: Any) -> RecordedStatus:
    return RecordedStatus(
        enrolment_status=row.status,
        status=row.settled_status,
        minutes_late=row.settled_minutes_late or 0,
        noted_by=row.settled_by or "",
        noted_at=row.settled_at,
        noted_by_id=row.settled_by_id,
        minutes_left_early=row.settled_minutes_left_early or 0,
        mark_id=row.settled_mark_id or 0,
    )


def _to_share(
    scope: UnitScope | None, *, pk: int, at: datetime, reader_id: int
) -> QuerySet[Session]:
    sessions = Session.objects.all()
    if scope is not None:
        reader = User(pk=reader_id)
        reader.scope = scope
        sessions = sessions.on_roll_of(reader)
    is_settled = Q(counted_at__isnull=False) | Q(ends_at__gt=at)
    rows = sessions.filter(is_settled, pk=pk).select_related("run").order_by()
    return rows.select_for_update(of=("self",), no_key=True)


def _people(*, pks: list[int]) -> QuerySet[Any, Any]:
    rows = Enrolment.objects.select_for_update(no_key=True).filter(pk__among=pks)
    return rows.order_by("pk").values_list("pk")


def _facts(
    *, session_id: int, run_id: int, enrolment_ids: list[int], client_ids: list[UUID]
) -> QuerySet[Any, Any]:
    """Return what is settled about each, and in every row alike what holds for the session."""
    session = Session(pk=session_id, run_id=run_id)
    people = on_roll(Enrolment.objects.filter(pk__among=enrolment_ids), session=session)
    taken = [rows.filter(client_id__among=client_ids) for rows in _NOTED]
    return (
        annotate_settled(people, session=session)
        .annotate(
            has_taken=Exists(taken[0]) | Exists(taken[1]),
            is_signed=Exists(SessionSignOff.objects.filter(session=session)),
            has_guests=Exists(MakeUp.objects.agreed().filter(session=session)),
            hours_params=params_in_force(run_id),
        )
        .values_list(
            "pk",
            "status",
            "settled_status",
            "settled_minutes_late",
            "settled_by",
            "settled_at",
            "settled_by_id",
            "settled_minutes_left_early",
            "settled_mark_id",
            "has_taken",
            "is_signed",
            "has_guests",
            "hours_params",
            "run_id",
            named=True,
        )
    )


_SHARED = CompiledQuery(_to_share)
_PEOPLE = CompiledQuery(_people)
_FACTS = CompiledQuery(_facts)


def _taken_ids(client_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """Return session and enrolment of each client id that has been used before."""
    columns = ("client_id", "session_id", "enrolment_id")
    noted, late = (
        rows.filter(client_id__in=client_ids).order_by().values_list(*columns) for rows in _NOTED
    )
    return {
        client_id: (session_id, enrolment_id)
        for client_id, session_id, enrolment_id in noted.union(late)
    }
