"""The grid of a class that comes back as a file, or the table of an office: a row for each cell."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from attendance.domain.grid import SEPARATOR
from attendance.domain.paper.sheet_codes import read_sheet_code
from attendance.domain.paper.typed_sheet import read_noted
from attendance.domain.status_words import sign_of
from attendance.enums import PRESENT_STATUSES, AttendanceStatus
from attendance.resources.matrix_reading import read_sign, session_in_heading
from lms.core.codes import normalise_code
from lms.core.refusal import Refusal
from lms.importing.extensions import FoundTable, TableForm, TextRow
from lms.importing.reading.cells import as_text
from lms.importing.reading.mapping import suggest_mapping
from lms.spreadsheets.import_rows import ImportColumn
from lms.spreadsheets.tables import cell_name

# The code stands at the end of the heading; what people write before or after it does not matter.
_CODE: Final = re.compile(r"\[([^\[\]]*)\]")
_MINUTES: Final = re.compile(rf"\s*{re.escape(SEPARATOR.strip())}\s*(?P<minutes>\d{{1,4}})\s*")
#: By what a person is known; what else stands beside the name is for the eye.
_PEOPLE: Final = ("run_code", "staff_code", "full_name", "phone", "year_of_birth")
#: An office that knows no codes of sessions knows none of people either.
_PLACES: Final = ("unit", "district")


def grid_form(columns: Sequence[ImportColumn]) -> TableForm:
    """Return the shape of a grid for a list with these columns."""
    return TableForm(
        recognises=lambda labels: any(
            _code_in(label) or session_in_heading(label) for label in labels
        ),
        read=lambda table: _read(table, columns),
    )


def _read(table: FoundTable, columns: Sequence[ImportColumn]) -> tuple[list[TextRow], list[str]]:
    """Return a row for each cell below a session, in the order of the file.

    A heading whose code is none is a row of its own, to be refused; other columns are left out.
    """
    labels = table.labels
    codes = {place: code for place, label in enumerate(labels) if (code := _code_in(label))}
    named = _PEOPLE if codes else (*_PEOPLE, *_PLACES)
    people = suggest_mapping(labels, [column for column in columns if column.key in named])
    head = table.header_rows[-1]
    misread = [place for place, code in codes.items() if read_sheet_code(code) is None]
    rows = [
        TextRow(head, {"session_code": codes[place]}, address=cell_name(head, place))
        for place in misread
    ]
    sessions = _sessions_of(labels, codes)
    for row in table.rows:
        rows += _cells(row, people, {at: sessions[at] for at in sessions if at not in misread})
    for line, one in enumerate(rows, start=1):
        one.line = line
    others = set(range(len(labels))) - set(sessions) - set(people.values())
    # A column without a heading is told as well where it holds anything.
    held = {at for at in others if labels[at] or any(as_text(row.cells[at]) for row in table.rows)}
    return rows, [f"{cell_name(head, at)} {labels[at] or '–'}" for at in sorted(held)]


def _sessions_of(labels: Sequence[str], codes: Mapping[int, str]) -> dict[int, dict[str, str]]:
    """Return what names the session of each column: its code, else number and day."""
    if codes:
        return {place: {"session_code": code} for place, code in codes.items()}
    named = enumerate(map(session_in_heading, labels))
    return {place: session for place, session in named if session}


def _cells(
    row: Any, people: Mapping[str, int], sessions: Mapping[int, Mapping[str, str]]
) -> Iterator[TextRow]:
    who = {key: as_text(row.cells[place]) for key, place in people.items()}
    for place, session in sessions.items():
        address = cell_name(row.number, place)
        one = TextRow(row.number, {**who, **session}, address=address)
        text = as_text(row.cells[place])
        sign = None if "session_code" in session else read_sign(text)
        try:
            one.cells |= read_cell(text) if sign is None else sign
        except Refusal as refusal:
            one.cells["status"], one.fault = text, refusal.message
        yield one


def read_cell(text: str) -> dict[str, str]:
    """Return the cells of a list that say what one cell of a grid does; none for an empty one.

    The minutes behind the dot follow from what was noted: they are read to be compared, no more.
    """
    found = _MINUTES.search(text)
    noted = text[: found.start()].strip() if found else text
    if not noted:
        return {}
    mark = read_noted(noted)
    cells = {"status": sign_of(mark.status)}
    if mark.status == AttendanceStatus.LATE:
        cells["minutes_late"] = str(mark.minutes_late)
    if mark.status in PRESENT_STATUSES:
        cells["minutes_left_early"] = str(mark.minutes_left_early or 0)
    if found:
        cells["minutes"] = found["minutes"]
    return cells


def _code_in(label: str) -> str:
    """Return what stands in a heading in the place of a code, "" for nothing."""
    found = [text for text in _CODE.findall(label) if normalise_code(text)]
    return found[-1] if found else ""
