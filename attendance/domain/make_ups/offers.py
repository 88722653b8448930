"""What people missed in their own classes, and the sessions to come in which it can be made up."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef

from attendance.domain.hours.make_up_credit import MakeUpCredit, credits_of
from attendance.domain.hours.rules import rules_of_runs
from attendance.domain.make_ups.booking import fits, last_moment
from attendance.models import AttendanceRecord, MakeUp, Session, SessionSignOff
from courses.enums import RunStatus
from courses.models import Enrolment

#: So many are offered; whoever can come to none of them calls.
OFFERS: Final = 5


@dataclass(frozen=True)
class MissedSession:
    """A session of the own class of which `missing` minutes were missed for good; with the make-up
    that was agreed, if any, and sessions that would mend it, the soonest first.
    """

    session: Session
    missing: int
    credit: MakeUpCredit | None
    offers: Sequence[Session]


def missed_sessions(
    *, enrolments: Collection[Enrolment], at: datetime
) -> dict[int, list[MissedSession]]:
    """Return what each of these people missed, by enrolment id, in the order of time.

    Of sessions that count, in classes that let them be made up for; the same number of queries
    whatever the number of people. Enrolments come with `run`.
    """
    rules = rules_of_runs(run_ids={one.run_id for one in enrolments})
    asked = [one for one in enrolments if rules[one.run_id].make_up_days]
    if not asked:
        return {}
    lacking = _lacking(asked)
    agreed = MakeUp.objects.agreed().filter(enrolment__in=[one.pk for one in asked])
    made_up = {
        (one.make_up.enrolment_id, one.make_up.missed_session_id): one
        for one in credits_of(agreed, rules=rules)
    }
    days = {session.pk: rules[session.run_id].make_up_days for session, _pk, _left in lacking}
    offers = _offers({session for session, _pk, _left in lacking}, days, at)
    taken = _taken(asked)
    users = {one.pk: one.user_id for one in asked}
    found: dict[int, list[MissedSession]] = defaultdict(list)
    for session, pk, left in lacking:
        free = [
            one
            for one in offers[session.pk]
            if one.run_id not in taken[users[pk]][0] and one.pk not in taken[users[pk]][1]
        ]
        credit = made_up.get((pk, session.pk))
        found[pk].append(MissedSession(session, left, credit, free[:OFFERS]))
    return dict(found)


def missed_of(*, enrolment: Enrolment, at: datetime) -> dict[int, MissedSession]:
    """Return what this person missed, by the id of the session."""
    found = missed_sessions(enrolments=[enrolment], at=at).get(enrolment.pk, [])
    return {one.session.pk: one for one in found}


def _lacking(enrolments: Collection[Enrolment]) -> list[tuple[Session, int, int]]:
    """Return sessions with whose hours of them are missed, and how many minutes.

    Known to be missed is what is noted so, and what was signed before somebody came to the class.
    """
    signature = SessionSignOff.objects.filter(session=OuterRef("pk"))
    by_run: dict[int, list[Any]] = defaultdict(list)
    sessions = Session.objects.taking_place().filter(
        run__in={one.run_id for one in enrolments}, is_required=True, module__isnull=False
    )
    for session in sessions.annotate(is_signed=Exists(signature)).order_by("starts_at", "pk"):
        by_run[session.run_id].append(session)
    records = AttendanceRecord.objects.filter(enrolment__in=[one.pk for one in enrolments])
    had = {
        (pk, session): minutes + waived
        for pk, session, minutes, waived in records.values_list(
            "enrolment_id", "session_id", "minutes", "minutes_waived"
        )
    }
    found = []
    for one in enrolments:
        for session in by_run[one.run_id]:
            noted = had.get((one.pk, session.pk), 0 if session.is_signed else session.minutes)
            if noted < session.minutes:
                found.append((session, one.pk, session.minutes - noted))
    return found


def _offers(
    missed: Collection[Session], days: dict[int, int], at: datetime
) -> dict[int, list[Session]]:
    """Return sessions to come that discharge each of these, by the id of the missed one."""
    if not missed:
        return {}
    until = max(last_moment(missed=one, days=days[one.pk]) for one in missed)
    coming = (
        Session.objects.taking_place()
        .filter(
            module__in={one.module_id for one in missed},
            starts_at__gt=at,
            starts_at__lte=until,
            run__status=RunStatus.OPEN,
            sign_off=None,
        )
        .select_related("run__unit")
        .order_by("starts_at", "pk")
    )
    sessions = list(coming)
    return {
        one.pk: [other for other in sessions if fits(missed=one, session=other, days=days[one.pk])]
        for one in missed
    }


def _taken(enrolments: Collection[Enrolment]) -> dict[int, tuple[set[int], set[int]]]:
    """Return classes that the people sit in and sessions that they are guests of, by user id."""
    users = {one.user_id for one in enrolments}
    taken: dict[int, tuple[set[int], set[int]]] = {pk: (set(), set()) for pk in users}
    sits = Enrolment.objects.counted().filter(user__in=users)
    for user_id, run_id in sits.values_list("user_id", "run_id"):
        taken[user_id][0].add(run_id)
    guests = MakeUp.objects.agreed().filter(enrolment__user__in=users)
    for user_id, session_id in guests.values_list("enrolment__user_id", "session_id"):
        taken[user_id][1].add(session_id)
    return taken
