"""Which list of names is asked for, and where its parts stand."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from lms.geography.enums import Level
from lms.reporting.domain.people import People, find_people
from lms.reporting.domain.people_as_of import PeopleThen, find_people_as_of
from lms.reporting.domain.plug_in_figures import PlugInFigure, read_figure
from lms.reporting.enums import BEYOND_OF, LATE, LATE_STATES, NamesOf, Part, PersonState
from lms.reporting.extensions import TrainingFigure
from lms.reporting.views.asking import Question, ReportQuery, parse_query
from lms.reporting.views.urls_for import address


@dataclass(frozen=True)
class NamesList:
    """What was asked, whom it counts, and of which status ("" for all) the names are."""

    asked: ReportQuery
    where: NamesOf
    people: People | PeopleThen
    counted: Counter[PersonState]
    state: str
    part: Part | None = None
    figure: PlugInFigure | None = None

    @property
    def states(self) -> list[PersonState]:
        if self.state == LATE:
            return list(LATE_STATES)
        return [PersonState(self.state)] if self.state else list(PersonState)

    @property
    def count(self) -> int:
        return sum(self.counted[state] for state in self.states)

    @property
    def to_enrol(self) -> People | None:
        """Those whom a class could take: all of them are late, and stand here today."""
        is_late = bool(self.state) and set(self.states) <= set(LATE_STATES)
        is_part = self.part is not None or self.figure is not None
        people = self.people if is_late and not is_part else None
        return people if isinstance(people, People) else None

    @property
    def state_label(self) -> str:
        if self.state == LATE:
            return _("Who is late")
        return str(PersonState(self.state).label) if self.state else ""

    @property
    def part_label(self) -> str:
        """Which part of the people these are, or behind which figure they stand; "" for all."""
        if self.figure is not None:
            return self.figure.label(self.counted.total())
        return str(self.part.label) if self.part else ""

    @property
    def training(self) -> TrainingFigure | None:
        """The figure of the training given behind which they stand."""
        column = self.figure.column if self.figure else None
        return column if isinstance(column, TrainingFigure) else None

    @property
    def title(self) -> str:
        """The place whose people these are."""
        if self.where in BEYOND_OF:
            return str(BEYOND_OF[self.where].label)
        if self.asked.unit is not None and self.where == NamesOf.OFFICE:
            return _("Office of %(unit)s") % {"unit": self.asked.unit.display_name}
        return self.asked.place

    @property
    def is_one_place(self) -> bool:
        """Whether all of them stand in the same unit, which is the title then."""
        unit = self.asked.unit
        is_office = self.where == NamesOf.OFFICE
        return unit is not None and (is_office or unit.level == Level.COMMUNE)


def read_names(request: Question, unit_id: int | None) -> NamesList | None:
    """Return the list that is asked for; None while there is no programme to report on."""
    asked = parse_query(request, unit_id=unit_id)
    if asked is None:
        return None
    named = request.GET.get("where", "")
    figure = None if asked.is_past else read_figure(request.GET.get("figure", ""))
    part = None if figure else _part(request, asked)
    where = NamesOf(named) if named in NamesOf else NamesOf.AREA
    people = _find(asked, where, part, figure)
    state = request.GET.get("state", "")
    return NamesList(
        asked=asked,
        where=where,
        people=people,
        counted=people.count_states(),
        state=state if state in PersonState or state == LATE else "",
        part=part,
        figure=figure,
    )


def _find(
    asked: ReportQuery, where: NamesOf, part: Part | None, figure: PlugInFigure | None
) -> People | PeopleThen:
    of_whom: dict[str, Any] = {
        "programme": asked.programme,
        "edition": asked.edition,
        "unit": asked.unit,
        "on": asked.day,
        "reader": asked.reader,
        "cadres": asked.cadres,
        "counted_at": asked.counted_at,
    }
    if asked.is_past:
        return find_people_as_of(**of_whom, where=where)
    narrowing = replace(
        asked.narrowing, where=where, part=part, figure=figure.key if figure else ""
    )
    return find_people(**of_whom, narrowing=narrowing)


def _part(request: Question, asked: ReportQuery) -> Part | None:
    """Return the part that is asked for, where the filters tell it; of a past day there is none."""
    if asked.is_past:
        return None
    name = request.GET.get("part", "")
    part = Part(name) if name in Part else None
    if part == Part.WITHIN:
        return part if asked.narrowing.within else None
    return part if asked.at_current_place else None


def list_address(listed: NamesList, ending: str, state: str, **further: str) -> str:
    """Return the same list of a status: its page (`ending` ""), its file ("_file"), who joins a class
    ("_enrol"); `further` is asked of it besides.
    """
    unit = listed.asked.unit
    more = {"where": listed.where.value, "state": state, **further}
    more["part"] = listed.part.value if listed.part else ""
    more["figure"] = listed.figure.key if listed.figure else ""
    if unit is None:
        return address(f"all_people{ending}", listed.asked, **more)
    return address(f"people{ending}", listed.asked, unit.pk, **more)
