"""The names behind a figure of a past day."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from courses.models import CourseRun, Programme
from lms.accounts.models import User
from lms.core.change_journal import portions
from lms.core.one_moment import one_moment
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.counting_as_of import people_as_of
from lms.reporting.domain.judging_as_of import PersonThen
from lms.reporting.domain.people import AT_ONCE, counted_in
from lms.reporting.domain.person_lines import PersonLine
from lms.reporting.domain.placing import read_placed
from lms.reporting.domain.queries import area_of
from lms.reporting.enums import BEYOND_OF, CountedAt, NamesOf, PersonState

_BY_NAME = ("sort_key", "staff_code", "pk")


@dataclass(frozen=True)
class PeopleThen:
    """Those behind a figure of a past day; as `people.People`."""

    people: Sequence[PersonThen]
    at_current_place: bool
    #: The classes of the programme as they stood, by id.
    runs: Mapping[int, CourseRun]
    #: Units that are read already, by id.
    units: dict[int, AdministrativeUnit]
    away: Sequence[PersonThen] = ()

    def count_states(self) -> Counter[PersonState]:
        """Return how many were in each state."""
        return Counter(one.state for one in self.people)

    def count_away(self) -> Counter[PersonState]:
        """Return how many in each state are counted and not named."""
        return Counter(one.state for one in self.away)

    def lines(
        self, *, states: Collection[PersonState], first: int = 0, last: int | None = None
    ) -> list[PersonLine]:
        """Return those in these states in name order, from `first` to before `last`."""
        chosen = self._chosen(states)
        named = User.objects.filter(pk__among=[*chosen]).order_by(*_BY_NAME)[first:last]
        users = {user.pk: user for user in named}
        return self._lines_of([chosen[pk] for pk in users], users)

    def portions(self, *, states: Collection[PersonState]) -> Iterator[list[PersonLine]]:
        """Yield all of `lines`, some at a time."""
        chosen = self._chosen(states)
        in_order = User.objects.filter(pk__among=[*chosen]).order_by(*_BY_NAME)
        for ids in portions(list(in_order.values_list("pk", flat=True)), AT_ONCE):
            yield self._lines_of([chosen[pk] for pk in ids], User.objects.in_bulk(ids))

    def _chosen(self, states: Collection[PersonState]) -> dict[int, PersonThen]:
        return {one.user: one for one in self.people if one.state in states}

    def _lines_of(
        self, wanted: Sequence[PersonThen], users: Mapping[int, User]
    ) -> list[PersonLine]:
        named = {unit for one in wanted for unit in (one.unit, one.place)}
        units = self.units | AdministrativeUnit.objects.in_bulk(named - self.units.keys())
        return [self._line(one, users, units) for one in wanted]

    def _line(
        self,
        one: PersonThen,
        users: Mapping[int, User],
        units: Mapping[int, AdministrativeUnit],
    ) -> PersonLine:
        has_moved = self.at_current_place and one.place != one.unit
        return PersonLine(
            user=users[one.user],
            cadre_key=one.cadre,
            unit=units[one.place],
            state=one.state,
            run=None if one.run is None else self.runs[one.run],
            enrolment_id=one.enrolment,
            held_key=one.held,
            enrolled_from=units[one.unit] if has_moved else None,
            has_left=not one.is_held,
        )


@one_moment()
def find_people_as_of(
    *,
    programme: Programme,
    edition: BoundaryEdition,
    on: date,
    reader: User,
    unit: AdministrativeUnit | None = None,
    where: NamesOf = NamesOf.AREA,
    cadres: Collection[str] | None = None,
    counted_at: CountedAt = CountedAt.ENROLMENT,
) -> PeopleThen:
    """Return those whom the table of a past day counts in a unit and below it; as `find_people`."""
    is_inside = unit is not None and where not in BEYOND_OF
    people, away, runs = people_as_of(
        programme=programme,
        on=on,
        reader=reader,
        cadres=cadres,
        counted_at=counted_at,
        area=area_of(unit if is_inside else None),
    )
    units: dict[int, AdministrativeUnit] = {}
    if unit is not None or where != NamesOf.AREA:
        away = []
        stamped = {place for one in people for place in (one.place, one.unit)}
        units, became = read_placed(unit_ids=stamped, edition=edition)
        here = set(counted_in(unit=unit, where=where, edition=edition, became=became))
        people = [one for one in people if one.place in here]
    return PeopleThen(people, counted_at == CountedAt.NOW, runs, units, away)
