"""What the checks of all rooms find wrong, by place."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from lms.accounts.models import User
from lms.core.quality import QualityCheck, quality_checks
from lms.geography.models import AdministrativeUnit


@dataclass(frozen=True)
class PlaceCount:
    """How many in a unit and below it; `unit` None: on no unit."""

    unit: AdministrativeUnit | None
    count: int


@dataclass(frozen=True)
class Finding:
    """What a check has found in the reader's area; the places add up to the total."""

    check: QualityCheck
    places: list[PlaceCount]

    @property
    def total(self) -> int:
        return sum(place.count for place in self.places)


def find_faults(*, reader: User, at: datetime) -> list[Finding]:
    """Return what each check has found, in their order; one query besides those of the checks."""
    counted = {
        check: check.count_by_path(reader, at=at)
        for check in sorted(quality_checks, key=lambda check: check.order)
    }
    return _findings(counted, reader)


def find_fault(*, check: QualityCheck, reader: User, at: datetime) -> Finding:
    """Return what one check has found."""
    return _findings({check: check.count_by_path(reader, at=at)}, reader)[0]


def _findings(counted: Mapping[QualityCheck, Mapping[str, int]], reader: User) -> list[Finding]:
    depth = _depth(reader)
    grouped = {check: _by_place(counts, depth) for check, counts in counted.items()}
    units = _units(path for places in grouped.values() for path in places)
    return [
        Finding(
            check,
            [
                PlaceCount(units.get(path), count)
                for path, count in sorted(places.items(), key=lambda one: (-one[1], one[0]))
            ],
        )
        for check, places in grouped.items()
    ]


def _depth(reader: User) -> int:
    """Return how long the paths of the places are: districts for whoever oversees the province,
    communes for others. On a map without districts communes stand in their place.
    """
    return AdministrativeUnit.steplen * (2 if reader.scope.oversees_province else 3)


def _by_place(counts: Mapping[str, int], depth: int) -> Counter[str]:
    places: Counter[str] = Counter()
    for path, count in counts.items():
        places[path[:depth]] += count
    return places


def _units(paths: Iterable[str]) -> dict[str, AdministrativeUnit]:
    found = AdministrativeUnit.objects.filter(path__in={path for path in paths if path})
    return {unit.path: unit for unit in found}
