"""The names behind a figure of a past day."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from courses.models import CourseRun, Programme
from lms.accounts.models import User
from lms.core.change_journal import IDS_AT_ONCE, portions
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.as_of import PersonThen
from lms.reporting.domain.counting_as_of import people_as_of
from lms.reporting.domain.people import AT_ONCE, PersonLine, units_counted_in
from lms.reporting.enums import CountedAt, NamesOf, PersonState


@dataclass(frozen=True)
class PeopleThen:
    """Those behind a figure of a past day; as `people.People`."""

    people: Sequence[PersonThen]
    at_current_place: bool
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
        return self._lines_of(self._in_name_order(states)[first:last])

    def portions(self, *, states: Collection[PersonState]) -> Iterator[list[PersonLine]]:
        """Yield all of `lines`, some at a time."""
        for people in portions(self._in_name_order(states), AT_ONCE):
            yield self._lines_of(people)

    def _in_name_order(self, states: Collection[PersonState]) -> list[PersonThen]:
        chosen = {one.user: one for one in self.people if one.state in states}
        return [chosen[user] for *_name, user in sorted(_names(chosen))]

    def _lines_of(self, wanted: Sequence[PersonThen]) -> list[PersonLine]:
        users = User.objects.in_bulk([one.user for one in wanted])
        runs = CourseRun.objects.in_bulk({one.run for one in wanted if one.run is not None})
        named = {unit for one in wanted for unit in (one.unit, one.place)}
        units = AdministrativeUnit.objects.in_bulk(named)
        return [self._line(one, users, runs, units) for one in wanted]

    def _line(
        self,
        one: PersonThen,
        users: Mapping[int, User],
        runs: Mapping[int, CourseRun],
        units: Mapping[int, AdministrativeUnit],
    ) -> PersonLine:
        has_moved = self.at_current_place and one.place != one.unit
        return PersonLine(
            user=users[one.user],
            cadre_key=one.cadre,
            unit=units[one.place],
            state=one.state,
            run=None if one.run is None else runs[one.run],
            enrolment_id=one.enrolment,
            held_key=one.held,
            enrolled_from=units[one.unit] if has_moved else None,
            has_left=not one.is_held,
        )


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
    people, away = people_as_of(
        programme=programme, on=on, reader=reader, cadres=cadres, counted_at=counted_at
    )
    if unit is not None or where != NamesOf.AREA:
        away = []
        stamped = {one.place for one in people}
        here = set(units_counted_in(unit=unit, where=where, edition=edition, stamped=stamped))
        people = [one for one in people if one.place in here]
    return PeopleThen(people, counted_at == CountedAt.NOW, away)


def _names(users: Iterable[int]) -> Iterator[tuple[str, str, int]]:
    for ids in portions(list(users), IDS_AT_ONCE):
        named = User.objects.filter(pk__in=ids).order_by()
        yield from named.values_list("sort_key", "staff_code", "pk")
