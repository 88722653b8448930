"""The tables of a web page: many programs write one and call it .xls."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from lms.importing.reading.merges import Merge
from lms.importing.reading.workbook_reader_process import MAX_COLUMNS

# Every sign is met once: none of the parts reaches over the next tag.
_TOKEN = re.compile(r"<(/?)([a-z0-9:]+)([^<>]*)>|<[^<>]*>|([^<]+)|<", re.IGNORECASE)
_SPAN = re.compile(r"\b(col|row)span\s*=\s*[\"']?(\d{1,5})", re.IGNORECASE)
# What Excel keeps beside a number that it shows shortened: x:num="912300802" of 9,12E+08.
_NUMBER = re.compile(r"\bx:num\s*=\s*[\"']?(\d{1,15})(?![\d.])")
_SHORTENED = re.compile(r"\s*\d(?:[.,]\d+)?E\+?\d+\s*", re.IGNORECASE)
_HAS_CELLS = re.compile(r"<tr\b[^<>]*>\s*<t[dh]\b", re.IGNORECASE)
_APART = {"br", "p", "div", "li", "table", "tr", "td", "th"}
_NO_TEXT = {"style", "script", "title"}


@dataclass
class WebTable:
    rows: list[list[str | None]] = field(default_factory=list)
    merged: list[Merge] = field(default_factory=list)
    #: By column: how many rows below still belong to a cell above.
    covered: dict[int, int] = field(default_factory=dict)

    def begin_row(self) -> None:
        self.rows.append([])
        self._pass_covered()

    def add(self, text: str, across: int, down: int) -> None:
        row = self.rows[-1]
        top, left = len(self.rows) - 1, len(row)
        across = max(1, min(across, MAX_COLUMNS + 1 - left))
        row += [" ".join(text.split()) or None, *[None] * (across - 1)]
        if across > 1 or down > 1:
            self.merged.append((top, left, top + max(1, down) - 1, left + across - 1))
        if down > 1:
            self.covered |= dict.fromkeys(range(left, left + across), down - 1)
        self._pass_covered()

    def _pass_covered(self) -> None:
        """Leave the columns blank that a cell of a row above reaches into."""
        row = self.rows[-1]
        while self.covered.get(len(row), 0) > 0:
            self.covered[len(row)] -= 1
            row.append(None)


def has_table(text: str) -> bool:
    return bool(_HAS_CELLS.search(text))


def read_web_tables(text: str) -> list[WebTable]:
    """Return the tables in their order; one inside another is text of its cell."""
    reader = _Reader()
    silent = ""
    for closing, tag, rest, words in _tokens(text):
        if silent:
            silent = "" if closing and tag == silent else silent
        elif tag in _NO_TEXT and not closing:
            silent = tag
        else:
            reader.take(closing, tag, rest, words)
    reader.end_cell()
    return [table for table in reader.tables if any(filter(None, table.rows))]


class _Reader:
    def __init__(self) -> None:
        self.tables: list[WebTable] = []
        self._depth = 0
        self._cell: list[str] | None = None
        self._attributes = ""

    def take(self, closing: bool, tag: str, rest: str, words: str) -> None:
        if tag == "table":
            self._enter_or_leave(closing)
        elif self._depth == 1 and tag in {"tr", "td", "th"}:
            self._cross(closing, tag, rest)
        if self._cell is not None:
            self._cell.append(" " if tag in _APART else words)

    def end_cell(self) -> None:
        if self._cell is None:
            return
        table = self.tables[-1]
        if not table.rows:
            table.begin_row()
        sizes = {way.lower(): int(count) for way, count in _SPAN.findall(self._attributes)}
        text = unescape("".join(self._cell))
        if _SHORTENED.fullmatch(text) and (number := _NUMBER.search(self._attributes)):
            text = number[1]
        table.add(text, sizes.get("col", 1), sizes.get("row", 1))
        self._cell = None

    def _enter_or_leave(self, closing: bool) -> None:
        self._depth = max(0, self._depth + (-1 if closing else 1))
        if self._depth == 0:
            self.end_cell()
        elif self._depth == 1 and not closing:
            self.tables.append(WebTable())

    def _cross(self, closing: bool, tag: str, rest: str) -> None:
        self.end_cell()
        if closing:
            return
        if tag == "tr":
            self.tables[-1].begin_row()
        else:
            self._cell, self._attributes = [], rest


def _tokens(text: str) -> Iterator[tuple[bool, str, str, str]]:
    for found in _TOKEN.finditer(_without_comments(text)):
        yield bool(found[1]), (found[2] or "").lower(), found[3] or "", found[4] or ""


def _without_comments(text: str) -> str:
    """Return the text up to a comment that has no end, without those that have one."""
    parts: list[str] = []
    start = 0
    while (begin := text.find("<!--", start)) >= 0:
        parts.append(text[start:begin])
        end = text.find("-->", begin)
        if end < 0:
            return "".join(parts)
        start = end + len("-->")
    return "".join([*parts, text[start:]])
