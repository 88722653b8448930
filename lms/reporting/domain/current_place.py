"""Where those in a class stand today, and who moved since the enrolment.

The people are the same as those counted where they were enrolled, and so are those who completed:
what a programme asks is decided by the stamped cadre. Only the place (and the cadre that a filter
looks at) is that of today. Whoever holds no post stands where the last one was held.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    Exists,
    Expression,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from courses.models import Enrolment, Programme
from lms.accounts.models import Posting, User
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.counting import (
    ANYWHERE,
    Figures,
    add_columns,
    add_days,
    add_unreached,
    all_enrolments,
)
from lms.reporting.domain.narrowing import EVERYBODY, Narrowing
from lms.reporting.domain.queries import (
    area_of,
    completed_q,
    enrolled_people,
    people_of,
    posted_people,
    required_courses,
)
from lms.reporting.domain.states import annotate_states, with_first_days
from lms.reporting.domain.tally_reading import count_figures
from lms.reporting.enums import CountedAt, PersonState
from lms.reporting.extensions import Place

# In the place of the id of a unit: beyond what the reader oversees; counted nowhere in the table.
AWAY, NOWHERE = -1, -2


class Move(NamedTuple):
    """So many people of one place, at the enrolment, stand in another today."""

    source: int
    target: int
    people: int


@dataclass(frozen=True)
class Counted:
    """Figures by the id of a unit (or AWAY), and who moved between them."""

    figures: dict[int, Figures]
    moves: list[Move] = field(default_factory=list)

    @property
    def units(self) -> set[int]:
        """Every unit that is named, AWAY and NOWHERE left out."""
        ends = {end for move in self.moves for end in (move.source, move.target)}
        return (self.figures.keys() | ends) - {AWAY, NOWHERE}


def count_people(
    *,
    programme: Programme,
    on: date,
    reader: User,
    cadres: Collection[str] | None,
    counted_at: CountedAt,
    narrowing: Narrowing = EVERYBODY,
    parent: AdministrativeUnit | None = None,
) -> Counted:
    """Count the figures of a programme, each person where `counted_at` says; those enrolled beyond
    `parent` need not be told.
    """
    asked: dict[str, Any] = {"programme": programme, "on": on, "reader": reader, "cadres": cadres}
    asked["narrowing"] = narrowing
    if counted_at == CountedAt.NOW:
        return _count_where_people_stand(**asked, area=area_of(parent))
    return Counted(figures=count_figures(**asked, parent=parent))


def current_unit(*, on: date) -> Place:
    """Return the unit in which the person of an enrolment stands today."""
    return Coalesce(*_standing(F("unit_id"), on=on), F("unit"), output_field=BigIntegerField())


def _standing(told: Expression | F, *, on: date) -> list[Subquery]:
    """Return what the posts of the person of an enrolment tell,
    the one where the person stands first.

    The post stamped on the enrolment as long as it is held, else one in the same place, else one
    of the same cadre, else the first that is open; without any, the one that was left last.
    A subquery each: SQLite sorts no subquery by what stands around it.
    """
    posts: Any = Posting.objects.filter(user=OuterRef("user")).annotate(told=told)
    held = posts.on(on).order_by("valid_from", "pk")
    same_unit, same_cadre = Q(unit=OuterRef("unit")), Q(cadre=OuterRef("cadre"))
    in_order = (
        held.filter(same_unit & same_cadre),
        held.filter(same_unit),
        held.filter(same_cadre),
        held,
        posts.filter(valid_to__lt=on).order_by("-valid_to", "-valid_from", "-pk"),
    )
    return [Subquery(found.values("told")[:1]) for found in in_order]


def people_at_current_unit(
    *, enrolments: QuerySet[Enrolment], on: date, reader: User, cadres: Collection[str] | None
) -> QuerySet[Any]:
    """Return those of `enrolled_people` who stand in the reader's area and, if asked,
    in a cadre today.

    `place`, `held`: the unit and the cadre; `is_held`: whether there is a post at all.
    """
    current = _held_today(enrolments, on=on, cadres=cadres)
    return current if reader.scope.oversees_province else current.filter(_stands_in_area(reader))


def people_moved_away(
    *, enrolments: QuerySet[Enrolment], on: date, reader: User, cadres: Collection[str] | None
) -> QuerySet[Any]:
    """Return the others: those of `enrolled_people` who stand beyond the reader's area today."""
    current = _held_today(enrolments, on=on, cadres=cadres)
    if reader.scope.oversees_province:
        return current.none()
    return current.filter(~_stands_in_area(reader))


