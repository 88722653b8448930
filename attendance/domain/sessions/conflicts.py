"""Who or what is wanted at two places at once: told, never refused."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.domain.session_trainers import trainers_of
from attendance.domain.wording import describe_names, describe_when_inside
from attendance.enums import ClashKind
from attendance.models import MakeUp, Session
from courses.models import CourseRun, Enrolment
from lms.accounts.models import User
from lms.core.text import fold

NAMES_TOLD: Final = 5


class Period(Protocol):
    """A session, or the plan of one."""

    @property
    def title(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def place(self) -> str: ...
    @property
    def room(self) -> str: ...
    @property
    def trainer_ids(self) -> frozenset[int]: ...


@dataclass(frozen=True)
class Clash:
    """A session of another class at the same time, with who or what both of them want.

    `names` are those that the reader may see, `count` is that of all.
    """

    kind: ClashKind
    period: Period
    other: Session
    names: list[str]
    count: int


def find_clashes(
    *,
    run: CourseRun,
    periods: Sequence[Period],
    reader: User,
    people: QuerySet[Any, Any] | None = None,
    trainer_ids: Collection[int] | None = None,
) -> list[Clash]:
    """Return what clashes with these periods of a class, in the order of time; seven queries.

    `people`, `trainer_ids`: ids of users, by default the trainees and trainers of the class; a class
    that is not saved yet has none. Classes that were cancelled want
    nothing. The same hall is the same words in classes that one unit holds; two rooms that are
    named differently are two.
    """
    others = _overlapping(run, periods)
    if not others:
        return []
    if trainer_ids is None:
        trainer_ids = run.trainers.values_list("pk", flat=True)
    trainers = set(trainer_ids)
    if people is None:
        people = run.enrolments.counted().values("user")
    sitting = _sitting_in(others, people)
    seen = _names_seen({pk for users in sitting.values() for pk in users}, reader)
    clashes: list[Clash] = []
    for period in sorted(periods, key=lambda one: one.starts_at):
        for other in others:
            if other.starts_at < period.ends_at and period.starts_at < other.ends_at:
                clashes += _between(run, period, other, trainers, sitting[other.pk], seen)
    return clashes


def sessions_at_once(*, session: Session, people: QuerySet[Any, Any]) -> dict[int, list[Session]]:
    """Return by user id in which sessions of other classes these people sit at the same time."""
    others = _overlapping(session.run, [session])
    sitting = _sitting_in(others, people) if others else {}
    found: dict[int, list[Session]] = defaultdict(list)
    for other in others:
        for user_id in sitting[other.pk]:
            found[user_id].append(other)
    return dict(found)


def describe_clash(clash: Clash) -> str:
    """Return a full sentence: which session, who or what, and where else."""
    now = timezone.now()
    other = clash.other
    values = {
        "session": clash.period.title,
        "class": other.run.title,
        "when": describe_when_inside(starts_at=other.starts_at, ends_at=other.ends_at, now=now),
        "names": _told(clash),
        "count": clash.count,
    }
    if clash.kind == ClashKind.TRAINER:
        text = _(
            "“%(session)s”: at the same hour %(names)s also teaches the class “%(class)s” (%(when)s)."
        )
    elif clash.kind == ClashKind.ROOM:
        text = _(
            "“%(session)s”: at the same hour the class “%(class)s” also meets at %(names)s (%(when)s)."
        )
    else:
        text = ngettext(
            "“%(session)s”: at the same hour %(count)d trainee also sits in the class “%(class)s” "
            "(%(when)s)%(names)s.",
            "“%(session)s”: at the same hour %(count)d trainees also sit in the class “%(class)s” "
            "(%(when)s)%(names)s.",
            clash.count,
        )
    return text % values


def _told(clash: Clash) -> str:
    names = describe_names(clash.names, count=clash.count, most=NAMES_TOLD)
    return f": {names}" if names and clash.kind == ClashKind.TRAINEES else names


def _overlapping(run: CourseRun, periods: Sequence[Period]) -> list[Session]:
    at_once = Q()
    for period in periods:
        at_once |= Q(starts_at__lt=period.ends_at, ends_at__gt=period.starts_at)
    if not at_once:
        return []
    others = Session.objects.taking_place().filter(at_once).exclude(run=run.pk)
    related = others.select_related("run").prefetch_related("trainers", "run__trainers")
    return list(related.order_by("starts_at", "pk"))


def _sitting_in(others: list[Session], people: QuerySet[Any, Any]) -> dict[int, set[int]]:
    """Return which of these people sit in which of these sessions, as trainees of the class or to
    make up there.
    """
    rows = Enrolment.objects.counted().filter(
        run__in={other.run_id for other in others}, user__in=people
    )
    of_class: dict[int, set[int]] = defaultdict(set)
    for run_id, user_id in rows.values_list("run", "user"):
        of_class[run_id].add(user_id)
    guests = MakeUp.objects.agreed().filter(session__in=others, enrolment__user__in=people)
    sitting = {other.pk: set(of_class[other.run_id]) for other in others}
    for session_id, user_id in guests.values_list("session", "enrolment__user"):
        sitting[session_id].add(user_id)
    return sitting


def _names_seen(user_ids: set[int], reader: User) -> dict[int, str]:
    """Return the names of those whom the reader may see, in the order of names."""
    if not user_ids:
        return {}
    visible = Enrolment.objects.visible_to(reader).filter(user__in=user_ids)
    return dict(visible.in_name_order().values_list("user", "user__full_name"))


def _between(
    run: CourseRun,
    period: Period,
    other: Session,
    trainers: set[int],
    sitting: set[int],
    seen: dict[int, str],
) -> list[Clash]:
    clashes = []
    teaching = (period.trainer_ids & trainers) or trainers
    both = [one.full_name for one in trainers_of(session=other) if one.pk in teaching]
    if both:
        clashes.append(Clash(ClashKind.TRAINER, period, other, both, len(both)))
    if run.unit_id == other.run.unit_id and _is_same_room(run, period, other):
        clashes.append(Clash(ClashKind.ROOM, period, other, [_where(run, period)], 1))
    if sitting:
        names = [name for pk, name in seen.items() if pk in sitting]
        clashes.append(Clash(ClashKind.TRAINEES, period, other, names, len(sitting)))
    return clashes


def _where(run: CourseRun, period: Period) -> str:
    return ", ".join(filter(None, (period.place or run.place, period.room)))


def _is_same_room(run: CourseRun, period: Period, other: Session) -> bool:
    place = fold(period.place or run.place)
    # Without a room, the whole house is wanted.
    rooms = {fold(room) for room in (period.room, other.room) if room}
    return bool(place) and place == fold(other.venue) and len(rooms) < 2  # noqa: PLR2004
