"""The rows of a rehearsal as the page shows them."""

from collections.abc import Iterable
from typing import Any

from lms.accounts.models import Posting, User
from lms.core.display import phone_local
from lms.importing.enums import WRITTEN_STATES, RowOutcome
from lms.importing.extensions import ImportKind, import_kinds
from lms.importing.models import ImportBatch, ImportRow, ImportWrite
from lms.importing.views.written_sentences import WrittenSentences
from lms.importing.workbook import shown_cell
from lms.spreadsheets.import_rows import ImportColumn


def show_rows(*, batch: ImportBatch, rows: list[ImportRow], reader: User) -> dict[str, Any]:
    """Return headings and lines; three queries at most,
    for the candidates among the reader's people.
    """
    kind = import_kinds.get(batch.kind)
    mapped = {*batch.choices.get("columns", {}), *batch.choices.get("once", {})}
    fields = [field for field in (kind.fields if kind else ()) if field.key in mapped]
    people = _candidates(rows, kind, reader) if kind else {}
    given = _given(rows, kind) if kind and batch.state in WRITTEN_STATES else {}
    sentences = WrittenSentences(batch, kind)
    return {
        "headings": [field.label for field in fields],
        "is_by_cell": any(row.address and not row.address.isdecimal() for row in rows),
        "lines": [
            {
                **_line(row, fields, people, given.get(row.pk, [])),
                "sentence": sentences.of(row),
            }
            for row in rows
        ],
    }


def show_left(writes: Iterable[ImportWrite], *, most: int) -> list[dict[str, str]]:
    """Return what an undo left: the rows with the same reasons together,
    so many lines at most.
    """
    rows: dict[str, list[ImportRow]] = {}
    for write in writes:
        rows.setdefault(" ".join(write.left), []).append(write.row)
    told = [{"rows": _named(some), "reasons": reasons} for reasons, some in rows.items()]
    return told[:most]


def _named(rows: list[ImportRow]) -> str:
    """Name cells one by one, rows as ranges."""
    cells = dict.fromkeys(row.address for row in rows if row.address)
    return ", ".join(cells) if cells else _in_ranges(sorted({row.number for row in rows}))


def _in_ranges(numbers: list[int]) -> str:
    """Format numbers as “2–5, 9”."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    return ", ".join("–".join(map(str, ends)) for ends in ranges)


def _given(rows: list[ImportRow], kind: ImportKind) -> dict[int, list[str]]:
    """Return what was put in for an empty cell of these rows: the staff codes of new people."""
    labels = {field.key: str(field.label) for field in kind.fields}
    noted = {
        row.pk: {key for key in row.notes.keys() & labels.keys() if not row.cells.get(key)}
        for row in rows
        if row.notes
    }
    given: dict[int, list[str]] = {}
    for write in ImportWrite.objects.filter(row__in=noted):
        for key in sorted(noted[write.row_id] & write.fields.keys()):
            given.setdefault(write.row_id, []).append(f"{labels[key]}: {write.fields[key][1]}")
    return given


def _line(
    row: ImportRow,
    fields: list[ImportColumn],
    people: dict[int, dict[str, str]],
    given: list[str],
) -> dict[str, Any]:
    changes = {key: (old, new) for key, old, new in row.changes}
    shown = {field.key for field in fields}
    return {
        "row": row,
        "is_new": row.outcome == "new",
        "cells": [_cell(row, field, changes, noted=not given) for field in fields],
        "reasons": _elsewhere(row.errors, shown),
        "warnings": _elsewhere(row.warnings, shown),
        "notes": given or [note for key, note in row.notes.items() if key not in shown],
        "candidates": [people[pk] for pk in row.candidates if pk in people],
        "is_asked": row.outcome == RowOutcome.TWIN,
        "was_chosen": row.choice is not None,
    }


def _elsewhere(said: dict[str, list[str]], shown: set[str]) -> list[str]:
    """Return what is said of cells that are not in the file: a new person without a cadre."""
    return [sentence for key, said_of in said.items() if key not in shown for sentence in said_of]


def _cell(
    row: ImportRow, field: ImportColumn, changes: dict[str, tuple[str, str]], *, noted: bool
) -> dict[str, Any]:
    change = changes.get(field.key)
    return {
        "label": field.label,
        "text": shown_cell(field, row.cells.get(field.key, "")),
        "old": change[0] if change and row.outcome == "changed" else None,
        "new": change[1] if change and row.outcome == "changed" else None,
        "reasons": row.errors.get(field.key, []),
        "warnings": row.warnings.get(field.key, []),
        "note": row.notes.get(field.key, "") if noted or row.cells.get(field.key) else "",
    }


def _candidates(rows: list[ImportRow], kind: ImportKind, reader: User) -> dict[int, dict[str, str]]:
    """Return the candidates whom the reader may see, each as what tells namesakes apart."""
    wanted = {pk for row in rows for pk in row.candidates}
    if not wanted:
        return {}
    people = kind.resource_class.candidate_scope(reader).in_bulk(list(wanted))
    posts: dict[int, list[str]] = {}
    seen = Posting.objects.filter(reader.scope.units_q("unit", roles=kind.roles))
    held = seen.filter(user__in=people, valid_to=None)
    for post in held.select_related("unit"):
        posts.setdefault(post.user_id, []).append(str(post))
    return {
        pk: {
            "pk": str(pk),
            "name": person.full_name,
            "staff_code": person.staff_code,
            "year_of_birth": str(person.year_of_birth or "–"),
            "phone": phone_local(person.phone) if person.phone else "–",
            "posts": "; ".join(posts.get(pk, [])) or "–",
        }
        for pk, person in people.items()
    }
