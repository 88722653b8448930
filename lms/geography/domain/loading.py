"""From a folder of official lists to the tables of places."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from lms.geography.domain.areas import record_areas
from lms.geography.domain.checking import (
    SUCCESSIONS_FILE,
    CheckedEdition,
    read_editions,
    read_successions,
)
from lms.geography.domain.files import BoundaryFileError, Row
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition, UnitSuccession


@dataclass(frozen=True)
class LoadResult:
    """How many rows the files hold, and how many of them were new."""

    editions: int
    editions_added: int
    units: int
    units_added: int
    successions: int
    successions_added: int


def load_boundaries(*, folder: Path) -> LoadResult:
    """Load every edition of the folder; a second run changes nothing.

    Everything is checked before anything is written, and all is written or nothing. An
    edition that is loaded already is never changed, since facts stand on its units: files
    that say otherwise are refused. Only the last day of an edition may be filled in.
    Raises BoundaryFileError, whose sentence names the file and the line.
    """
    editions = read_editions(folder)
    successions = read_successions(folder, editions)
    with transaction.atomic():
        known = set(BoundaryEdition.objects.values_list("code", flat=True))
        new = [edition for edition in editions if edition.code not in known]
        for edition in editions:
            if edition.code in known:
                _keep_edition(edition)
        units_added = _add_editions(new)
        successions_added = _add_successions(successions, {edition.code for edition in new})
        record_areas()
    return LoadResult(
        editions=len(editions),
        editions_added=len(new),
        units=sum(len(edition.units) for edition in editions),
        units_added=units_added,
        successions=len(successions),
        successions_added=successions_added,
    )


def _keep_edition(edition: CheckedEdition) -> None:
    """Refuse other units under a known code; write the last day when it has become known."""
    stored = BoundaryEdition.objects.get(code=edition.code)
    if stored.valid_from != edition.valid_from:
        raise edition.row.error(
            _("the edition %(code)s is loaded already with another first day.")
            % {"code": edition.code}
        )
    names = dict(stored.units.values_list("code", "display_name"))
    for code, row in edition.units.items():
        if names.pop(code, None) != _display_name(row, edition.units):
            raise row.error(
                _("the edition %(edition)s is loaded already, and its unit %(code)s is another.")
                % {"edition": edition.code, "code": code}
            )
    if names:
        raise BoundaryFileError(
            f"units_{edition.code}.csv",
            _("the edition %(edition)s is loaded already with the units %(codes)s, too.")
            % {"edition": edition.code, "codes": ", ".join(sorted(names))},
        )
    if stored.valid_to != edition.valid_to:
        stored.valid_to = edition.valid_to
        stored.save(update_fields=["valid_to"])


def _add_editions(editions: list[CheckedEdition]) -> int:
    """Write new editions and their trees in two statements; the number of units."""
    stored = BoundaryEdition.objects.bulk_create(
        BoundaryEdition(
            code=edition.code,
            valid_from=edition.valid_from,
            valid_to=edition.valid_to,
            province_name=edition.row["province"],
            legal_basis=edition.row["legal_basis"],
        )
        for edition in editions
    )
    last_root = AdministrativeUnit.get_last_root_node()
    first_step = _last_step(last_root.path) + 1 if last_root else 1
    units: list[AdministrativeUnit] = []
    for step, (edition, row) in enumerate(zip(editions, stored, strict=True), start=first_step):
        units += _tree(edition, row, root_step=step)
    return len(AdministrativeUnit.objects.bulk_create(units))


def _tree(
    edition: CheckedEdition, stored: BoundaryEdition, *, root_step: int
) -> list[AdministrativeUnit]:
    """Unsaved units with treebeard's columns worked out, parents first."""
    made: dict[str, AdministrativeUnit] = {}
    for code, row in edition.units.items():
        parent = made.get(row["parent_code"])
        if parent is None:
            path, depth = _step(root_step), 1
        else:
            parent.numchild += 1
            path, depth = parent.path + _step(parent.numchild), parent.depth + 1
        made[code] = AdministrativeUnit(
            edition=stored,
            level=row["level"],
            code=code,
            kind=row["type"],
            name=row["name"],
            display_name=_display_name(row, edition.units),
            path=path,
            depth=depth,
            numchild=0,
        )
    return list(made.values())


def _add_successions(rows: list[Row], new_editions: set[str]) -> int:
    """Write the successions that touch a new edition; compare the others."""
    ids = {
        (edition, code): pk
        for edition, code, pk in AdministrativeUnit.objects.values_list(
            "edition__code", "code", "pk"
        )
    }
    stored = {
        (from_unit, to_unit): extent
        for from_unit, to_unit, extent in UnitSuccession.objects.values_list(
            "from_unit", "to_unit", "extent"
        )
    }
    added = []
    for row in rows:
        pair = (
            ids[row["from_edition"], row["from_code"]],
            ids[row["to_edition"], row["to_code"]],
        )
        if {row["from_edition"], row["to_edition"]} & new_editions:
            added.append(
                UnitSuccession(from_unit_id=pair[0], to_unit_id=pair[1], extent=row["extent"])
            )
        elif stored.pop(pair, None) != row["extent"]:
            raise row.error(_("both editions are loaded already without this succession."))
    _refuse_lost(stored, ids, {row["from_edition"] for row in rows})
    return len(UnitSuccession.objects.bulk_create(added))


def _refuse_lost(
    stored: dict[tuple[int, int], str],
    ids: dict[tuple[str, str], int],
    editions: set[str],
) -> None:
    """A loaded succession between editions of these files must still stand in them."""
    keys = {pk: key for key, pk in ids.items()}
    lost = sorted(keys[pair[0]] for pair in stored if keys[pair[0]][0] in editions)
    if lost:
        raise BoundaryFileError(
            SUCCESSIONS_FILE,
            _("the loaded succession of %(unit)s in the edition %(edition)s is missing.")
            % {"unit": lost[0][1], "edition": lost[0][0]},
        )


def _display_name(row: Row, units: dict[str, Row]) -> str:
    """A commune with what stands above it, since names repeat inside a province."""
    own = f"{row['type']} {row['name']}"
    if row["level"] != Level.COMMUNE:
        return own
    above = units[row["parent_code"]]
    return f"{own}, {above['type']} {above['name']}"


def _step(number: int) -> str:
    """The part of a treebeard path that stands for the child with this number."""
    node = AdministrativeUnit
    return node.numconv_obj().int2str(number).rjust(node.steplen, node.alphabet[0])


def _last_step(path: str) -> int:
    return int(AdministrativeUnit.numconv_obj().str2int(path[-AdministrativeUnit.steplen :]))
