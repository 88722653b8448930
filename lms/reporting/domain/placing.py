"""Where figures of units of any edition stand on one map, and why some stand nowhere on it."""

from collections.abc import Collection, Iterable, Mapping

from lms.geography.domain.succession import map_units
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.counting import Figures
from lms.reporting.domain.current_place import AWAY, Move
from lms.reporting.enums import Beyond

# In the place of the id of a unit of the map; AWAY and NOWHERE are taken.
_SENTINELS = {Beyond.DIVIDED: -3, Beyond.ABOLISHED: -4, Beyond.AWAY: AWAY}
#: The place on this map of each unit of any map, or one of those of `place_of`.
Became = Mapping[int, int]


def place_of(beyond: Beyond) -> int:
    """Return what stands in the place of a unit for people who stand on none of this map."""
    return _SENTINELS[beyond]


def place_units(
    *, unit_ids: Collection[int], edition: BoundaryEdition, units: Collection[int]
) -> Became:
    """Return the unit of `edition` (whose own are `units`) that each unit is or became.

    What became no unit of it tells why: the map has no units of that tier any more, or the place
    was divided.
    """
    elsewhere = [unit for unit in unit_ids if unit not in units]
    became: dict[int, int | None] = {}
    if elsewhere:
        for source in BoundaryEdition.objects.filter(units__in=elsewhere).distinct():
            became |= map_units(from_edition=source, to_edition=edition)
    lost = [unit for unit in elsewhere if became.get(unit) is None]
    abolished = _of_abolished_tiers(lost, edition) if lost else set()
    placed: dict[int, int] = {}
    for unit in unit_ids:
        target = unit if unit in units else became.get(unit)
        reason = Beyond.ABOLISHED if unit in abolished else Beyond.DIVIDED
        placed[unit] = place_of(reason) if target is None else target
    return placed


def place_figures(*, figures: Mapping[int, Figures], became: Became) -> dict[int, Figures]:
    """Return figures by what each unit became."""
    placed: dict[int, Figures] = {}
    for unit, counted in figures.items():
        placed.setdefault(became.get(unit, unit), Figures()).add(counted)
    return placed


def place_moves(*, moves: Iterable[Move], became: Became) -> list[Move]:
    """Return the moves between two places of the map."""
    placed = [
        Move(
            became.get(move.source, move.source), became.get(move.target, move.target), move.people
        )
        for move in moves
    ]
    return [move for move in placed if move.source != move.target]


def _of_abolished_tiers(unit_ids: Collection[int], edition: BoundaryEdition) -> set[int]:
    tiers = edition.units.order_by().values("level")
    found = AdministrativeUnit.objects.filter(pk__in=unit_ids).exclude(level__in=tiers)
    return set(found.order_by().values_list("pk", flat=True))
