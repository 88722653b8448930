"""Units written to the register: a new edition with its tree, corrected names in an old one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.core.fields import with_derived
from lms.geography.domain.areas import record_areas
from lms.geography.domain.registered import registered_units
from lms.geography.domain.rules import Handover, ListedUnit, display_name
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition, UnitSuccession


@dataclass(frozen=True)
class EditionFacts:
    """What an edition says of itself."""

    code: str
    valid_from: date
    valid_to: date | None
    legal_basis: str


@dataclass(frozen=True)
class Correction:
    """Kind and name that a unit is to have."""

    pk: int
    kind: str
    name: str


def hold_editions() -> list[BoundaryEdition]:
    """Lock all editions, oldest first, held until the transaction ends."""
    return list(BoundaryEdition.objects.select_for_update().order_by("valid_from"))


def add_edition(
    *,
    facts: EditionFacts,
    units: Sequence[ListedUnit],
    handovers: Iterable[Handover],
    before: BoundaryEdition | None,
) -> dict[str, AdministrativeUnit]:
    """Write a new edition whose units keep the rules; its units by code.

    `handovers` say what its units were made of among those of the edition `before`. The areas are
    worked out anew. The caller holds the transaction.
    """
    province = next(unit for unit in units if unit.level == Level.PROVINCE)
    edition = BoundaryEdition.objects.create(
        code=facts.code,
        valid_from=facts.valid_from,
        valid_to=facts.valid_to,
        province_name=province.name,
        legal_basis=facts.legal_basis,
    )
    made = grow_tree(edition=edition, units=units, root_step=next_root_step())
    AdministrativeUnit.objects.bulk_create(made.values())
    former = dict(before.units.values_list("code", "pk")) if before else {}
    UnitSuccession.objects.bulk_create(
        UnitSuccession(
            from_unit_id=former[one.from_code], to_unit=made[one.to_code], extent=one.extent
        )
        for one in handovers
    )
    record_areas()
    return made


def grow_tree(
    *, edition: BoundaryEdition, units: Iterable[ListedUnit], root_step: int
) -> dict[str, AdministrativeUnit]:
    """Return unsaved units by code with treebeard's columns worked out, parents first."""
    depth = list(Level.values).index
    in_order = sorted(units, key=lambda unit: depth(unit.level))
    listed = {unit.code: unit for unit in in_order}
    made: dict[str, AdministrativeUnit] = {}
    for unit in in_order:
        parent = made.get(unit.parent_code)
        if parent is None:
            path, steps = _step(root_step), 1
        else:
            parent.numchild += 1
            path, steps = parent.path + _step(parent.numchild), parent.depth + 1
        made[unit.code] = AdministrativeUnit(
            edition=edition,
            level=unit.level,
            code=unit.code,
            kind=unit.kind,
            name=unit.name,
            display_name=display_name(unit=unit, parent=listed.get(unit.parent_code)),
            path=path,
            depth=steps,
            numchild=0,
        )
    return made


def next_root_step() -> int:
    """Return the place of the next tree."""
    last_root = AdministrativeUnit.get_last_root_node()
    return _last_step(last_root.path) + 1 if last_root else 1


def correct_names(*, edition: BoundaryEdition, corrections: Iterable[Correction]) -> None:
    """Write kinds and names, and what follows: names with the district, that of the province.

    What a unit was called first is kept, since the files that were loaded may go on saying it.
    The caller holds the edition.
    """
    units = {unit.pk: unit for unit in edition.units.select_for_update()}
    changed = []
    for one in corrections:
        unit = units[one.pk]
        first = unit.first_name or f"{unit.kind} {unit.name}"
        unit.kind, unit.name = one.kind, one.name
        unit.first_name = first if first != f"{unit.kind} {unit.name}" else ""
        changed.append(unit)
        if unit.level == Level.PROVINCE:
            correct_facts(edition=edition, facts={"province_name": unit.name})
    AdministrativeUnit.objects.bulk_update(changed, ["kind", "name", "first_name"], batch_size=500)
    _name_with_districts(edition, units.values())


def correct_facts(*, edition: BoundaryEdition, facts: Mapping[str, Any]) -> None:
    """Write what a list says anew of the edition as a whole. The caller holds the edition."""
    for name, value in facts.items():
        setattr(edition, name, value)
    edition.save(update_fields=list(facts))


def _name_with_districts(edition: BoundaryEdition, units: Iterable[AdministrativeUnit]) -> None:
    listed = {code: known.listed for code, known in registered_units(edition=edition).items()}
    renamed = []
    for unit in units:
        own = listed[unit.code]
        name = display_name(unit=own, parent=listed.get(own.parent_code))
        if name != unit.display_name:
            unit.display_name = name
            renamed.append(unit)
    if renamed:
        columns = with_derived(renamed, ["display_name"])
        AdministrativeUnit.objects.bulk_update(renamed, columns, batch_size=500)


def _step(number: int) -> str:
    """Return the part of a treebeard path that stands for the child with this number."""
    node = AdministrativeUnit
    return node.numconv_obj().int2str(number).rjust(node.steplen, node.alphabet[0])


def _last_step(path: str) -> int:
    return int(AdministrativeUnit.numconv_obj().str2int(path[-AdministrativeUnit.steplen :]))
