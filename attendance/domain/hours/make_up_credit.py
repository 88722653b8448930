"""What a make-up session gives for the session that was missed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from attendance.domain.hours.deriving import derive_record
from attendance.domain.hours.rules import AttendanceRules
from attendance.domain.session_state import is_cancelled
from attendance.models import AttendanceRecord, MakeUp, MakeUpQuerySet, Session
from courses.models import Enrolment

#: Asked of sessions, so that where nothing was missed nothing is read.
IS_MADE_UP: Final = Exists(MakeUp.objects.agreed().filter(missed_session=OuterRef("pk")))


@dataclass(frozen=True)
class MakeUpCredit:
    """Minutes that a make-up gives once its session is over, and that it may give at best."""

    make_up: MakeUp
    minutes: int
    reachable: int

    @property
    def counts(self) -> bool:
        """Whether the minutes count: the session was held, and neither it nor its class cancelled
        since.
        """
        session = self.make_up.session
        return session.counted_at is not None and not is_cancelled(session)

    @property
    def is_to_come(self) -> bool:
        """Whether its session is still to end, whatever was noted: kept rows say it until then."""
        session = self.make_up.session
        return session.counted_at is None and not is_cancelled(session)


def credited_minutes(*, length: int, attended: int, waived: int, made_up: int) -> int:
    """Return how many minutes of a missed session of this `length` are discharged.

    Pure. At most what was missed: with what was attended never more than the whole session. What
    is waived is not asked for, so nothing of it is made up.
    """
    return 0 if waived else max(min(made_up, length - attended), 0)


def credits_of(
    make_ups: QuerySet[MakeUp], *, rules: Mapping[int, AttendanceRules]
) -> list[MakeUpCredit]:
    """Return what these make-ups give by the `rules` of the own classes, by id of the class.

    Minutes are derived from the marks. One query where there are no make-ups, else two. A session
    that was cancelled, or has not ended yet, gives nothing.
    """
    related = make_ups.select_related("enrolment", "missed_session", "session__run__unit")
    loaded = list(related)
    records = _records_of(loaded, rules) if loaded else {}
    return [_credit(make_up, records) for make_up in loaded]


def make_ups_for(enrolments: QuerySet[Enrolment], sessions: Sequence[Session]) -> MakeUpQuerySet:
    """Return what these people agreed to make up for of these missed sessions."""
    return MakeUp.objects.agreed().filter(
        enrolment__in=enrolments.values("pk"), missed_session__in=[one.pk for one in sessions]
    )


def sum_by_person(found: Sequence[MakeUpCredit], *, as_completed: bool = False) -> dict[int, int]:
    """Return the minutes that count now, or counted when each completed, by enrolment id."""
    minutes: dict[int, int] = defaultdict(int)
    for one in found:
        if counted_when_completed(one.make_up) if as_completed else one.counts:
            minutes[one.make_up.enrolment_id] += one.minutes
    return dict(minutes)


def counted_when_completed(make_up: MakeUp) -> bool:
    moment = make_up.enrolment.completed_at
    sessions = (make_up.missed_session, make_up.session)
    called_off = make_up.session.run.cancelled_at
    if called_off and moment and called_off <= moment:
        return False
    return all(counted_by(session, moment) for session in sessions)


def counted_by(session: Session, moment: datetime | None) -> bool:
    """Return whether the hours of the session counted at that moment."""
    if not moment or not session.counted_at or session.counted_at > moment:
        return False
    return session.cancelled_at is None or session.cancelled_at > moment


_Records = dict[tuple[int, int], AttendanceRecord]


def _records_of(make_ups: Sequence[MakeUp], rules: Mapping[int, AttendanceRules]) -> _Records:
    of_person = {make_up.enrolment_id: rules[make_up.enrolment.run_id] for make_up in make_ups}
    by_id = {
        one.pk: one for make_up in make_ups for one in (make_up.session, make_up.missed_session)
    }
    rows = AttendanceRecord.objects.filter(session__in=by_id, enrolment__in=of_person)
    return {
        (row.session_id, row.enrolment_id): derive_record(
            mark=row.mark,
            session_minutes=by_id[row.session_id].minutes,
            rules=of_person[row.enrolment_id],
        )
        for row in rows.select_related("mark")
    }


def _credit(make_up: MakeUp, records: _Records) -> MakeUpCredit:
    session, missed = make_up.session, make_up.missed_session
    had = records.get((missed.pk, make_up.enrolment_id))
    got = records.get((session.pk, make_up.enrolment_id))

    def give(made_up: int) -> int:
        return credited_minutes(
            length=missed.minutes,
            attended=had.minutes if had else 0,
            waived=had.minutes_waived if had else 0,
            made_up=made_up,
        )

    made_up = give(got.minutes) if got else 0
    # Who is not noted yet may still have been there in full.
    at_best = made_up if got else give(session.minutes)
    return MakeUpCredit(make_up, made_up, 0 if is_cancelled(session) else at_best)
