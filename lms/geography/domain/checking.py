"""What makes a set of boundary files whole: checked before a single row is written."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path

from django.utils.translation import gettext as _

from lms.geography.domain.files import BoundaryFileError, Row, read_rows
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

# Which level may stand above: the newest edition has no districts.
_PARENT_LEVELS: dict[str, tuple[str, ...]] = {
    Level.PROVINCE: (),
    Level.DISTRICT: (Level.PROVINCE,),
    Level.COMMUNE: (Level.DISTRICT, Level.PROVINCE),
}


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
    """All editions of the folder with their units, oldest first; raises BoundaryFileError."""
    editions: dict[str, CheckedEdition] = {}
    for row in read_rows(folder / EDITIONS_FILE, EDITION_COLUMNS):
        edition = _edition(row)
        if edition.code in editions:
            raise row.error(
                _("the edition %(code)s is listed a second time.") % {"code": edition.code}
            )
        editions[edition.code] = edition
    if not editions:
        raise BoundaryFileError(EDITIONS_FILE, _("the file lists no edition."))
    for edition in editions.values():
        edition.units = _units(folder, edition)
    return sorted(editions.values(), key=lambda one: one.valid_from)


def read_successions(folder: Path, editions: list[CheckedEdition]) -> list[Row]:
    """What became of each unit, from one edition to the next; raises BoundaryFileError."""
    by_code = {edition.code: edition for edition in editions}
    following = {earlier.code: later.code for earlier, later in pairwise(editions)}
    rows = read_rows(folder / SUCCESSIONS_FILE, SUCCESSION_COLUMNS)
    for row in rows:
        for end in ("from", "to"):
            _check_end(row, by_code, end)
        if following.get(row["from_edition"]) != row["to_edition"]:
            raise row.error(
                _("%(later)s is not the edition that follows %(earlier)s.")
                % {"later": row["to_edition"], "earlier": row["from_edition"]}
            )
        _check_choice(row, "extent", Extent.values)
    _check_whole(rows)
    return rows


def _edition(row: Row) -> CheckedEdition:
    for column in ("edition", "valid_from", "province", "legal_basis"):
        _check_filled(row, column)
    edition = CheckedEdition(
        row=row,
        valid_from=_day(row, "valid_from"),
        valid_to=_day(row, "valid_to") if row["valid_to"] else None,
    )
    if edition.valid_to and edition.valid_to < edition.valid_from:
        raise row.error(_("the edition ends before it begins."))
    for column in ("districts", "communes"):
        if not row[column].isdecimal():
            raise row.error(
                _("“%(value)s” in the column “%(column)s” is not a number.")
                % {"value": row[column], "column": column}
            )
    return edition


def _units(folder: Path, edition: CheckedEdition) -> dict[str, Row]:
    rows = read_rows(folder / f"units_{edition.code}.csv", UNIT_COLUMNS)
    units: dict[str, Row] = {}
    for row in rows:
        _check_choice(row, "level", Level.values)
        for column in ("code", "type", "name"):
            _check_filled(row, column)
        if row["code"] in units:
            raise row.error(
                _("the code %(code)s already stands on line %(line)s.")
                % {"code": row["code"], "line": units[row["code"]].line}
            )
        units[row["code"]] = row
    for row in rows:
        _check_parent(row, units)
    _check_counts(edition, rows)
    depth = list(Level.values).index
    return {row["code"]: row for row in sorted(rows, key=lambda one: depth(one["level"]))}


def _check_parent(row: Row, units: dict[str, Row]) -> None:
    allowed = _PARENT_LEVELS[row["level"]]
    parent = units.get(row["parent_code"])
    if not allowed:
        if row["parent_code"]:
            raise row.error(_("a province has no unit above it."))
        return
    if parent is None:
        raise row.error(
            _("the unit above, %(parent)s, is not in the file.")
            % {"parent": row["parent_code"] or "–"}
        )
    if parent["level"] not in allowed:
        raise row.error(
            _("the unit above, %(parent)s, is of the level “%(level)s”.")
            % {"parent": row["parent_code"], "level": parent["level"]}
        )


def _check_counts(edition: CheckedEdition, rows: list[Row]) -> None:
    counts = Counter(row["level"] for row in rows)
    file = f"units_{edition.code}.csv"
    if counts[Level.PROVINCE] != 1:
        raise BoundaryFileError(
            file,
            _("the file has %(count)s provinces; it must have one.")
            % {"count": counts[Level.PROVINCE]},
        )
    for column, level in (("districts", Level.DISTRICT), ("communes", Level.COMMUNE)):
        expected = int(edition.row[column])
        if counts[level] != expected:
            raise edition.row.error(
                _(
                    "the edition announces %(expected)s in the column “%(column)s”, "
                    "but %(file)s has %(found)s."
                )
                % {
                    "expected": expected,
                    "column": column,
                    "file": file,
                    "found": counts[level],
                }
            )


def _check_end(row: Row, editions: dict[str, CheckedEdition], end: str) -> None:
    code, unit = row[f"{end}_edition"], row[f"{end}_code"]
    if code not in editions:
        raise row.error(_("the edition %(code)s is not known.") % {"code": code})
    if unit not in editions[code].units:
        raise row.error(
            _("the unit %(unit)s is not in the edition %(code)s.") % {"unit": unit, "code": code}
        )


def _check_whole(rows: list[Row]) -> None:
    """A unit that went over whole has one successor, and no pair stands twice."""
    seen: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        others = seen.setdefault((row["from_edition"], row["from_code"]), [])
        for other in others:
            if other["to_code"] == row["to_code"]:
                raise row.error(
                    _("this succession already stands on line %(line)s.") % {"line": other.line}
                )
            if Extent.WHOLE in (row["extent"], other["extent"]):
                raise row.error(
                    _("the unit %(unit)s went over whole and cannot have two successors.")
                    % {"unit": row["from_code"]}
                )
        others.append(row)


def _check_choice(row: Row, column: str, choices: list[str]) -> None:
    if row[column] not in choices:
        raise row.error(
            _("“%(value)s” in the column “%(column)s” is none of: %(choices)s.")
            % {"value": row[column], "column": column, "choices": ", ".join(choices)}
        )


def _check_filled(row: Row, column: str) -> None:
    if not row[column]:
        raise row.error(_("the column “%(column)s” is empty.") % {"column": column})


def _day(row: Row, column: str) -> date:
    try:
        return date.fromisoformat(row[column])
    except ValueError as error:
        raise row.error(
            _("“%(value)s” in the column “%(column)s” is not a day; write YYYY-MM-DD.")
            % {"value": row[column], "column": column}
        ) from error
