"""Whether a room has a seat for whoever is to come: told, never refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Count, Q, QuerySet
from django.utils.translation import ngettext

from attendance.models import MakeUp, Session
from courses.enums import COUNTED_STATUSES
from courses.models import CourseRun, Enrolment
from lms.accounts.models import User


class Seated(Protocol):
    """A session, or the plan of one."""

    @property
    def title(self) -> str: ...
    @property
    def seats(self) -> int | None: ...


@dataclass(frozen=True)
class Crowd:
    """A session to which more people come, guests among them, than its room has seats."""

    period: Seated
    people: int
    seats: int


def find_crowds(
    *,
    run: CourseRun,
    periods: Sequence[Seated],
    joining: QuerySet[User] | None = None,
    planned: Session | None = None,
) -> list[Crowd]:
    """Return which of these periods of a class have too few seats, in their order; two queries.

    `joining`: people who would be enrolled besides. `planned`: the session of which the one period
    is the new plan. No query, and nothing to tell, where nobody has said how many seats there are.
    """
    seated = [(period, period.seats) for period in periods if period.seats]
    if not seated:
        return []
    guests = _guests([_pk_of(period, planned) for period, _seats in seated])
    in_class = _class_size(run, joining)
    counted = [
        Crowd(period, in_class + guests.get(_pk_of(period, planned), 0), seats)
        for period, seats in seated
    ]
    return [crowd for crowd in counted if crowd.people > crowd.seats]


def describe_crowd(crowd: Crowd) -> str:
    """Return a full sentence: which session, how many people, how many seats."""
    text = ngettext(
        "“%(session)s”: %(people)d people come, and there is only %(seats)d seat.",
        "“%(session)s”: %(people)d people come, and there are only %(seats)d seats.",
        crowd.seats,
    )
    return text % {"session": crowd.period.title, "people": crowd.people, "seats": crowd.seats}


def _pk_of(period: Seated, planned: Session | None) -> int | None:
    session = planned or period
    return session.pk if isinstance(session, Session) else None


def _class_size(run: CourseRun, joining: QuerySet[User] | None) -> int:
    enrolled = Enrolment.objects.counted().filter(run=run.pk)
    here = Q(pk__in=enrolled.order_by().values("user"))
    if joining is not None:
        here |= Q(pk__in=joining.order_by().values("pk"))
    return User.objects.filter(here).count()


def _guests(session_ids: Sequence[int | None]) -> dict[Any, int]:
    agreed = MakeUp.objects.agreed().filter(
        session__in=[pk for pk in session_ids if pk], enrolment__status__in=COUNTED_STATUSES
    )
    return dict(agreed.order_by().values_list("session_id").annotate(Count("pk")))
