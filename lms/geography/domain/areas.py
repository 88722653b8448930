"""Which units of different editions lie in one another: an area keeps its history and its future."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Q

from lms.geography.enums import Extent, Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition, UnitCover, UnitSuccession

# A place among successors and predecessors for what the files do not tell.
_UNKNOWN = 0


class Atlas:
    """All editions with their successions; three queries."""

    def __init__(self) -> None:
        self._order = list(
            BoundaryEdition.objects.order_by("valid_from").values_list("pk", flat=True)
        )
        self._units: dict[int, list[tuple[int, str, str]]] = {pk: [] for pk in self._order}
        self._communes: dict[int, frozenset[int]] = {}
        self._edition: dict[int, int] = {}
        rows = AdministrativeUnit.objects.order_by("path")
        for pk, edition, level, path in rows.values_list("pk", "edition_id", "level", "path"):
            self._units[edition].append((pk, level, path))
            self._edition[pk] = edition
        for units in self._units.values():
            self._communes |= _communes_below(units)
        self._forwards, self._backwards = self._steps()
        self._images: dict[tuple[int, int], frozenset[int]] = {}

    def lies_within(self, unit: int, other: int) -> bool:
        """Whether all of the area of `unit` lies in that of `other`, a unit of any edition."""
        image = self._image(unit, self._edition[other])
        return bool(image) and image <= self._communes[other]

    def same_areas(self, *, source: int, target: int) -> dict[int, int]:
        """The units of one edition that are the very same area, at the same level, in another."""
        return {
            unit: other
            for unit, level, _path in self._units[source]
            for other, other_level, _other_path in self._units[target]
            if level == other_level
            and self.lies_within(unit, other)
            and self.lies_within(other, unit)
        }

    def successors(self, *, source: int, target: int) -> dict[int, list[int]]:
        """The units that people of each unit can belong to now, in the order of the map.

        Those of the same level; where an edition has none of that level, the communes of the area
        and what stands above them.
        """
        found: dict[int, list[int]] = {}
        for unit, level, _path in self._units[source]:
            image = self._image(unit, target)
            around = [
                (other, other_level)
                for other, other_level, _other_path in self._units[target]
                if self._communes[other] & image
            ]
            equals = [other for other, other_level in around if other_level == level]
            found[unit] = equals or [other for other, _level in around]
        return found

    def covers(self) -> Iterator[tuple[int, int]]:
        """Pairs of a unit and the uppermost units of each other edition within its area."""
        for unit, edition in self._edition.items():
            for other_edition in self._order:
                if other_edition == edition:
                    continue
                above = "-"
                for other, _level, path in self._units[other_edition]:
                    if not path.startswith(above) and self.lies_within(other, unit):
                        above = path
                        yield unit, other

    def _image(self, unit: int, edition: int) -> frozenset[int]:
        """The communes of the edition that hold a part of the unit's area."""
        key = (unit, edition)
        if key not in self._images:
            start, end = self._order.index(self._edition[unit]), self._order.index(edition)
            links = self._forwards if start < end else self._backwards
            image = set(self._communes[unit])
            for _step in range(abs(end - start)):
                image = set().union(*(links.get(pk, {_UNKNOWN}) for pk in image))
            self._images[key] = frozenset(image)
        return self._images[key]

    def _steps(self) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
        forwards: dict[int, set[int]] = defaultdict(set)
        backwards: dict[int, set[int]] = defaultdict(set)
        parts: set[int] = set()
        rows = UnitSuccession.objects.values_list("from_unit", "to_unit", "extent")
        for from_unit, to_unit, extent in rows:
            forwards[from_unit].add(to_unit)
            backwards[to_unit].add(from_unit)
            if extent == Extent.PART:
                parts.add(from_unit)
        for unit in parts:
            if len(forwards[unit]) == 1:
                # The rest of it went where the files do not say.
                forwards[unit].add(_UNKNOWN)
        return forwards, backwards


def record_areas() -> int:
    """Work out anew which units lie in which; the number of pairs. The caller's transaction."""
    UnitCover.objects.all().delete()
    pairs = Atlas().covers()
    return len(
        UnitCover.objects.bulk_create(
            (UnitCover(unit_id=unit, covered_id=other) for unit, other in pairs), batch_size=1000
        )
    )


def area_q(*, unit: AdministrativeUnit, unit_field: str) -> Q:
    """Rows that stand on the unit, below it, or on what lies in it on another map; one query."""
    covered = UnitCover.objects.filter(unit=unit).values_list("covered__path", flat=True)
    return paths_q(paths=[unit.path, *covered], unit_field=unit_field)


def paths_q(*, paths: Iterable[str], unit_field: str) -> Q:
    """Rows whose unit stands at one of these paths or below it."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{f"{unit_field}__path__startswith": path})
    return found


def _communes_below(units: list[tuple[int, str, str]]) -> dict[int, frozenset[int]]:
    """The communes of each unit of one edition; those of a commune are itself."""
    at = {path: pk for pk, _level, path in units}
    below: dict[int, set[int]] = {pk: set() for pk in at.values()}
    for pk, level, path in units:
        if level == Level.COMMUNE:
            for end in range(AdministrativeUnit.steplen, len(path) + 1, AdministrativeUnit.steplen):
                below[at[path[:end]]].add(pk)
    return {pk: frozenset(communes) for pk, communes in below.items()}
