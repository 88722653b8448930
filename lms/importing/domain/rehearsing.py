"""The rehearsal: what an import would do with each row. Nothing but `ImportRow`s is written."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.refusal import Refusal
from lms.importing.domain.common_cells import fill_down
from lms.importing.domain.planning import (
    as_import_row,
    kind_of,
    open_resource,
    portions,
    reserved_by,
)
from lms.importing.domain.sheets import as_sheet_row, open_file
from lms.importing.domain.spellings import note_use
from lms.importing.domain.transitions import begin, move
from lms.importing.enums import OPEN_STATES, WRITING_OUTCOMES, BatchState
from lms.importing.models import ImportBatch, ImportRow
from lms.spreadsheets.import_rows import PlannedRow, SheetRow

Row = TypeVar("Row")


class _OvertakenError(Exception):
    """Another worker has begun the same rehearsal anew."""


def ask_again(*, batch: ImportBatch) -> ImportBatch:
    """Ask for a new rehearsal with the same columns; raise Refusal.

    `columns_not_named` before they were chosen once, `not_open` once something is being written.
    """
    if not batch.choices:
        raise Refusal("columns_not_named", _("The columns of this list have not been named yet."))
    return begin(batch=batch, old=OPEN_STATES, new=BatchState.REHEARSING, notice="")


def rehearse(*, batch_id: int) -> bool:
    """Rehearse an import that waits for it; return whether it was rehearsed by this call.

    May be begun anew at any time: the last one that began counts. The choices that a person has
    made among twins are kept for rows that say the same as then. What the file refuses stops the
    import with the sentence.
    """
    batch = _start(batch_id)
    if batch is None:
        return False
    try:
        rows, left_out = _read(batch)
        choices = _choices_of(batch)
        _clear(batch, total=len(rows), left_out=left_out)
        batch.left_out = left_out
        for row in rows:
            row.choice = choices.get(_identity(row.number, row.cells))
        resource = open_resource(batch)
        resource.reserved = reserved_by(rows)
        writing: list[PlannedRow] = []
        for chunk in portions(resource, _handed_over(rows)):
            planned = resource.plan(chunk)
            stored = [as_import_row(batch=batch, plan=plan) for plan in planned]
            _store(batch, stored)
            if resource.looks_ahead:
                pairs = zip(planned, stored, strict=True)
                writing += [plan for plan, row in pairs if row.outcome in WRITING_OUTCOMES]
        asked = note_use(batch=batch, spellings=resource.spellings)
        _hold(batch, effects=resource.foresee(writing), spellings=asked)
    except _OvertakenError:
        return False
    except Refusal as refusal:
        move(
            batch_id=batch_id,
            old=[BatchState.REHEARSING],
            new=BatchState.FAILED,
            notice=str(refusal),
        )
        return False
    return move(batch_id=batch_id, old=[BatchState.REHEARSING], new=BatchState.REHEARSED)


def _handed_over(rows: list[Row]) -> Iterator[Row]:
    """Yield each row and keep none: what a hundred thousand of them were made into would not fit."""
    rows.reverse()
    while rows:
        yield rows.pop()


def _start(batch_id: int) -> ImportBatch | None:
    waiting = ImportBatch.objects.filter(pk=batch_id, state=BatchState.REHEARSING)
    if not waiting.update(attempt=F("attempt") + 1, state_since=timezone.now()):
        return None
    return waiting.select_related("by").first()


def _choices_of(batch: ImportBatch) -> dict[tuple[object, ...], int]:
    """Return what a person chose, by row; `mapping.choose` drops all of them with the sheet."""
    chosen = batch.rows.exclude(choice=None).order_by("number")
    return {
        _identity(number, cells): choice
        for number, cells, choice in chosen.values_list("number", "cells", "choice")
        if choice is not None
    }


def _identity(number: int, cells: Mapping[str, str]) -> tuple[object, ...]:
    """Return what tells the rows of a sheet apart: the place with all that was read there.

    The number alone would put a choice on whoever stands in that row of another sheet.
    """
    return (number, *sorted(cells.items()))


def _read(batch: ImportBatch) -> tuple[list[SheetRow], list[list[object]]]:
    kind = kind_of(batch)
    # Imports that waited when several sheets were not yet read together name one.
    sheets = batch.choices.get("sheets") or [batch.choices["sheet"]]
    # Of the table alone: the sheets that it was found in go before its rows are read.
    table = open_file(
        batch=batch,
        sheet_names=sheets,
        convert=bool(batch.choices["encoding"]),
        without_hidden=batch.choices.get("hidden", {}).get("left_out", False),
    ).table
    fields = list(kind.fields)
    once = batch.choices.get("once", {})
    blocks = [(row.sheet, row.groups) for row in table.rows]
    rows = [
        as_sheet_row(row=row, columns=batch.choices["columns"], fields=fields, once=once)
        for row in _handed_over(table.rows)
    ]
    fill_down(rows=rows, blocks=blocks, fields=fields)
    left_out: list[list[object]] = [
        [one.number, str(one.reason), one.text, one.sheet] for one in table.left_out
    ]
    return rows, left_out


def _clear(batch: ImportBatch, *, total: int, left_out: list[list[object]]) -> None:
    with transaction.atomic():
        _hold(batch, done=0, total=total, left_out=left_out, effects=[], spellings=[])
        batch.rows.all().delete()


def _store(batch: ImportBatch, rows: list[ImportRow]) -> None:
    with transaction.atomic():
        _hold(batch, done=F("done") + len(rows))
        ImportRow.objects.bulk_create(rows)


def _hold(batch: ImportBatch, **values: object) -> None:
    """Write the progress, and so lock the import, unless another worker has begun it anew."""
    mine = ImportBatch.objects.filter(
        pk=batch.pk, state=BatchState.REHEARSING, attempt=batch.attempt
    )
    if not mine.update(state_since=timezone.now(), **values):
        raise _OvertakenError
