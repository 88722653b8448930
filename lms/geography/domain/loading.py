"""From a folder of official lists to the tables of places."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from lms.geography.domain.areas import record_areas
from lms.geography.domain.checking import (
    SUCCESSIONS_FILE,
    CheckedEdition,
    as_unit,
    read_editions,
    read_successions,
)
from lms.geography.domain.files import BoundaryFileRefusal, Row
from lms.geography.domain.registered import (
    RegisteredUnit,
    is_another,
    other_first_day,
    other_succession,
    registered_units,
)
from lms.geography.domain.rules import ListedUnit
from lms.geography.domain.writing import grow_tree, next_root_step
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
    that say otherwise are refused. Only the last day of an edition may be filled in. A name that
    a list has corrected stays corrected.
    Raises BoundaryFileRefusal, whose sentence names the file and the line.
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
        raise edition.row.refusal("first_day_changed", other_first_day(edition=edition.code))
    known = registered_units(edition=stored)
    for code, row in edition.units.items():
        unit = as_unit(row)
        sentence = is_another(unit=unit, known=known.get(code), edition=edition.code)
        if sentence or not _is_called(unit, known[code]):
            raise row.refusal("unit_changed", sentence or _other_name(edition.code, code))
        del known[code]
    if known:
        raise BoundaryFileRefusal(
            "units_lost",
            _("the edition %(edition)s has already been loaded with further units: %(codes)s.")
            % {"edition": edition.code, "codes": ", ".join(sorted(known))},
            file=f"units_{edition.code}.csv",
        )
    if stored.valid_to != edition.valid_to:
        stored.valid_to = edition.valid_to
        stored.save(update_fields=["valid_to"])


def _is_called(unit: ListedUnit, known: RegisteredUnit) -> bool:
    """Return whether the name is the one of the register,
    or the one that it had before a correction.
    """
    return unit.own_name in (known.listed.own_name, known.first_name)


def _other_name(edition: str, code: str) -> str:
    sentence = _(
        "the edition %(edition)s has already been loaded, and its unit %(code)s is different."
    )
    return sentence % {"edition": edition, "code": code}


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
    units: list[AdministrativeUnit] = []
    for step, (edition, row) in enumerate(
        zip(editions, stored, strict=True), start=next_root_step()
    ):
        listed = [as_unit(unit) for unit in edition.units.values()]
        units += grow_tree(edition=row, units=listed, root_step=step).values()
    return len(AdministrativeUnit.objects.bulk_create(units))


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
            raise row.refusal("succession_changed", other_succession())
    _refuse_lost(stored, ids, {row["from_edition"] for row in rows})
    return len(UnitSuccession.objects.bulk_create(added))


def _refuse_lost(
    stored: dict[tuple[int, int], str],
    ids: dict[tuple[str, str], int],
    editions: set[str],
) -> None:
    """Refuse files that lost a loaded succession between their editions:
    it must still stand in them.
    """
    keys = {pk: key for key, pk in ids.items()}
    lost = sorted(keys[pair[0]] for pair in stored if keys[pair[0]][0] in editions)
    if lost:
        raise BoundaryFileRefusal(
            "succession_lost",
            _("the loaded succession of %(unit)s in the edition %(edition)s is missing.")
            % {"unit": lost[0][1], "edition": lost[0][0]},
            file=SUCCESSIONS_FILE,
        )
