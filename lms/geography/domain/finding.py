"""Which unit a text in a list means: a code of the statistics office or a name, marks or none."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lms.core.refusal import Refusal
from lms.core.text import fold
from lms.geography.domain.place_texts import NamedPlace, places_in, words_of
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit

# “01. Khả Phong”, “DS Khả Phong”
_NUMBERED = re.compile(r"^[\d\W_]*(?:(?:ds|danh sách)\b[\W_]*)?", re.IGNORECASE)


@dataclass(frozen=True)
class PlaceName:
    """A unit as far as a list needs it."""

    pk: int
    path: str
    level: str
    code: str
    name: str
    display_name: str

    def __str__(self) -> str:
        return self.display_name


def place_name(unit: AdministrativeUnit) -> PlaceName:
    return PlaceName(unit.pk, unit.path, unit.level, unit.code, unit.name, unit.display_name)


class UnitIndex:
    """The units of one edition by code and by folded name; one query."""

    def __init__(self, edition_id: int | None) -> None:
        self._by_code: dict[str, list[PlaceName]] = defaultdict(list)
        self._by_name: dict[str, list[PlaceName]] = defaultdict(list)
        units = AdministrativeUnit.objects.filter(edition=edition_id)
        for pk, path, level, code, name, display_name in units.values_list(
            "pk", "path", "level", "code", "name", "display_name"
        ):
            unit = PlaceName(pk, path, level, code, name, display_name)
            self._by_code[code].append(unit)
            for text in {fold(name), words_of(display_name)}:
                self._by_name[text].append(unit)

    def find(
        self, text: str, *, level: Level | None = None, within: PlaceName | None = None
    ) -> PlaceName:
        """Find the one unit that is meant, of this level and inside this unit
        where these are given.

        Raises Refusal: `unit_unknown`, `unit_ambiguous`.
        """
        found = [
            unit
            for unit in self._candidates(text)
            if (level is None or unit.level == level)
            and (within is None or unit.path.startswith(within.path))
        ]
        if not found:
            raise Refusal(
                "unit_unknown",
                _("There is no place named “%(text)s” on the chosen map.") % {"text": text},
            )
        if len(found) > 1:
            raise Refusal(
                "unit_ambiguous",
                _("There are several places named “%(text)s”: please give the district as well.")
                % {"text": text},
            )
        return found[0]

    def with_code(self, code: str) -> PlaceName | None:
        """Return the unit with exactly this code; None where the map has none."""
        return next(iter(self._by_code.get(code, [])), None)

    def district_in(self, texts: Iterable[str]) -> PlaceName | None:
        """Return the one district that the letterhead or title of a list names."""
        districts = {unit for text in texts for unit in self.named_in(text, Level.DISTRICT)}
        return districts.pop() if len(districts) == 1 else None

    def named_in(self, text: str, level: Level) -> set[PlaceName]:
        """Return the units of this level that a title names with their kind; namesakes too."""
        named: set[PlaceName] = set()
        for place in places_in(text):
            for name in _beginnings(place.name) if place.kind else []:
                units = self._named(NamedPlace(place.kind, name))
                if found := [unit for unit in units if unit.level == level]:
                    named.update(found)
                    break
        return named

    def called(self, text: str, level: Level) -> set[PlaceName]:
        """Return the units of this level whose name is the whole text, numbers in front apart."""
        name = words_of(_NUMBERED.sub("", text))
        return {unit for unit in self._by_name.get(name, []) if unit.level == level}

    def _candidates(self, text: str) -> list[PlaceName]:
        by_code = self._by_code.get(text.strip()) or self._by_code.get(text.strip().zfill(5))
        if by_code:
            return by_code
        return self._by_name.get(words_of(text)) or self._in_places(places_in(text))

    def _in_places(self, places: list[NamedPlace]) -> list[PlaceName]:
        """Return the units that fit all of the places: inside each, and one of them."""
        named = [self._named(place) for place in places]
        return [
            unit
            for unit in dict.fromkeys(unit for units in named for unit in units)
            if all(any(unit.path.startswith(over.path) for over in units) for units in named)
        ]

    def _named(self, place: NamedPlace) -> list[PlaceName]:
        """Return the units of this name: those of its kind, where there are any."""
        units = self._by_name.get(place.name, [])
        of_kind = [unit for unit in units if words_of(unit.display_name).startswith(place.kind)]
        return of_kind or units


def _beginnings(name: str) -> list[str]:
    """Return all words, then fewer and fewer: a title goes on after the place."""
    words = name.split()
    return [" ".join(words[:count]) for count in range(len(words), 0, -1)]
