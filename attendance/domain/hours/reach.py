"""Who can no longer reach the hours that the class asks for, whatever comes."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from attendance.domain.hours.make_up_credit import IS_MADE_UP, credits_of, make_ups_for
from attendance.domain.hours.rules import params_in_force, read_rules
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
    """Return who of these people of a class can no longer reach the hours; see `shortfalls_in`."""
    return shortfalls_in(enrolments=enrolments, run_ids=[run.pk])


def shortfalls_in(
    *, enrolments: QuerySet[Enrolment], run_ids: Collection[int]
) -> dict[int, Shortfall]:
    """Return who of these people of these classes can no longer reach the hours, by enrolment id.

    Of those who still learn, and nobody where the class asks for no hours. A make-up session that
    is agreed and still to come can be had in full. At most four queries.
    """
    sessions = _sessions_of(run_ids)
    if not sessions:
        return {}
    learning = enrolments.filter(run__in=sessions, status=EnrolmentStatus.ACTIVE)
    everything = [session for of_run in sessions.values() for session in of_run]
    counted = [session.pk for session in everything if session.counted_at]
    made_up = _made_up(learning, everything)
    found = {}
    for (run_id, pk), minutes in _minutes_of(learning, counted).items():
        noted = []
        for one in sessions[run_id]:
            # Who came to the class after the register was signed has missed the session.
            is_lost = bool(one.counted_at and one.is_signed)
            if one.pk in minutes or is_lost:
                attended, waived = minutes.get(one.pk, (0, 0))
                noted.append((one.minutes, attended + made_up.get((pk, one.pk), 0), waived))
        short = find_shortfall(
            planned=sum(one.minutes for one in sessions[run_id]),
            percent=sessions[run_id][0].hours_params["percent"],
            noted=noted,
        )
        if short:
            found[pk] = short
    return found


def _sessions_of(run_ids: Collection[int]) -> dict[int, list[Any]]:
    """Return the sessions that count, by class, of those that ask for hours."""
    asked = Session.objects.taking_place().filter(run__in=run_ids, is_required=True)
    signature = SessionSignOff.objects.filter(session=OuterRef("pk"))
    by_run: dict[int, list[Any]] = defaultdict(list)
    for session in asked.annotate(
        hours_params=params_in_force("run"), is_signed=Exists(signature), is_made_up=IS_MADE_UP
    ):
        if session.hours_params:
            by_run[session.run_id].append(session)
    return dict(by_run)


def _minutes_of(
    enrolments: QuerySet[Enrolment], sessions: Collection[int]
) -> dict[tuple[int, int], dict[int, tuple[int, int]]]:
    """Return minutes attended and waived by class and enrolment, and by session; of everybody in
    one query.
    """
    rows = enrolments.annotate(
        noted=FilteredRelation(
            "attendance_records", condition=Q(attendance_records__session__in=sessions)
        )
    ).values_list("run_id", "pk", "noted__session", "noted__minutes", "noted__minutes_waived")
    found: dict[tuple[int, int], dict[int, tuple[int, int]]] = defaultdict(dict)
    for run_id, pk, session, minutes, waived in rows:
        had = found[run_id, pk]
        if session is not None:
            had[session] = (minutes, waived)
    return found


def _made_up(learning: QuerySet[Enrolment], sessions: list[Any]) -> dict[tuple[int, int], int]:
    """Return minutes made up for at best, by enrolment and missed session."""
    missed = [session for session in sessions if session.is_made_up]
    if not missed:
        return {}
    rules = {one.run_id: read_rules(one.hours_params) for one in missed}
    found = credits_of(make_ups_for(learning, missed), rules=rules)
    return {
        (one.make_up.enrolment_id, one.make_up.missed_session_id): one.reachable for one in found
    }