def _stands_in_area(reader: User) -> Q:
    return Q(place__in=AdministrativeUnit.objects.visible_to(reader).order_by().values("pk"))


def _held_today(
    enrolments: QuerySet[Enrolment], *, on: date, cadres: Collection[str] | None
) -> QuerySet[Any]:
    current = _with_current_post(enrolments, on=on)
    return current if cadres is None else current.filter(held__in=cadres)


def _with_current_post(enrolments: QuerySet[Enrolment], *, on: date) -> QuerySet[Any]:
    return enrolments.annotate(
        place=current_unit(on=on),
        held=held_cadre(on=on),
        is_held=Exists(Posting.objects.on(on).filter(user=OuterRef("user"))),
    )


def held_cadre(*, on: date) -> Coalesce:
    """Return the cadre that the person of an enrolment holds there today."""
    return Coalesce(*_standing(F("cadre"), on=on), F("cadre"), output_field=CharField())


class _Group(NamedTuple):
    """Those who were enrolled from one post and stand in one today; a row of the query."""

    unit: int
    cadre: str
    place: int
    held: str
    is_held: bool
    state: str
    sex: str
    people: int
    starts_on: date | None

    def add_to(self, figures: Figures) -> None:
        figures.add_people(PersonState(self.state), self.people, self.sex, self.starts_on)
        figures.left += 0 if self.is_held else self.people


def _count_where_people_stand(
    *,
    programme: Programme,
    on: date,
    reader: User,
    cadres: Collection[str] | None,
    narrowing: Narrowing,
    area: Q,
) -> Counted:
    required = required_courses(programme=programme, narrowing=narrowing)
    of_whom: dict[str, Any] = {"programme": programme, "reader": reader, "narrowing": narrowing}
    among = None if area == ANYWHERE else people_of(area)
    concerned = Q() if among is None else Q(user__in=among)
    enrolled = enrolled_people(cadres=required, **of_whom).filter(concerned)
    marks: dict[str, Any] = {"programme": programme, "requirements": required, "on": on}
    marks["narrowing"] = narrowing
    done = completed_q(programme=programme, requirements=required)
    enrolments = all_enrolments(cadres=required, **of_whom).filter(concerned)
    extra: dict[int, Figures] = {}
    completed, place = _holding(enrolled.filter(done), cadres, on), current_unit(on=on)
    told = _holding(enrolments, cadres, on)
    add_columns(figures=extra, enrolments=told, people=completed, place=place)
    add_days(figures=extra, people=completed, place=place, **marks)
    marked = annotate_states(_with_current_post(enrolled, on=on), **marks)
    groups = _groups(with_first_days(marked, programme=programme, on=on, narrowing=narrowing))
    seen = _overseen({group.place for group in groups} | extra.keys(), reader)
    counted = Counted(figures={})
    for group in groups:
        _count_group(counted, group, cadres, seen)
    for unit, figures in extra.items():
        counted.figures.setdefault(unit if unit in seen else AWAY, Figures()).add(figures)
    wanted = required if cadres is None else required.keys() & set(cadres)
    posted = posted_people(cadres=wanted, on=on, **of_whom)
    add_unreached(figures=counted.figures, posted=posted.filter(area))
    return counted


def _holding(
    enrolments: QuerySet[Enrolment], cadres: Collection[str] | None, on: date
) -> QuerySet[Enrolment]:
    if cadres is None:
        return enrolments
    return enrolments.annotate(held=held_cadre(on=on)).filter(held__in=cadres)


def _groups(marked: QuerySet[Any]) -> list[_Group]:
    told = ("unit", "cadre", "place", "held", "is_held", "state", "user__sex")
    grouped = marked.values_list(*told).annotate(people=Count("pk"), first_day=Min("begins"))
    return [_Group(*row) for row in grouped.order_by()]


def _count_group(
    counted: Counted, group: _Group, cadres: Collection[str] | None, seen: Collection[int]
) -> None:
    source = target = NOWHERE
    if cadres is None or group.cadre in cadres:
        source = group.unit
    if cadres is None or group.held in cadres:
        target = group.place if group.place in seen else AWAY
        group.add_to(counted.figures.setdefault(target, Figures()))
    if source != target:
        counted.moves.append(Move(source, target, group.people))


def _overseen(units: Collection[int], reader: User) -> set[int]:
    """Return the units overseen: whoever watches over a province does so on every map."""
    if reader.scope.oversees_province:
        return set(units)
    overseen = AdministrativeUnit.objects.visible_to(reader).filter(pk__in=units)
    return set(overseen.order_by().values_list("pk", flat=True))
