"""The names behind a figure."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any, Final

from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    Count,
    F,
    Q,
    QuerySet,
    Value,
)
from django.utils.functional import cached_property

from courses.models import CourseRun, Enrolment, Programme
from lms.accounts.enums import Cadre
from lms.accounts.models import Posting, User
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.current_place import people_at_current_unit, people_moved_away
from lms.reporting.domain.narrowing import EVERYBODY, DayRange, Narrowing
from lms.reporting.domain.parts import asked_of, completed_within, moved_part
from lms.reporting.domain.placing import Became, became_of, place_of, read_area
from lms.reporting.domain.plug_in_figures import behind_figure, read_figure
from lms.reporting.domain.queries import (
    Requirements,
    enrolled_people,
    people_of,
    posted_people,
    required_courses,
    used_units,
)
from lms.reporting.domain.states import annotate_states
from lms.reporting.enums import BEYOND_OF, CountedAt, NamesOf, Part, PersonState

#: Lines of a file that are made together.
AT_ONCE: Final = 1000
#: Where the state stands in a row of the names.
_STATE: Final = 4
#: What `people_at_current_unit` tells of a person's post.
STAND: Final[Mapping[str, Any]] = {
    "place": BigIntegerField(),
    "held": CharField(),
    "is_held": BooleanField(),
}


@dataclass(frozen=True)
class PersonLine:
    """One counted person: where, in which class, how far. `run` None: no class yet.

    `cadre_key` decides what the programme asks. Where people are counted as they stand today:
    `held_key` the cadre held there, `enrolled_from` the unit of the enrolment where it is another,
    `has_left` whether no post is held any more.
    """

    user: User
    cadre_key: str
    unit: AdministrativeUnit
    state: PersonState
    run: CourseRun | None
    enrolment_id: int | None
    held_key: str = ""
    enrolled_from: AdministrativeUnit | None = None
    has_left: bool = False

    @property
    def cadre(self) -> str:
        """In the words of the reader."""
        return str(Cadre(self.held_key or self.cadre_key).label)


@dataclass(frozen=True)
class People:
    """Those behind a figure, as two queries of the same people: in a class, and in none yet.

    `enrolled` tells `state`, and `place`, `held`, `is_held` where people are counted as they
    stand today (`at_current_place`). `are_few`: those of a commune or an office, found once for all that
    is asked of them. `away`: whom the figure counts too, and who is not named.
    """

    enrolled: QuerySet[Any]
    posted: QuerySet[Posting]
    at_current_place: bool
    are_few: bool = False
    away: QuerySet[Any] | None = None

    @cached_property
    def _few(self) -> list[Any]:
        return list(self._in_name_order(list(PersonState)))

    def count_states(self) -> Counter[PersonState]:
        """Return how many are in each state; one query, together with `count_away`."""
        if self.are_few:
            return Counter(PersonState(row[_STATE]) for row in self._few)
        return self._counted[False]

    def count_away(self) -> Counter[PersonState]:
        """Return how many in each state are counted and not named: they moved out of the reader's area."""
        return Counter() if self.away is None else self._counted[True]

    @cached_property
    def _counted(self) -> dict[bool, Counter[PersonState]]:
        """How many are in each state, of those who are named and of those who are away."""
        no_class = Value(PersonState.NO_CLASS.value)
        parts = [(self.enrolled, False), (self.posted.annotate(state=no_class), False)]
        parts += [] if self.away is None else [(self.away, True)]
        first, *more = [
            people.order_by()
            .annotate(is_away=Value(is_away))
            .values("state", "is_away")
            .annotate(people=Count("pk"))
            .values_list("state", "is_away", "people")
            for people, is_away in parts
        ]
        counted: dict[bool, Counter[PersonState]] = {False: Counter(), True: Counter()}
        for state, is_away, people in first.union(*more, all=True):
            counted[bool(is_away)][PersonState(state)] += people
        return counted

    def users(self, *, states: Collection[PersonState], cadres: Collection[str]) -> QuerySet[User]:
        """Return those in these states of whom the programme asks what it asks of these cadres."""
        enrolled = self.enrolled.filter(state__in=states, cadre__in=cadres)
        posted = self.posted.filter(cadre__in=cadres)
        if PersonState.NO_CLASS not in states:
            posted = posted.none()
        return User.objects.filter(
            Q(pk__in=enrolled.order_by().values("user"))
            | Q(pk__in=posted.order_by().values("user"))
        )

    def lines(
        self, *, states: Collection[PersonState], first: int = 0, last: int | None = None
    ) -> list[PersonLine]:
        """Return those in these states in name order, from `first` to before `last`; a constant
        number of queries.
        """
        if self.are_few:
            chosen = [row for row in self._few if row[_STATE] in states]
            return self._lines_of(chosen[first:last])
        return self._lines_of(self._in_name_order(states)[first:last])

    def portions(self, *, states: Collection[PersonState]) -> Iterator[list[PersonLine]]:
        """Yield all of `lines`, some at a time: half a million are never in memory at once."""
        rows = self._in_name_order(states).iterator(chunk_size=AT_ONCE)
        while portion := list(islice(rows, AT_ONCE)):
            yield self._lines_of(portion)

    def _lines_of(self, rows: Iterable[Any]) -> list[PersonLine]:
        """Return the lines of rows of `_in_name_order`; their states are not judged again."""
        rows = list(rows)
        chosen: dict[int, dict[int, str]] = {0: {}, 1: {}}
        stands: dict[int, list[Any]] = {}
        for _name, _code, is_enrolled, pk, state, *stand in rows:
            chosen[is_enrolled][pk] = state
            if is_enrolled:
                stands[pk] = stand
        lines = enrolled_lines(Enrolment.objects.filter(pk__in=chosen[1]), chosen[1])
        if self.at_current_place:
            lines = lines_at_current_unit(lines, stands)
        # Who belongs here was judged with the rows: only what is shown is read now.
        lines += posted_lines(Posting.objects.filter(pk__in=chosen[0]).order_by())
        return sorted(lines, key=lambda line: (line.user.sort_key, line.user.staff_code))

    def _in_name_order(self, states: Collection[PersonState]) -> QuerySet[Any, Any]:
        posted = self.posted if PersonState.NO_CLASS in states else self.posted.none()
        enrolled = self.enrolled
        if set(states) != set(PersonState):
            enrolled = enrolled.filter(state__in=states)
        told = (Value(PersonState.NO_CLASS.value), F("state"))
        stand = STAND if self.at_current_place else {}
        parts = [
            rows.annotate(
                name=F("user__sort_key"),
                code=F("user__staff_code"),
                is_enrolled=Value(at),
                told=told[at],
                **({} if at else {name: Value(None, field) for name, field in stand.items()}),
            )
            .order_by()
            .values_list("name", "code", "is_enrolled", "pk", "told", *stand)
            for at, rows in enumerate((posted, enrolled))
        ]
        return parts[0].union(parts[1], all=True).order_by("name", "code")


