"""Who can no longer reach the hours that the class asks for, whatever comes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from attendance.domain.rules import params_in_force
from attendance.models import AttendanceRecord, Session
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
    on whose roll the person stands, its minutes, those attended and those waived. Sessions to come
    and sessions without a mark can still be had in full; nobody is asked for waived minutes.
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

    Of those who still learn, and nobody where the class asks for no hours. Two queries.
    """
    asked = Session.objects.taking_place().filter(run=run, is_required=True)
    sessions = list(asked.annotate(hours_params=params_in_force("run")))
    if not sessions or not sessions[0].hours_params:
        return {}
    length = {session.pk: session.minutes for session in sessions if session.counted_at}
    learning = enrolments.filter(run=run, status=EnrolmentStatus.ACTIVE)
    records = AttendanceRecord.objects.filter(session__in=length, enrolment__in=learning)
    noted: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for record in records:
        had = (length[record.session_id], record.minutes, record.minutes_waived)
        noted[record.enrolment_id].append(had)
    planned = sum(session.minutes for session in sessions)
    percent = sessions[0].hours_params["percent"]
    found = {
        pk: find_shortfall(planned=planned, percent=percent, noted=rows)
        for pk, rows in noted.items()
    }
    return {pk: shortfall for pk, shortfall in found.items() if shortfall}
