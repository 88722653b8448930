"""Several lists of people in one sheet, below or beside each other, each with a heading of its own."""

import re
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext
from xlsxwriter.utility import xl_col_to_name

from lms.importing.reading.sheets import Cell, Row, Sheet
from lms.importing.reading.vocabulary import heading, is_known, is_letterhead, is_signature

_NAMES = {"ho va ten", "ho ten dem"}
_YEARS = range(1900, 2101)
_BIRTH_OR_PHONE = re.compile(r"(\d{1,2}[/.-]){0,2}(19|20)\d{2}|\+?\d[\d .-]{7,13}\d")
_NAME = re.compile(r"[^\W\d_]+( [^\W\d_]+){1,6}")
# What a heading of its own names at least: the people, and something about them.
_KNOWN = 2


def split_tables(sheet: Sheet) -> list[Sheet]:
    """Return the sheet, or a sheet for each of its lists: rows keep their numbers.

    A heading that comes again below with the same words goes on with the same list; one whose words
    come again in the same row heads a list beside the first.
    """
    return [part for below in _below_each_other(sheet) for part in _beside_each_other(below)]


def _below_each_other(sheet: Sheet) -> list[Sheet]:
    starts: list[int] = []
    labels: list[str] = []
    for number, row in enumerate(sheet.rows):
        words = _heading_of(row)
        if words and words != labels:
            # A title above the heading belongs to it.
            starts.append(_with_title(sheet.rows, number, starts[-1] + 1 if starts else 0))
            labels = words
    if len(starts) <= 1:
        return [sheet]
    ends = [*starts[1:], len(sheet.rows)]
    return [
        _part(sheet, first if place else 0, end, place + 1)
        for place, (first, end) in enumerate(zip(starts, ends, strict=True))
    ]


def _beside_each_other(sheet: Sheet) -> list[Sheet]:
    found = next(((n, row) for n, row in enumerate(sheet.rows) if _heading_of(row)), None)
    starts = _starts_of(found[1]) if found else []
    if not found or not starts:
        return [sheet]
    # What stands left of the first list belongs to it, and all that is right of the last to that.
    ends = [*starts[1:], max(map(len, sheet.rows))]
    return [
        _columns_of(sheet, found[0], range(start if place else 0, end), place + 1)
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def _starts_of(row: Row) -> list[int]:
    """Return the first column of each list where the words of a heading come again in it."""
    places = [place for place, cell in enumerate(row) if cell is not None]
    words = [heading(str(row[place])) for place in places]
    for width in range(_KNOWN, len(words) // 2 + 1):
        if words == words[:width] * (len(words) // width):
            return places[::width]
    return []


def _columns_of(sheet: Sheet, head: int, columns: range, number: int) -> Sheet:
    """Return a sheet of these columns; titles, and what heads a group, stand over all of the lists."""
    name = gettext("table %(number)d, from column %(column)s") % {
        "number": number,
        "column": xl_col_to_name(columns.start),
    }
    rows = [
        row if place < head or _fills_one(row) else row[columns.start : columns.stop]
        for place, row in enumerate(sheet.rows)
    ]
    return replace(
        sheet,
        name=f"{sheet.name} – {name}" if sheet.name else name,
        rows=[list(row) for row in rows],
        merged=[
            (top, left - columns.start, low, right - columns.start)
            for top, left, low, right in sheet.merged
            if left in columns and right in columns
        ],
        hidden_columns=frozenset(
            column - columns.start for column in sheet.hidden_columns if column in columns
        ),
    )


def _fills_one(row: Row) -> bool:
    return sum(cell is not None for cell in row) == 1


def looks_like_person(row: Row) -> bool:
    """Return whether a row names somebody, with a birth or a phone number in another cell."""
    texts = [" ".join(cell.split()) for cell in row if isinstance(cell, str)]
    named = [text for text in texts if _NAME.fullmatch(text) and _is_proper(text)]
    official = is_letterhead(texts) or any(map(is_signature, texts))
    return bool(named) and not official and any(map(_is_birth_or_phone, row))


def is_full_name(text: str) -> bool:
    """Return whether a text is words as a person's name has them, more than communes have."""
    return bool(_NAME.fullmatch(text)) and text.title() == text and text.count(" ") > 1


def _is_proper(text: str) -> bool:
    return text.title() == text or (text.isupper() and not is_known(text))


def _is_birth_or_phone(cell: Cell) -> bool:
    if isinstance(cell, date):
        return True
    if isinstance(cell, int):
        return cell in _YEARS or cell > 10**8
    return isinstance(cell, str) and bool(_BIRTH_OR_PHONE.fullmatch(cell.strip()))


def _heading_of(row: Row) -> list[str]:
    """Return the words of the headings, none for a row that does not name columns of people."""
    texts = [cell for cell in row if isinstance(cell, str)]
    words = [heading(text) for text in texts]
    known = sum(map(is_known, texts))
    names = any(word in _NAMES for word in words)
    return words if names and known >= _KNOWN and known * 2 >= len(texts) else []


def _with_title(rows: list[Row], start: int, after: int) -> int:
    while start > after and sum(cell is not None for cell in rows[start - 1]) <= 1:
        start -= 1
    return start


def _part(sheet: Sheet, first: int, end: int, number: int) -> Sheet:
    name = gettext("table %(number)d, from row %(row)d") % {"number": number, "row": first + 1}
    return replace(
        sheet,
        name=f"{sheet.name} – {name}" if sheet.name else name,
        rows=[*([] for _row in range(first)), *sheet.rows[first:end]],
        merged=[merge for merge in sheet.merged if first <= merge[0] < end],
    )
