"""What makes a set of boundary files whole: checked before a single row is written."""

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path

from django.utils.translation import gettext as _

from lms.geography.domain.files import BoundaryFileRefusal, Row, read_rows
from lms.geography.domain.rules import (
    Handover,
    ListedUnit,
    Problem,
    empty_fields,
    handover_problems,
    missing_unit,
    unit_problems,
    wrong_counts,
    wrong_days,
)
from lms.geography.enums import Extent, Level

EDITIONS_FILE = "editions.csv"
SUCCESSIONS_FILE = "successions.csv"
EDITION_COLUMNS = (
    "edition",
    "valid_from",
    "valid_to",
    "province",
    "districts",
    "communes",
    "legal_basis",
)
UNIT_COLUMNS = ("level", "code", "parent_code", "type", "name")
SUCCESSION_COLUMNS = ("from_edition", "from_code", "to_edition", "to_code", "extent")

# What the files call the fields of a unit.
_COLUMN_OF = {"kind": "type"}


@dataclass
class CheckedEdition:
    """One edition of the files; `units` by code, each parent before its children."""

    row: Row
    valid_from: date
    valid_to: date | None
    units: dict[str, Row] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.row["edition"]


def read_editions(folder: Path) -> list[CheckedEdition]:
    """Read all editions of the folder with their units, oldest first;
    raise BoundaryFileRefusal.
    """
    editions: dict[str, CheckedEdition] = {}
    for row in read_rows(folder / EDITIONS_FILE, EDITION_COLUMNS):
        edition = _edition(row)
        if edition.code in editions:
            raise row.refusal(
                "edition_twice",
                _("the edition %(code)s is listed a second time.") % {"code": edition.code},
            )
        editions[edition.code] = edition
    if not editions:
        raise BoundaryFileRefusal("no_edition", _("the file lists no edition."), file=EDITIONS_FILE)
    for edition in editions.values():
        edition.units = _units(folder, edition)
    return sorted(editions.values(), key=lambda one: one.valid_from)


def read_successions(folder: Path, editions: list[CheckedEdition]) -> list[Row]:
    """Read what became of each unit, from one edition to the next; raise BoundaryFileRefusal."""
    by_code = {edition.code: edition for edition in editions}
    following = {earlier.code: later.code for earlier, later in pairwise(editions)}
    rows = read_rows(folder / SUCCESSIONS_FILE, SUCCESSION_COLUMNS)
    for row in rows:
        for end in ("from", "to"):
            _check_end(row, by_code, end)
        if following.get(row["from_edition"]) != row["to_edition"]:
            raise row.refusal(
                "edition_skipped",
                _("%(later)s is not the edition that follows %(earlier)s.")
                % {"later": row["to_edition"], "earlier": row["from_edition"]},
            )
        _check_choice(row, "extent", Extent.values)
    _check_handovers(rows, editions)
    return rows


def as_unit(row: Row) -> ListedUnit:
    return ListedUnit(
        row.line, row["level"], row["code"], row["type"], row["name"], row["parent_code"]
    )


def _edition(row: Row) -> CheckedEdition:
    for column in ("edition", "valid_from", "province", "legal_basis"):
        _check_filled(row, column)
    edition = CheckedEdition(
        row=row,
        valid_from=_day(row, "valid_from"),
        valid_to=_day(row, "valid_to") if row["valid_to"] else None,
    )
    if sentence := wrong_days(valid_from=edition.valid_from, valid_to=edition.valid_to):
        raise row.refusal("days_wrong", sentence)
    for column in ("districts", "communes"):
        if not row[column].isdecimal():
            raise row.refusal(
                "not_a_number",
                _("“%(value)s” in the column “%(column)s” is not a number.")
                % {"value": row[column], "column": column},
            )
    return edition


def _units(folder: Path, edition: CheckedEdition) -> dict[str, Row]:
    rows = read_rows(folder / f"units_{edition.code}.csv", UNIT_COLUMNS)
    for row in rows:
        _check_choice(row, "level", Level.values)
        for name in empty_fields(unit=as_unit(row)):
            _check_filled(row, _COLUMN_OF.get(name, name))
    _raise_first(unit_problems(units=[as_unit(row) for row in rows]), rows)
    _check_counts(edition, rows)
    depth = list(Level.values).index
    return {row["code"]: row for row in sorted(rows, key=lambda one: depth(one["level"]))}


def _check_counts(edition: CheckedEdition, rows: list[Row]) -> None:
    columns = {Level.DISTRICT: "districts", Level.COMMUNE: "communes"}
    file = f"units_{edition.code}.csv"
    announced = {level: int(edition.row[column]) for level, column in columns.items()}
    for wrong in wrong_counts(units=[as_unit(row) for row in rows], announced=announced):
        if wrong.level == Level.PROVINCE:
            raise BoundaryFileRefusal(
                "province_count",
                _("the file has %(count)s provinces; it must have one.") % {"count": wrong.found},
                file=file,
            )
        raise edition.row.refusal(
            "unit_count",
            _(
                "the edition declares %(expected)s in the column “%(column)s”, but %(file)s has "
                "%(found)s."
            )
            % {
                "expected": wrong.announced,
                "column": columns[wrong.level],
                "file": file,
                "found": wrong.found,
            },
        )


def _check_end(row: Row, editions: dict[str, CheckedEdition], end: str) -> None:
    code, unit = row[f"{end}_edition"], row[f"{end}_code"]
    if code not in editions:
        raise row.refusal(
            "edition_unknown",
            _("the edition %(code)s is not known.") % {"code": code},
        )
    if unit not in editions[code].units:
        raise row.refusal("unit_unknown", missing_unit(code=unit, edition=code))


def _check_handovers(rows: list[Row], editions: list[CheckedEdition]) -> None:
    for earlier, later in pairwise(editions):
        own = [row for row in rows if row["from_edition"] == earlier.code]
        found = handover_problems(
            handovers=[
                Handover(row.line, row["from_code"], row["to_code"], row["extent"]) for row in own
            ],
            before=earlier.code,
            former={code: row["level"] for code, row in earlier.units.items()},
            new={code: row["level"] for code, row in later.units.items()},
        )
        _raise_first(found, own)


def _raise_first(problems: list[Problem], rows: list[Row]) -> None:
    for row in rows:
        for problem in problems:
            if problem.number == row.line:
                raise row.refusal("rule_broken", problem.sentence, field=problem.field)


def _check_choice(row: Row, column: str, choices: list[str]) -> None:
    if row[column] not in choices:
        raise row.refusal(
            "not_a_choice",
            _("“%(value)s” in the column “%(column)s” is not one of: %(choices)s.")
            % {"value": row[column], "column": column, "choices": ", ".join(choices)},
        )


def _check_filled(row: Row, column: str) -> None:
    if not row[column]:
        raise row.refusal(
            "column_empty", _("the column “%(column)s” is empty.") % {"column": column}
        )


def _day(row: Row, column: str) -> date:
    try:
        return date.fromisoformat(row[column])
    except ValueError as error:
        raise row.refusal(
            "not_a_date",
            _("“%(value)s” in the column “%(column)s” is not a date; write YYYY-MM-DD.")
            % {"value": row[column], "column": column},
        ) from error
