"""Who can no longer reach the hours that the class asks for, whatever comes."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from attendance.domain.make_up_credit import IS_MADE_UP, credits_of, make_ups_for
from attendance.domain.rules import params_in_force, read_rules
from attendance.models import Session, SessionSignOff
from courses.enums import EnrolmentStatus
from courses.models import CourseRun, Enrolment


@dataclass(frozen=True)
class Shortfall:
    """What a person would have if nothing more were missed, and what is asked: minutes."""

    reachable: int
    required: int

    @property
    def missing(self) -> int:
        return self.required - self.reachable


def find_shortfall(
    *, planned: int, percent: int, noted: Iterable[tuple[int, int, int]]
) -> Shortfall | None:
    """Return by how much a person misses the hours even at best, None while they can be reached.

    Pure. `planned`: minutes of all sessions that count. `noted`: of each of them that is over and
    for which the person was noted or the register signed, its minutes, those attended or made up
    for, and those waived. Sessions to come and sessions without a mark can still be had in full;
    nobody is asked for waived minutes.
    """
    lost = waived = 0
    for length, attended, excused in noted:
        waived += excused
        lost += length - attended - excused
    reachable = planned - waived - lost
    required = -(-(planned - waived) * percent // 100)
    return Shortfall(reachable, required) if reachable < required else None


def shortfalls_of(*, enrolments: QuerySet[Enrolment], run: CourseRun) -> dict[int, Shortfall]:
    """Return who of these people of a class can no longer reach the hours, by enrolment id.

    Of those who still learn, and nobody where the class asks for no hours. A make-up session that
    is agreed and still to come can be had in full. At most four queries.
    """
    asked = Session.objects.taking_place().filter(run=run, is_required=True)
    signature = SessionSignOff.objects.filter(session=OuterRef("pk"))
    sessions = list(
        asked.annotate(
            hours_params=params_in_force("run"),
            is_signed=Exists(signature),
            is_made_up=IS_MADE_UP,
        )
    )
    if not sessions or not sessions[0].hours_params:
        return {}
    length = {session.pk: session.minutes for session in sessions if session.counted_at}
    learning = enrolments.filter(run=run, status=EnrolmentStatus.ACTIVE)
    signed = {session.pk for session in sessions if session.counted_at and session.is_signed}
    made_up = _made_up(learning, sessions)
    noted: dict[int, list[tuple[int, int, int]]] = {}
    for pk, minutes in _minutes_of(learning, length).items():
        told = [one for one in length if one in minutes or one in signed]
        had = [(one, *minutes.get(one, (0, 0))) for one in told]
        noted[pk] = [
            (length[one], attended + made_up.get((pk, one), 0), waived)
            for one, attended, waived in had
        ]
    planned = sum(session.minutes for session in sessions)
    percent = sessions[0].hours_params["percent"]
    found = {
        pk: find_shortfall(planned=planned, percent=percent, noted=rows)
        for pk, rows in noted.items()
    }
    return {pk: shortfall for pk, shortfall in found.items() if shortfall}


def _minutes_of(
    enrolments: QuerySet[Enrolment], sessions: Collection[int]
) -> dict[int, dict[int, tuple[int, int]]]:
    """Return minutes attended and waived by enrolment and session, of everybody in one query."""
    rows = enrolments.annotate(
        noted=FilteredRelation(
            "attendance_records", condition=Q(attendance_records__session__in=sessions)
        )
    ).values_list("pk", "noted__session", "noted__minutes", "noted__minutes_waived")
    found: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for pk, session, minutes, waived in rows:
        had = found[pk]
        if session is not None:
            had[session] = (minutes, waived)
    return found


def _made_up(learning: QuerySet[Enrolment], sessions: list[Any]) -> dict[tuple[int, int], int]:
    """Return minutes made up for at best, by enrolment and missed session."""
    missed = [session for session in sessions if session.is_made_up]
    if not missed:
        return {}
    rules = {missed[0].run_id: read_rules(sessions[0].hours_params)}
    found = credits_of(make_ups_for(learning, missed), rules=rules)
    return {
        (one.make_up.enrolment_id, one.make_up.missed_session_id): one.reachable for one in found
    }
