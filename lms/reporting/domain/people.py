"""The names behind a figure."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple

from django.db.models import (
    Count,
    F,
    Q,
    QuerySet,
    Value,
)
from django.utils.functional import cached_property

from courses.models import Enrolment, Programme
from lms.accounts.models import Posting, User
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.current_place import people_at_current_unit, people_moved_away
from lms.reporting.domain.judging_people import rows_of_names
from lms.reporting.domain.narrowing import EVERYBODY, DayRange, Narrowing
from lms.reporting.domain.parts import asked_of, completed_within, moved_part
from lms.reporting.domain.person_lines import (
    STAND,
    PersonLine,
    enrolled_lines,
    lines_at_current_unit,
    posted_lines,
)
from lms.reporting.domain.placing import Became, became_of_used, place_of, read_area
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


class Found(NamedTuple):
    """Two queries of the same people: in a class, and in none yet.

    `enrolled` tells `state`, and `place`, `held`, `is_held` where people are counted as they stand today.
    `away`: whom the figure counts too, and who is not named.
    """

    enrolled: QuerySet[Any]
    posted: QuerySet[Posting]
    away: QuerySet[Any] | None = None


@dataclass(frozen=True)
class People:
    """Those behind a figure: `find` puts the queries of them together, once they are asked for.

    `at_current_place`: people are counted as they stand today. `are_few`: those of a commune or an office, found
    once for all that is asked of them, by `judge` where it is given.
    """

    find: Callable[[], Found]
    at_current_place: bool
    are_few: bool = False
    judge: Callable[[], list[Any]] | None = None

    @cached_property
    def _found(self) -> Found:
        return self.find()

    @cached_property
    def _few(self) -> list[Any]:
        if self.judge is not None:
            return self.judge()
        return list(self._in_name_order(list(PersonState)))

    def count_states(self) -> Counter[PersonState]:
        """Return how many are in each state; one query, together with `count_away`."""
        if self.are_few:
            return Counter(PersonState(row[_STATE]) for row in self._few)
        return self._counted[False]

    def count_away(self) -> Counter[PersonState]:
        """Return how many in each state are counted and not named: they moved out of the reader's area."""
        if self.are_few or self._found.away is None:
            return Counter()
        return self._counted[True]

    @cached_property
    def _counted(self) -> dict[bool, Counter[PersonState]]:
        """How many are in each state, of those who are named and of those who are away."""
        no_class = Value(PersonState.NO_CLASS.value)
        parts = [
            (self._found.enrolled, False),
            (self._found.posted.annotate(state=no_class), False),
        ]
        parts += [] if self._found.away is None else [(self._found.away, True)]
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
        enrolled = self._found.enrolled.filter(state__in=states, cadre__in=cadres)
        posted = self._found.posted.filter(cadre__in=cadres)
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
        if not rows:
            # Of most places and states there is nobody: not to put three queries together for it.
            return []
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
        return sorted(lines, key=_in_order)

    def _in_name_order(self, states: Collection[PersonState]) -> QuerySet[Any, Any]:
        posted = self._found.posted if PersonState.NO_CLASS in states else self._found.posted.none()
        enrolled = self._found.enrolled
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
        # Behind a figure somebody may stand several times: cut into pages, each line is on one of them.
        return parts[0].union(parts[1], all=True).order_by("name", "code", "pk")


def _in_order(line: PersonLine) -> tuple[str, str, int]:
    return line.user.sort_key, line.user.staff_code, line.enrolment_id or 0


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
    of_whom |= {"on": on, "wanted": wanted}
    here = _units_asked(unit=unit, where=narrowing.where, edition=edition)
    judge = partial(rows_of_names, here or [], unit=unit, **of_whom)
    find = partial(_find, here, at_current_place=at_current_place, cadres=cadres, **of_whom)
    are_few = part is None and _are_few(unit, narrowing.where)
    # What these leave out is known to the database alone.
    by_statement = at_current_place or narrowing.figure or narrowing.leaves_out_people
    return People(
        partial(find, required=required if at_current_place else wanted),
        # Whoever moved out is shown where the enrolment is: where they work now is not told.
        at_current_place=at_current_place and part != Part.MOVED_OUT,
        are_few=are_few,
        judge=judge if are_few and not by_statement else None,
    )


def _find(
    here: list[int] | None,
    *,
    on: date,
    wanted: Requirements,
    required: Requirements,
    cadres: Collection[str] | None,
    at_current_place: bool,
    **of_whom: Any,
) -> Found:
    """Return those whom `find_people` tells of. `wanted`: of the cadres that are asked for, who are in no class yet
    or counted where they were enrolled; `required`: of all whose states are judged.
    """
    narrowing, programme, reader = (of_whom[one] for one in ("narrowing", "programme", "reader"))
    part = narrowing.part
    posted = posted_people(cadres=wanted, on=on, **of_whom)
    enrolled = _marked(required, on, here, **of_whom)
    placed, away = enrolled.annotate(place=F("unit")), None
    stamped = placed.filter(cadre__in=wanted)
    if at_current_place:
        placed, away = _by_current_unit(enrolled, here, on=on, reader=reader, cadres=cadres)
    if here is not None:
        stamped, placed = stamped.filter(unit__in=here), placed.filter(place__in=here)
        posted = posted.filter(unit__in=here)
    if part is None:
        return Found(placed, posted.none() if narrowing.figure else posted, away)
    if part == Part.WITHIN:
        period = narrowing.within or DayRange()
        placed = completed_within(placed, programme=programme, requirements=required, period=period)
    else:
        placed = moved_part(part, here_now=placed, enrolled_here=stamped)
    return Found(placed, posted.none())


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
        return read_area(unit=unit, used=used_units(besides=edition.pk))
    own = _own_units(unit, where, edition)
    became = became_of_used(edition=edition)
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
