"""Where figures of units of any edition stand on one map, and why some stand nowhere on it."""

from collections.abc import Collection, Iterable, Mapping

from lms.geography.domain.succession import Atlas
from lms.geography.models import BoundaryEdition
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
    *,
    unit_ids: Collection[int],
    edition: BoundaryEdition,
    units: Collection[int],
    atlas: Atlas | None = None,
) -> Became:
    """Return the unit of `edition` that each unit is or became; `units`: those of its own that are shown.

    What became no unit of it tells why: the map has no units of that tier any more, or the place
    was divided. A unit of this map that is not shown lies beyond what is looked at. No query where
    all of them are shown, else two.
    """
    placed = {unit: unit for unit in unit_ids if unit in units}
    if len(placed) == len(unit_ids):
        return placed
    atlas = atlas or Atlas()
    of_map = atlas.by_edition(set(unit_ids) - placed.keys())
    placed |= dict.fromkeys(of_map.pop(edition.pk, ()), place_of(Beyond.AWAY))
    for source, there in of_map.items():
        became = atlas.mapping(source=source, target=edition.pk)
        for unit in there:
            target = became[unit]
            if target is None:
                is_divided = atlas.has_tier_of(unit, edition=edition.pk)
                target = place_of(Beyond.DIVIDED if is_divided else Beyond.ABOLISHED)
            placed[unit] = target
    return placed


def place_elsewhere(
    *, figures: Mapping[int, Figures], edition: BoundaryEdition
) -> dict[int, Figures]:
    """Return figures of units of other maps by the unit of `edition` that each became, or by the reason
    why it became none; at most two queries.
    """
    if not figures:
        return {}
    atlas = Atlas()
    became = place_units(unit_ids=figures, edition=edition, units=(), atlas=atlas)
    of_map = atlas.by_edition(target for target in set(became.values()) if target > 0)
    told = {*of_map.get(edition.pk, ()), *_SENTINELS.values()}
    placed = place_figures(figures=figures, became=became)
    return {place: one for place, one in placed.items() if place in told}


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
