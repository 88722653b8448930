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
    Case,
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
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from courses.models import Enrolment, Programme
from lms.accounts.models import Posting
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.counting import (
    Figures,
    add_columns,
    add_unreached,
    all_enrolments,
    count_by_unit,
)
from lms.reporting.domain.queries import (
    completed_q,
    enrolled_people,
    first_day_ahead,
    posted_people,
    required_courses,
)
from lms.reporting.enums import CountedAt
from lms.reporting.extensions import Place

# In the place of the id of a unit: beyond what the reader oversees; counted nowhere in the table.
AWAY, NOWHERE = -1, -2
_BETWEEN = ":"


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
    reader: Any,
    cadres: Collection[str] | None,
    counted_at: CountedAt,
) -> Counted:
    """The figures of a programme, each person where `counted_at` says."""
    asked = {"programme": programme, "on": on, "reader": reader, "cadres": cadres}
    if counted_at == CountedAt.NOW:
        return _count_where_people_stand(**asked)
    return Counted(figures=count_by_unit(**asked))


def current_unit(*, on: date) -> Place:
    """The unit in which the person of an enrolment stands today."""
    return Coalesce(*_standing(F("unit_id"), on=on), F("unit"), output_field=BigIntegerField())


def _standing(told: Expression | F, *, on: date) -> list[Subquery]:
    """What the posts of the person of an enrolment tell, the one where the person stands first.

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
    *, enrolments: QuerySet[Enrolment], on: date, reader: Any, cadres: Collection[str] | None
) -> QuerySet[Any]:
    """Those of `enrolled_people` who stand in the reader's area and, if asked, in a cadre today.

    `place`, `held`: the unit and the cadre; `is_held`: whether there is a post at all.
    """
    current = enrolments.annotate(
        place=current_unit(on=on),
        held=_held_cadre(on=on),
        is_held=Exists(Posting.objects.on(on).filter(user=OuterRef("user"))),
    )
    if not reader.scope.oversees_province:
        overseen = AdministrativeUnit.objects.visible_to(reader).order_by()
        current = current.filter(place__in=overseen.values("pk"))
    return current if cadres is None else current.filter(held__in=cadres)


def _held_cadre(*, on: date) -> Coalesce:
    return Coalesce(*_standing(F("cadre"), on=on), F("cadre"), output_field=CharField())


def _told(*, on: date) -> Coalesce:
    """Unit, cadre and whether the post is held, told at once."""
    is_open = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    told = Concat(
        Cast("unit_id", CharField()),
        Value(_BETWEEN),
        "cadre",
        Value(_BETWEEN),
        Case(When(is_open, then=Value("1")), default=Value("")),
        output_field=CharField(),
    )
    return Coalesce(*_standing(told, on=on), Value(""), output_field=CharField())


class _Group(NamedTuple):
    """Those who were enrolled from one post and stand in one today."""

    unit: int
    cadre: str
    stands_in: int
    held: str
    figures: Figures


def _count_where_people_stand(
    *, programme: Programme, on: date, reader: Any, cadres: Collection[str] | None
) -> Counted:
    required = required_courses(programme=programme)
    enrolled = enrolled_people(programme=programme, cadres=required, reader=reader)
    done = completed_q(programme=programme, requirements=required)
    enrolments = all_enrolments(programme=programme, cadres=required, reader=reader)
    extra: dict[int, Figures] = {}
    add_columns(
        figures=extra,
        enrolments=_holding(enrolments, cadres, on),
        people=_holding(enrolled.filter(done), cadres, on),
        place=current_unit(on=on),
    )
    groups = _groups(enrolled, done, programme, on)
    seen = _overseen({group.stands_in for group in groups} | extra.keys(), reader)
    counted = Counted(figures={})
    for group in groups:
        _count_group(counted, group, cadres, seen)
    for unit, figures in extra.items():
        counted.figures.setdefault(unit if unit in seen else AWAY, Figures()).add(figures)
    wanted = required if cadres is None else required.keys() & set(cadres)
    posted = posted_people(programme=programme, cadres=wanted, on=on, reader=reader)
    add_unreached(figures=counted.figures, posted=posted)
    return counted


def _holding(
    enrolments: QuerySet[Enrolment], cadres: Collection[str] | None, on: date
) -> QuerySet[Enrolment]:
    if cadres is None:
        return enrolments
    return enrolments.annotate(held=_held_cadre(on=on)).filter(held__in=cadres)


def _groups(enrolled: QuerySet[Enrolment], done: Q, programme: Programme, on: date) -> list[_Group]:
    ahead = ~done & Q(begins__isnull=False)
    marked = enrolled.annotate(
        begins=first_day_ahead(programme=programme, on=on), told=_told(on=on)
    )
    grouped = marked.values_list("unit", "cadre", "told").annotate(
        people=Count("pk"),
        finished=Count("pk", filter=done),
        waiting=Count("pk", filter=ahead),
        first_day=Min("begins", filter=ahead),
    )
    return [_group(*row) for row in grouped.order_by()]


def _group(
    unit: int,
    cadre: str,
    told: str,
    people: int,
    completed: int,
    waiting: int,
    starts_on: date | None,
) -> _Group:
    stands_in, held, is_held = told.split(_BETWEEN) if told else (unit, cadre, "")
    figures = Figures(
        people=people,
        enrolled=people,
        completed=completed,
        waiting=waiting,
        starts_on=starts_on,
        left=0 if is_held else people,
    )
    return _Group(unit, cadre, int(stands_in), held, figures)


def _count_group(
    counted: Counted, group: _Group, cadres: Collection[str] | None, seen: Collection[int]
) -> None:
    source = target = NOWHERE
    if cadres is None or group.cadre in cadres:
        source = group.unit
    if cadres is None or group.held in cadres:
        target = group.stands_in if group.stands_in in seen else AWAY
        counted.figures.setdefault(target, Figures()).add(group.figures)
    if source != target:
        counted.moves.append(Move(source, target, group.figures.people))


def _overseen(units: Collection[int], reader: Any) -> set[int]:
    """Whoever watches over a province does so on every map."""
    if reader.scope.oversees_province:
        return set(units)
    overseen = AdministrativeUnit.objects.visible_to(reader).filter(pk__in=units)
    return set(overseen.order_by().values_list("pk", flat=True))