def find_people(
    *,
    programme: Programme,
    edition: BoundaryEdition,
    on: date,
    reader: User,
    unit: AdministrativeUnit | None = None,
    cadres: Collection[str] | None = None,
    counted_at: CountedAt = CountedAt.ENROLMENT,
    narrowing: Narrowing = EVERYBODY,
) -> People:
    """Return those whom the table counts in a unit and below it (None: all that the reader oversees).

    Who moved or left is told only where people are counted as they stand today.
    """
    part, at_current_place = narrowing.part, counted_at == CountedAt.NOW
    of_whom: dict[str, Any] = {"programme": programme, "reader": reader, "narrowing": narrowing}
    required = required_courses(programme=programme, narrowing=narrowing)
    wanted = asked_of(required, cadres)
    here = _units_asked(unit=unit, where=narrowing.where, edition=edition)
    posted = posted_people(cadres=wanted, on=on, **of_whom)
    required = required if at_current_place else wanted
    enrolled = _marked(required, on, here, **of_whom)
    placed, away = enrolled.annotate(place=F("unit")), None
    stamped = placed.filter(cadre__in=wanted)
    if at_current_place:
        placed, away = _by_current_unit(enrolled, here, on=on, reader=reader, cadres=cadres)
    if here is not None:
        stamped, placed = stamped.filter(unit__in=here), placed.filter(place__in=here)
        posted = posted.filter(unit__in=here)
    if part is None:
        posted = posted.none() if narrowing.figure else posted
        return People(placed, posted, at_current_place, _are_few(unit, narrowing.where), away)
    if part == Part.WITHIN:
        period = narrowing.within or DayRange()
        placed = completed_within(placed, programme=programme, requirements=required, period=period)
    else:
        placed = moved_part(part, here_now=placed, enrolled_here=stamped)
    # Whoever moved out is shown where the enrolment is: where they work now is not told.
    return People(placed, posted.none(), at_current_place and part != Part.MOVED_OUT)


def _by_current_unit(
    enrolled: QuerySet[Any], units: Collection[int] | None, **asked: Any
) -> tuple[QuerySet[Any], QuerySet[Any] | None]:
    """Return those who stand in the reader's area, and the others where all of the area is asked for."""
    placed = people_at_current_unit(enrolments=enrolled, **asked)
    return placed, people_moved_away(enrolments=enrolled, **asked) if units is None else None


