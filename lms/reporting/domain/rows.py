"""One line of the report, and the rule for which places are looked at first."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.counting import Figures
from lms.reporting.domain.goals import Goal, Goals
from lms.reporting.enums import Beyond, CommunesOf


@dataclass
class Row:
    """One line. `unit` None stands for people on no unit of the map that the reader oversees, and
    `beyond` says why; the total has neither.

    `goal`: what the row is compared with. `communes`, `communes_reached`, `communes_done`: all, those
    where at least one person has completed, those that have reached their goal; `fewest`: the least
    people who completed in one of them, None without any. `communes_unknown`: those for which nobody is recorded;
    `communes_unreached`: those where nobody is in any class; `communes_ahead`: those where everybody
    waits for a class to come.
    `district`: the row of a commune that lies below it, in the list of all; `latest`: the
    commune below this row to look at first.
    `moved_in`, `moved_out`: where people are counted as they stand today, how many were enrolled
    elsewhere, how many stand elsewhere; the difference is that to the other way of counting.
    """

    unit: AdministrativeUnit | None
    figures: Figures = field(default_factory=Figures)
    is_office: bool = False
    beyond: Beyond | None = None
    communes: int = 0
    communes_reached: int = 0
    communes_done: int = 0
    communes_unknown: int = 0
    communes_unreached: int = 0
    communes_ahead: int = 0
    district: AdministrativeUnit | None = None
    latest: "Row | None" = None
    moved_in: int = 0
    moved_out: int = 0
    goal: Goal = field(default_factory=Goal)
    fewest: int | None = None

    @property
    def is_done(self) -> bool:
        """Whether the goal is reached."""
        return self.goal.is_reached(completed=self.figures.completed, fewest=self.fewest)

    def add_commune(self, alone: "Row") -> None:
        """Count in one commune: a row of its own with its goal."""
        self.communes += 1
        self.communes_unknown += not alone.figures.people
        self.communes_reached += alone.is_reached
        self.communes_done += alone.is_done
        self.communes_ahead += alone.is_ahead
        self.communes_unreached += alone.is_unreached
        self.add_fewest(alone.figures.completed)

    def add_fewest(self, completed: int | None) -> None:
        """Note how many completed in a commune, where it is the least."""
        if completed is not None:
            self.fewest = completed if self.fewest is None else min(self.fewest, completed)

    @property
    def is_ahead(self) -> bool:
        """Whether everybody counted here waits for a class to come."""
        return self.figures.people > 0 and self.figures.to_come == self.figures.people

    @property
    def is_unreached(self) -> bool:
        """Whether nobody counted here is or was in any class."""
        return self.figures.people > 0 and self.figures.no_class == self.figures.people

    @property
    def is_reached(self) -> bool:
        """Whether at least one person counted here has completed."""
        return self.figures.completed > 0

    def is_one_of(self, which: CommunesOf) -> bool:
        """Return whether a count of communes counts this one in."""
        return {
            CommunesOf.ALL: True,
            CommunesOf.REACHED: self.is_reached,
            CommunesOf.DONE: self.is_done,
            CommunesOf.UNREACHED: self.is_unreached,
            CommunesOf.UNKNOWN: not self.figures.people,
        }[which]

    @property
    def enrolled_from(self) -> int:
        """How many the row would count where people were enrolled."""
        return self.figures.people - self.moved_in + self.moved_out


def place_alone(unit: AdministrativeUnit, figures: Figures, goals: Goals) -> Row:
    """Return a commune, or the office of a unit above, as a row of its own."""
    posts = Goal(people=figures.people)
    if unit.level != Level.COMMUNE:
        return Row(unit=unit, figures=figures, is_office=True, goal=posts)
    goal = goals.of_unit(unit, below=posts)
    return Row(unit=unit, figures=figures, goal=goal, fewest=figures.completed)


def is_shown(row: Row, reader: User) -> bool:
    """Return whether to show it: offices only with people;
    places without any only to those who watch over them.
    """
    if row.figures.people or row.moved_out or any(row.figures.extra.values()):
        return True
    if row.unit is None or row.is_office:
        return False
    return bool(reader.scope.oversees_province or reader.scope.covers(row.unit.path))


def add_rows(
    rows: Iterable[Row], *, top: AdministrativeUnit | None, reader: User, goals: Goals
) -> Row:
    """Return the last line; its goal is that of the whole only for whoever oversees the whole."""
    total = Row(unit=None)
    for row in rows:
        total.figures.add(row.figures)
        total.goal += row.goal
        total.communes += row.communes
        total.communes_reached += row.communes_reached
        total.communes_done += row.communes_done
        total.communes_unknown += row.communes_unknown
        total.communes_ahead += row.communes_ahead
        total.communes_unreached += row.communes_unreached
        total.add_fewest(row.fewest)
    if top and (reader.scope.oversees_province or reader.scope.covers(top.path)):
        total.goal = goals.of_unit(top, below=total.goal)
    return total


def row_label(row: Row) -> str:
    """Return the unit's name with its kind; the office of a unit;
    for people on no unit of this map the reason.
    """
    if row.unit is None:
        return str(row.beyond.label) if row.beyond else ""
    if row.is_office:
        return _("Office of %(unit)s") % {"unit": row.unit.display_name}
    return f"{row.unit.kind.capitalize()} {row.unit.name}"


def latest_first(rows: Iterable[Row]) -> list[Row]:
    """Return places with people who are late, those to look at first at the beginning.

    The one rule for late: who is in no class, or in one that is over and not completed. Whoever
    sits in class, or waits for one, is not late. First where nobody is in any class, then the
    largest part of late people, then the most of them.
    """
    late = [row for row in rows if row.figures.late]
    return sorted(late, key=lateness)


def lateness(row: Row) -> tuple[bool, float, int]:
    """Return what places with people are set in order by, those to look at first at the beginning."""
    figures = row.figures
    return not row.is_unreached, -figures.late / figures.people, -figures.late
