"""What became of the units from one boundary edition to the next, walked over any number of them.

Two answers come from the same steps. The strict one, `mapping`: which one unit carries the figures
of another, or none. The wide one, `lies_within` and what follows from it: where the area lies.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import permutations

from django.db.models import QuerySet

from lms.geography.enums import Extent, Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition, UnitSuccession

# A place among successors and predecessors for what the files do not tell.
_UNKNOWN = 0

# From the id of a unit to the ids of others, one edition on or back.
Links = dict[int, set[int]]


def map_units(
    *, from_edition: BoundaryEdition, to_edition: BoundaryEdition
) -> dict[int, int | None]:
    """Return where each unit of one edition lies in another; see `Atlas.mapping`; two queries."""
    first, last = sorted((from_edition.valid_from, to_edition.valid_from))
    between = BoundaryEdition.objects.filter(valid_from__range=(first, last))
    return Atlas(between).mapping(source=from_edition.pk, target=to_edition.pk)


class Atlas:
    """These editions, all unless told, with their successions; two queries."""

    def __init__(self, editions: QuerySet[BoundaryEdition] | None = None) -> None:
        self._province_name: dict[int, str] = {}
        self._units: dict[int, list[tuple[int, str, str]]] = {}
        self._edition: dict[int, int] = {}
        self._level: dict[int, str] = {}
        self._read_units(BoundaryEdition.objects.all() if editions is None else editions)
        self._order = list(self._units)
        # The communes of each unit, those of a commune are itself; what stands above each commune.
        self._communes: dict[int, set[int]] = {pk: set() for pk in self._edition}
        self._above: dict[int, dict[str, int]] = {}
        self._read_trees()
        self._forwards, self._backwards = _read_links(self._order)
        self._images: dict[tuple[int, int], frozenset[int]] = {}

    def mapping(self, *, source: int, target: int) -> dict[int, int | None]:
        """Return where each unit of one edition lies in another: unit id to unit id, or None.

        Forwards a unit maps when each step of its way took it over whole. Backwards it maps only
        when it is one former unit and nothing else. None means that a figure cannot be carried
        over and must be shown as not allocated. Districts and provinces follow their communes;
        a district maps to a district only, so never into an edition without districts.
        """
        steps, is_forwards = self._steps(source, target)
        successors = self._successors_of_all()
        whole = {
            pk: next(iter(to_units))
            for pk, to_units in successors.items()
            if len(to_units) == 1 and _UNKNOWN not in to_units
        }
        step = whole if is_forwards else self._predecessors(successors, whole)
        mapping: dict[int, int | None] = {pk: pk for pk, _level, _path in self._units[source]}
        for _number in range(steps):
            mapping = {pk: self._on(at, step, target) for pk, at in mapping.items()}
        # A list of other places that took effect in between is none of the steps.
        return {
            pk: at if at and self._edition[at] == target else None for pk, at in mapping.items()
        }

    def _on(self, at: int | None, step: Mapping[int, int], target: int) -> int | None:
        """Return what a unit became one edition on; itself once it is on the map that is asked for."""
        return at if not at or self._edition[at] == target else step.get(at)

    def places(self) -> Iterator[tuple[int, int, int | None, bool]]:
        """Yield each unit with each other edition: the unit that it maps to there, or None, and
        whether that edition has units of its level at all.
        """
        for edition, units in self._units.items():
            levels = {level for _unit, level, _path in units}
            for source in self._order:
                if source != edition:
                    for unit, target in self.mapping(source=source, target=edition).items():
                        yield unit, edition, target, self._level[unit] in levels

    def lies_within(self, unit: int, other: int) -> bool:
        """Return whether all of the area of `unit` lies in that of `other`, a unit of any edition."""
        image = self._image(unit, self._edition[other])
        return bool(image) and image <= self._communes[other]

    def same_areas(self, *, source: int, target: int) -> dict[int, int]:
        """Return the units of one edition that are the very same area, at the same level,
        in another.
        """
        return {
            unit: other
            for unit, level, _path in self._units[source]
            for other in self._holders(unit, target)
            if level == self._level[other] and self.lies_within(other, unit)
        }

    def successors(self, *, source: int, target: int) -> dict[int, list[int]]:
        """Return the units that people of each unit can belong to now, in the order of the map.

        Those of the same level; where an edition has none of that level, the communes of the area
        and what stands above them.
        """
        found: dict[int, list[int]] = {}
        place = {pk: number for number, (pk, _level, _path) in enumerate(self._units[target])}
        for unit, level, _path in self._units[source]:
            image = self._image(unit, target)
            around = {other for commune in image for other in self._with_uppers(commune)}
            equals = [other for other in around if self._level[other] == level]
            found[unit] = sorted(equals or around, key=place.__getitem__)
        return found

    def covers(self) -> Iterator[tuple[int, int]]:
        """Yield pairs of a unit and the uppermost units of each other edition within its area."""
        for edition, other_edition in permutations(self._order, 2):
            # By unit the last path that was given: what stands below it is within, too.
            above: dict[int, str] = {}
            for other, _level, path in self._units[other_edition]:
                for unit in self._holders(other, edition):
                    if unit not in above or not path.startswith(above[unit]):
                        above[unit] = path
                        yield unit, other

    def _holders(self, unit: int, edition: int) -> list[int]:
        """Return the units of the edition in whose area all of this one lies."""
        image = self._image(unit, edition)
        one = next(iter(image), _UNKNOWN)
        return [other for other in self._with_uppers(one) if image <= self._communes[other]]

    def _with_uppers(self, commune: int) -> tuple[int, ...]:
        """Return a commune and what stands above it; nothing for what the files do not tell."""
        return (commune, *self._above[commune].values()) if commune in self._above else ()

    def _steps(self, source: int, target: int) -> tuple[int, bool]:
        """How many editions lie between these two, and whether the way goes forwards."""
        start, end = self._order.index(source), self._order.index(target)
        return abs(end - start), start <= end

    def _image(self, unit: int, edition: int) -> frozenset[int]:
        """Return the communes of the edition that hold a part of the unit's area."""
        key = (unit, edition)
        if key not in self._images:
            steps, is_forwards = self._steps(self._edition[unit], edition)
            links = self._forwards if is_forwards else self._backwards
            image = self._communes[unit]
            for _number in range(steps):
                image = set().union(
                    *(
                        {pk} if self._edition.get(pk) == edition else links.get(pk, {_UNKNOWN})
                        for pk in image
                    )
                )
            self._images[key] = frozenset(
                pk if self._edition.get(pk) == edition else _UNKNOWN for pk in image
            )
        return self._images[key]

    def _successors_of_all(self) -> Links:
        """Let each district go where its communes went;
        one commune of unknown fate makes it unknown.
        """
        successors = defaultdict(set, {pk: set(ends) for pk, ends in self._forwards.items()})
        for commune, uppers in self._above.items():
            # The rest of a commune that the files do not follow does not hold back what is above it.
            to_communes = self._forwards.get(commune, set()) - {_UNKNOWN} or {_UNKNOWN}
            for level, upper in uppers.items():
                successors[upper] |= {
                    self._above.get(to_commune, {}).get(level, _UNKNOWN)
                    for to_commune in to_communes
                }
        return successors

    def _predecessors(self, successors: Links, whole: dict[int, int]) -> dict[int, int]:
        """Return the one unit that each unit is made of, where it is made of one whole unit."""
        sources: Links = defaultdict(set)
        for pk, to_units in successors.items():
            for to_unit in to_units:
                sources[to_unit].add(pk)
        for commune, uppers in self._above.items():
            if commune not in sources:
                for upper in uppers.values():
                    sources[upper].add(_UNKNOWN)
        return {
            to_unit: pk
            for pk, to_unit in whole.items()
            if sources[to_unit] == {pk} and not self._is_merged_province(to_unit, pk)
        }

    def _is_merged_province(self, unit: int, former: int) -> bool:
        """Forget other provinces: a merged one is more than the part of it
        that its edition lists here.
        """
        name, former_name = (self._province_name[self._edition[pk]] for pk in (unit, former))
        return self._level[unit] == Level.PROVINCE and name != former_name

    def _read_units(self, editions: QuerySet[BoundaryEdition]) -> None:
        rows = editions.order_by("valid_from", "pk", "units__path")
        told = ("pk", "province_name", "units", "units__level", "units__path")
        for edition, province_name, pk, level, path in rows.values_list(*told):
            self._province_name[edition] = province_name
            units = self._units.setdefault(edition, [])
            # None: a list that has no units yet.
            if pk is not None:
                units.append((pk, level, path))
                self._edition[pk] = edition
                self._level[pk] = level

    def _read_trees(self) -> None:
        for units in self._units.values():
            at = {path: (level, pk) for pk, level, path in units}
            for pk, level, path in units:
                if level == Level.COMMUNE:
                    ends = range(AdministrativeUnit.steplen, len(path), AdministrativeUnit.steplen)
                    self._above[pk] = dict(at[path[:end]] for end in ends)
                    for unit in (pk, *self._above[pk].values()):
                        self._communes[unit].add(pk)


def _read_links(editions: list[int]) -> tuple[Links, Links]:
    forwards: Links = defaultdict(set)
    backwards: Links = defaultdict(set)
    parts: set[int] = set()
    rows = UnitSuccession.objects.filter(
        from_unit__edition__in=editions, to_unit__edition__in=editions
    )
    for from_unit, to_unit, extent in rows.values_list("from_unit", "to_unit", "extent"):
        forwards[from_unit].add(to_unit)
        backwards[to_unit].add(from_unit)
        if extent == Extent.PART:
            parts.add(from_unit)
    for unit in parts:
        if len(forwards[unit]) == 1:
            # The rest of it went where the files do not say.
            forwards[unit].add(_UNKNOWN)
    return forwards, backwards