def _are_few(unit: AdministrativeUnit | None, where: NamesOf) -> bool:
    return unit is not None and (unit.level == Level.COMMUNE or where == NamesOf.OFFICE)


def _units_asked(
    *, unit: AdministrativeUnit | None, where: NamesOf, edition: BoundaryEdition
) -> list[int] | None:
    """Return the units of all maps that the edition shows in the place asked for; None for all."""
    if unit is None and where == NamesOf.AREA:
        return None
    if unit is not None and _is_area(unit, where):
        return read_area(unit=unit, used=used_units(besides=edition))
    own = _own_units(unit, where, edition)
    became = became_of(units=used_units(besides=edition), edition=edition)
    return own + _placed_in(became, where, own)


def _is_area(unit: AdministrativeUnit, where: NamesOf) -> bool:
    """Return whether more than the unit itself is asked for."""
    return where == NamesOf.AREA and unit.level != Level.COMMUNE


def _own_units(
    unit: AdministrativeUnit | None, where: NamesOf, edition: BoundaryEdition
) -> list[int]:
    """Return those of the map itself: the others became one of them, or none."""
    if unit is None or where in BEYOND_OF:
        return []
    if not _is_area(unit, where):
        return [unit.pk]
    below = edition.units.filter(path__startswith=unit.path).order_by()
    return list(below.values_list("pk", flat=True))


def _marked(
    required: Requirements, on: date, units: Collection[int] | None, **of_whom: Any
) -> QuerySet[Any]:
    """Return those in a class, or behind the figure asked for, with their states; of few `units`, no more are judged than belong there."""
    figure = read_figure(of_whom["narrowing"].figure)
    enrolled = (
        behind_figure(figure=figure, requirements=required, **of_whom)
        if figure
        else enrolled_people(cadres=required, **of_whom)
    )
    among = None if units is None else people_of(Q(unit__in=units))
    if among is not None:
        enrolled = enrolled.filter(user__in=among)
    programme, narrowing = of_whom["programme"], of_whom["narrowing"]
    return annotate_states(
        enrolled,
        programme=programme,
        requirements=required,
        on=on,
        narrowing=narrowing,
        among=among,
    )


def counted_in(
    *, unit: AdministrativeUnit | None, where: NamesOf, edition: BoundaryEdition, became: Became
) -> list[int]:
    """Return those of the units that are placed, of any edition, whose people the edition shows there."""
    return _placed_in(became, where, _own_units(unit, where, edition))


def _placed_in(became: Became, where: NamesOf, own: Collection[int]) -> list[int]:
    """Return the units that became some of these, or none for the reason that is asked for."""
    targets = {place_of(BEYOND_OF[where])} if where in BEYOND_OF else set(own)
    return [source for source, target in became.items() if target in targets]


def enrolled_lines(
    enrolments: QuerySet[Any], states: Mapping[int, str] | None = None
) -> list[PersonLine]:
    """Return the lines of those in a class, with their `annotate_states`, or `states` by their ids;
    one query.
    """
    return [
        PersonLine(
            user=enrolment.user,
            cadre_key=enrolment.cadre,
            unit=enrolment.unit,
            state=PersonState(states[enrolment.pk] if states else enrolment.state),
            run=enrolment.run,
            enrolment_id=enrolment.pk,
        )
        for enrolment in enrolments.select_related("user", "unit", "run")
    ]


def lines_at_current_unit(
    lines: Iterable[PersonLine], stands: Mapping[int, Sequence[Any]]
) -> list[PersonLine]:
    """Return the lines with the post of today: `STAND` of `people_at_current_unit` by enrolment; one query.

    Whoever is not among them stands beyond the reader's area, and the line stays as it is.
    """
    units = AdministrativeUnit.objects.in_bulk({place for place, *_rest in stands.values()})
    return [
        _standing(line, units, *stands[line.enrolment_id])
        if line.enrolment_id is not None and line.enrolment_id in stands
        else line
        for line in lines
    ]


def _standing(
    line: PersonLine, units: Mapping[int, AdministrativeUnit], place: int, held: str, is_held: bool
) -> PersonLine:
    return replace(
        line,
        unit=units[place],
        held_key=held,
        enrolled_from=line.unit if place != line.unit.pk else None,
        has_left=not is_held,
    )


def posted_lines(postings: QuerySet[Posting]) -> list[PersonLine]:
    """Return the lines of those whom no class has reached; one query."""
    return [
        PersonLine(
            user=posting.user,
            cadre_key=posting.cadre,
            unit=posting.unit,
            state=PersonState.NO_CLASS,
            run=None,
            enrolment_id=None,
        )
        for posting in postings.select_related("user", "unit")
    ]
