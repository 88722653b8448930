"""Where figures of units of any edition stand on one map, and why some stand nowhere on it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from lms.core.compiled_queries import CompiledQuery
from lms.geography.domain.succession import Atlas
from lms.geography.models import AdministrativeUnit, BoundaryEdition, UnitPlace
from lms.reporting.domain.counting import Figures
from lms.reporting.domain.current_place import AWAY, Move
from lms.reporting.domain.queries import NO_UNIT, used_units
from lms.reporting.enums import Beyond

# In the place of the id of a unit of the map; AWAY and NOWHERE are taken.
_SENTINELS = {Beyond.DIVIDED: -3, Beyond.ABOLISHED: -4, Beyond.AWAY: AWAY}
#: What is recorded of the place of a unit.
_TOLD = ("here__target", "here__has_tier")
#: The place on this map of each unit of any map, or one of those of `place_of`.
Became = Mapping[int, int]


def place_of(beyond: Beyond) -> int:
    """Return what stands in the place of a unit for people who stand on none of this map."""
    return _SENTINELS[beyond]


def place_units(
    *, unit_ids: Collection[int], edition: BoundaryEdition, units: Collection[int]
) -> Became:
    """Return the unit of `edition` that each unit is or became; `units`: those of its own that are shown.

    A unit of this map that is not shown lies beyond what is looked at. No query where all of them are
    shown, else one.
    """
    placed = {unit: unit for unit in unit_ids if unit in units}
    others = set(unit_ids) - placed.keys()
    if others:
        asked = AdministrativeUnit.objects.filter(pk__in=others).order_by()
        placed |= became_of(units=asked, edition=edition)
    return placed


def became_of(*, units: QuerySet[AdministrativeUnit], edition: BoundaryEdition) -> dict[int, int]:
    """Return the unit of `edition` that each unit of another map became, one of this map as beyond what
    is looked at; one query.

    What became no unit of it tells why: the map has no units of that tier any more, or the place
    was divided.
    """
    told = _with_places(units, edition.pk).values_list("pk", "edition", *_TOLD)
    return _placed_of(told, edition)


def became_of_used(*, edition: BoundaryEdition) -> dict[int, int]:
    """Return, as `became_of` does, what each unit of another map became in which somebody holds or held a post
    or an enrolment; one query.
    """
    return _placed_of(_USED.ask(edition=edition.pk), edition)


def _used(*, edition: int) -> QuerySet[Any, Any]:
    units = used_units(besides=edition)
    return _with_places(units, edition).values_list("pk", "edition", *_TOLD)


_USED = CompiledQuery(_used)


def with_targets(*, units: QuerySet[AdministrativeUnit], edition_id: int) -> QuerySet[Any]:
    """Return these units of other maps and the units of the edition that they became, for `place_targets`."""
    asked = units.order_by().values("pk")
    places = UnitPlace.objects.filter(edition=edition_id, unit__in=asked, target__isnull=False)
    # Both put together before any unit is read: asked for either, the database looks at all of them.
    return _with_targets(Q(pk__in=asked.union(places.order_by().values("target"))), edition_id)


def place_targets(
    told: Iterable[Any], *, edition: BoundaryEdition
) -> tuple[Became, dict[int, AdministrativeUnit]]:
    """Return what the units of `with_targets` that are of other maps became, and the units of `edition` among
    that, by their ids in the order of the map; no query where their places are recorded.
    """
    found = {unit.pk: unit for unit in told}
    own = {pk: unit for pk, unit in found.items() if unit.edition_id == edition.pk}
    became = _places_of(found, edition, shown=own)
    placed = {pk: target for pk, target in became.items() if pk not in own}
    walked = {target for target in placed.values() if target > 0} - own.keys()
    return placed, own | (AdministrativeUnit.objects.in_bulk(walked) if walked else {})


def read_below(
    *, parent: AdministrativeUnit, unit_ids: Collection[int]
) -> tuple[dict[int, AdministrativeUnit], Became]:
    """Return `parent` and the units below it by their ids, in the order of the map, and the place of each of
    the others on its map; one query.
    """
    below = _BELOW.ask(
        path=parent.path, edition=parent.edition_id, unit_ids=[*unit_ids] or [NO_UNIT]
    )
    found = {unit.pk: unit for unit in below}
    shown = {pk: unit for pk, unit in found.items() if unit.path.startswith(parent.path)}
    return shown, _places_of(found, parent.edition, shown=shown)


def read_area(*, unit: AdministrativeUnit, used: QuerySet[AdministrativeUnit]) -> list[int]:
    """Return the ids of the unit and all below it, and of those `used` units of other maps that became one
    of them; one query.
    """
    inside = Q(edition=unit.edition_id, path__startswith=unit.path)
    asked = AdministrativeUnit.objects.filter(inside | Q(pk__in=used.values("pk"))).order_by()
    told = list(_with_places(asked, unit.edition_id).values_list("pk", "edition", *_TOLD))
    own = {pk for pk, edition, *_place in told if edition == unit.edition_id}
    became = _placed_of((row for row in told if row[0] not in own), unit.edition)
    return [*own, *(pk for pk, target in became.items() if target in own)]


def read_placed(
    *, unit_ids: Collection[int], edition: BoundaryEdition
) -> tuple[dict[int, AdministrativeUnit], Became]:
    """Return units by their ids and the place of each on the map, all of which is looked at; one query."""
    found = _read(Q(pk__in=unit_ids), edition.pk)
    own = [pk for pk, unit in found.items() if unit.edition_id == edition.pk]
    return found, _places_of(found, edition, shown=own)


def _read(asked: Q, edition_id: int) -> dict[int, Any]:
    """Return units by their ids, with what is recorded of their place on the map."""
    return {unit.pk: unit for unit in _with_targets(asked, edition_id)}


def _with_targets(asked: Q, edition_id: int) -> QuerySet[Any]:
    units = AdministrativeUnit.objects.filter(asked).order_by("path")
    target, has_tier = map(F, _TOLD)
    return _with_places(units, edition_id).annotate(target=target, has_tier=has_tier)


def _places_of(
    found: Mapping[int, Any], edition: BoundaryEdition, *, shown: Collection[int]
) -> Became:
    others = [one for pk, one in found.items() if pk not in shown]
    told = ((one.pk, one.edition_id, one.target, one.has_tier) for one in others)
    return {pk: pk for pk in shown} | _placed_of(told, edition)


def _below(*, path: str, edition: int, unit_ids: list[int]) -> QuerySet[Any]:
    return _with_targets(Q(path__startswith=path) | Q(pk__among=unit_ids), edition)


_BELOW = CompiledQuery(_below)


def _with_places(units: QuerySet[AdministrativeUnit], edition_id: int) -> QuerySet[Any]:
    here = FilteredRelation("places", condition=Q(places__edition=edition_id))
    return units.annotate(here=here)


def _placed_of(
    told: Iterable[tuple[int, int, int | None, bool | None]],
    edition: BoundaryEdition,
) -> dict[int, int]:
    """Return the places of these units: id, edition, and what is recorded of them."""
    placed: dict[int, int] = {}
    unknown: set[int] = set()
    for unit, of_edition, target, has_tier in told:
        if of_edition == edition.pk:
            placed[unit] = place_of(Beyond.AWAY)
        elif has_tier is None:
            unknown.add(unit)
        else:
            placed[unit] = _placed(target, has_tier=has_tier)
    return placed | _walk(unknown, edition)


def _walk(wanted: Collection[int], edition: BoundaryEdition) -> dict[int, int]:
    """Return the places of units of which none is recorded: maps that were loaded
    before places were, until they are loaded again. Two queries, or none.
    """
    if not wanted:
        return {}
    return {
        unit: _placed(target, has_tier=has_tier)
        for unit, on_map, target, has_tier in Atlas().places()
        if on_map == edition.pk and unit in wanted
    }


def _placed(target: int | None, *, has_tier: bool) -> int:
    return target or place_of(Beyond.DIVIDED if has_tier else Beyond.ABOLISHED)


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
