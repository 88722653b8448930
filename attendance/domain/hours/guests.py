"""Guests of a session: people of other classes who make up for one that they missed there."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from attendance.domain.hours.rules import HOURS_KEY, AttendanceRules, rules_of_runs
from attendance.models import MakeUp, MakeUpQuerySet, Session
from courses.domain import completion
from courses.enums import COUNTED_STATUSES
from courses.models import CourseRun, Enrolment
from courses.models.delivery import EnrolmentQuerySet
from lms.accounts.models import User
from lms.core.refusal import Refusal


def find_guests(sessions: Iterable[Session]) -> dict[int, int]:
    """Return who is a guest of these sessions: the own class by enrolment id; one query."""
    guests = MakeUp.objects.agreed().filter(session__in=[session.pk for session in sessions])
    return dict(guests.order_by().values_list("enrolment_id", "enrolment__run_id"))


def require_no_make_ups(session: Session) -> None:
    """Raise Refusal `session_made_up` where somebody makes up, or was to, for it or in it."""
    if MakeUp.objects.filter(Q(session=session) | Q(missed_session=session)).exists():
        raise Refusal(
            "session_made_up",
            _("A make-up was agreed for this session: it can be cancelled, not removed or split."),
        )


def expected_guests(sessions: Collection[int]) -> QuerySet[MakeUp, tuple[Any, ...]]:
    """Return enrolment, user, session and its begin of who makes up in these sessions."""
    agreed = _counted_guests().filter(session__in=sessions)
    return agreed.order_by().values_list(
        "enrolment_id", "enrolment__user_id", "session_id", "session__starts_at"
    )


def guest_pairs(sessions: Collection[int]) -> set[tuple[int, int]]:
    """Return enrolment and session of the guests of these sessions."""
    agreed = _counted_guests().filter(session__in=sessions)
    return set(agreed.order_by().values_list("enrolment_id", "session_id"))


def guests_since(sessions: Collection[int]) -> dict[int, list[tuple[int, datetime]]]:
    """Return the users who make up in these sessions and since when that is agreed, by session."""
    found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    agreed = _counted_guests().filter(session__in=sessions)
    for session_id, user_id, since in agreed.order_by().values_list(
        "session_id", "enrolment__user_id", "agreed_at"
    ):
        found[session_id].append((user_id, since))
    return found


def _counted_guests() -> MakeUpQuerySet:
    return MakeUp.objects.agreed().filter(enrolment__status__in=COUNTED_STATUSES)


def guest_rules(guests: Mapping[int, int]) -> dict[int, AttendanceRules]:
    """Return the rules of the own class of each guest, by enrolment id."""
    if not guests:
        return {}
    rules = rules_of_runs(run_ids=set(guests.values()))
    return {pk: rules[run_id] for pk, run_id in guests.items()}


def on_roll(enrolments: EnrolmentQuerySet, *, session: Session) -> EnrolmentQuerySet:
    """Return those of these people who stand on the roll: of the class, and guests."""
    guests = MakeUp.objects.agreed().filter(session=session).order_by().values("enrolment")
    of_class = Enrolment.objects.filter(run=session.run_id).order_by().values("pk")
    # As a union, which goes by indexes; an "or" would read every enrolment there is.
    return enrolments.filter(pk__in=of_class.union(guests, all=True))


def roll_for(reader: User, *, session: Session) -> EnrolmentQuerySet:
    """Return the people of the roll whom this reader may note.

    Whoever teaches the class sees its guests; others those from the own area, as everywhere.
    """
    seen = Enrolment.objects.visible_to(reader)
    if not reader.scope.everywhere:
        taught = CourseRun.objects.filter(trainers=reader).manageable_by(reader)
        guests = MakeUp.objects.agreed().filter(session=session, session__run__in=taught)
        seen |= Enrolment.objects.filter(pk__in=guests.values("enrolment"))
    return on_roll(seen, session=session)


def guests_last(enrolments: EnrolmentQuerySet, *, session: Session) -> EnrolmentQuerySet:
    """Return the same in name order, people of other classes below those of the class."""
    is_guest = Case(
        When(run=session.run_id, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return enrolments.order_by(is_guest, "user__sort_key", "user__staff_code")


def evaluate_with_guests(
    *,
    run: CourseRun,
    guests: Mapping[int, int],
    at: datetime,
    enrolment_ids: Collection[int] | None = None,
) -> None:
    """Decide completion of people of a class, by default all, and of guests, each in the own class.

    Class by class in one order: two rolls that have guests of each other never wait in a ring.
    """
    by_run: dict[int, list[int]] = defaultdict(list)
    for pk, run_id in guests.items():
        by_run[run_id].append(pk)
    others = CourseRun.objects.select_related("course").in_bulk(by_run) if by_run else {}
    for run_id in sorted({run.pk, *others}):
        if run_id != run.pk:
            _judge_hours(others[run_id], by_run[run_id], at)
        elif enrolment_ids is None:
            completion.evaluate_class(run=run, at=at, changed=(HOURS_KEY,))
        elif enrolment_ids:
            _judge_hours(run, enrolment_ids, at)


def _judge_hours(run: CourseRun, enrolment_ids: Collection[int], at: datetime) -> None:
    completion.evaluate_many(run=run, enrolment_ids=enrolment_ids, at=at, changed=(HOURS_KEY,))
