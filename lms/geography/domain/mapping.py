"""From the units of one boundary edition to those of another."""

from collections import defaultdict
from collections.abc import Mapping

from lms.geography.enums import Extent, Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition, UnitSuccession

# A place among the successors or predecessors for what the files do not tell.
_UNKNOWN = 0

# From the id of a unit to the ids of others.
Links = Mapping[int, set[int]]
# From the id of a commune to the unit above it at each level.
Above = dict[int, dict[str, int]]


def map_units(
    *, from_edition: BoundaryEdition, to_edition: BoundaryEdition
) -> dict[int, int | None]:
    """Where each unit of one edition lies in another: unit id to unit id, or None.

    Forwards a unit maps when each step of its way took it over whole. Backwards it maps only
    when it is one former unit and nothing else. None means that a figure cannot be carried
    over and must be shown as not allocated. Districts and provinces follow their communes;
    a district maps to a district only, so never into an edition without districts.
    Three queries, whatever the number of units.
    """
    first, last = sorted((from_edition.valid_from, to_edition.valid_from))
    chain = list(BoundaryEdition.objects.filter(valid_from__range=(first, last)))
    units = list(
        AdministrativeUnit.objects.filter(edition__in=chain).values_list(
            "pk", "edition_id", "level", "path"
        )
    )
    above = _units_above(units)
    successors, whole = _successors(chain, above)
    step = whole
    if from_edition.valid_from > to_edition.valid_from:
        step = _predecessors(successors, whole, above)
        _forget_other_provinces(step, units, chain)
    mapping: dict[int, int | None] = {
        pk: pk for pk, edition, _level, _path in units if edition == from_edition.pk
    }
    for _number in range(len(chain) - 1):
        mapping = {pk: step.get(at) if at else None for pk, at in mapping.items()}
    return mapping


def _units_above(units: list[tuple[int, int, str, str]]) -> Above:
    at = {path: (pk, level) for pk, _edition, level, path in units}
    above: Above = {}
    for pk, _edition, level, path in units:
        if level == Level.COMMUNE:
            ends = range(AdministrativeUnit.steplen, len(path), AdministrativeUnit.steplen)
            ancestors = [at[path[:end]] for end in ends]
            above[pk] = {level: ancestor for ancestor, level in ancestors}
    return above


def _successors(
    chain: list[BoundaryEdition], above: Above
) -> tuple[dict[int, set[int]], dict[int, int]]:
    """All successors of each unit, and the one successor of each that went over whole."""
    rows = UnitSuccession.objects.filter(from_unit__edition__in=chain, to_unit__edition__in=chain)
    successors: dict[int, set[int]] = defaultdict(set)
    in_parts = set()
    for from_unit, to_unit, extent in rows.values_list("from_unit", "to_unit", "extent"):
        successors[from_unit].add(to_unit)
        if extent == Extent.PART:
            in_parts.add(from_unit)
    _let_upper_units_follow(successors, above)
    whole = {
        pk: next(iter(to_units))
        for pk, to_units in successors.items()
        if len(to_units) == 1 and _UNKNOWN not in to_units and pk not in in_parts
    }
    return successors, whole


def _let_upper_units_follow(successors: dict[int, set[int]], above: Above) -> None:
    """A district went where its communes went; one commune of unknown fate makes it unknown."""
    for commune, uppers in above.items():
        to_communes = successors.get(commune, {_UNKNOWN})
        for level, upper in uppers.items():
            successors[upper] |= {
                above.get(to_commune, {}).get(level, _UNKNOWN) for to_commune in to_communes
            }


def _predecessors(successors: Links, whole: Mapping[int, int], above: Above) -> dict[int, int]:
    """The one unit that each unit is made of, where it is made of one whole unit."""
    sources: dict[int, set[int]] = defaultdict(set)
    for pk, to_units in successors.items():
        for to_unit in to_units:
            sources[to_unit].add(pk)
    for commune, uppers in above.items():
        if commune not in sources:
            for upper in uppers.values():
                sources[upper].add(_UNKNOWN)
    return {to_unit: pk for pk, to_unit in whole.items() if sources[to_unit] == {pk}}


def _forget_other_provinces(
    step: dict[int, int], units: list[tuple[int, int, str, str]], chain: list[BoundaryEdition]
) -> None:
    """A merged province is more than the part of it that its edition lists here."""
    names = {edition.pk: edition.province_name for edition in chain}
    name_of = {pk: names[edition] for pk, edition, level, _path in units if level == Level.PROVINCE}
    for later in name_of.keys() & step.keys():
        if name_of[later] != name_of[step[later]]:
            del step[later]
