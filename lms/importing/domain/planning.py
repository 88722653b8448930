"""The plan of rows: asked of the resource, put into words that are stored and compared."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.results import RowResult

from lms.core.refusal import Refusal
from lms.importing.domain.spellings import known_spellings
from lms.importing.enums import RowOutcome
from lms.importing.extensions import ImportKind, import_kinds
from lms.importing.models import ImportBatch, ImportRow
from lms.importing.reading.tables import LeftOutReason
from lms.spreadsheets.import_rows import PlannedRow, RowResource, SheetRow

CHUNK = 500
_OUTCOMES = {
    RowResult.IMPORT_TYPE_NEW: RowOutcome.NEW,
    RowResult.IMPORT_TYPE_UPDATE: RowOutcome.CHANGED,
    RowResult.IMPORT_TYPE_SKIP: RowOutcome.SAME,
    RowResult.IMPORT_TYPE_INVALID: RowOutcome.ERROR,
}
_TITLE = str(LeftOutReason.TITLE)
Item = TypeVar("Item")


def kind_of(batch: ImportBatch) -> ImportKind:
    """Return the kind of the import; raise Refusal when its app is not installed any more."""
    kind = import_kinds.get(batch.kind)
    if kind is None:
        raise Refusal("kind_gone", _("Lists of this kind are no longer imported."))
    return kind


def open_resource(batch: ImportBatch) -> RowResource:
    """Open the resource as the person who uploaded the list may use it: that scope counts."""
    resource = kind_of(batch).resource_class(
        by=batch.by, day=timezone.localdate(), edition_id=batch.edition_id
    )
    heads: dict[str, list[str]] = {}
    for _row, why, text, *sheet in batch.left_out:
        if why == _TITLE:
            heads.setdefault(sheet[0] if sheet else "", []).append(text)
    resource.heads = heads
    resource.told = frozenset(batch.choices.get("told", ()))
    resource.spellings = known_spellings(batch=batch)
    return resource


def as_import_row(*, batch: ImportBatch, plan: PlannedRow) -> ImportRow:
    """Return the plan as it is stored: rows that are not written tell no changes."""
    row = plan.row
    outcome = _OUTCOMES[plan.import_type]
    if outcome != RowOutcome.ERROR and (row.candidates or row.same_as):
        outcome = RowOutcome.TWIN
    writes = outcome in (RowOutcome.NEW, RowOutcome.CHANGED)
    known = outcome in (RowOutcome.CHANGED, RowOutcome.SAME)
    return ImportRow(
        batch=batch,
        number=row.number,
        address=row.address,
        sheet=row.sheet,
        cells=dict(row.cells),
        outcome=outcome,
        target=plan.instance.pk if known else None,
        changes=plan.changes if writes else [],
        errors={name: [one.message for one in said] for name, said in row.errors.items()},
        error_codes={name: [one.code for one in said] for name, said in row.errors.items()},
        warnings=row.warnings,
        notes=row.notes if writes or known else {},
        candidates=row.candidates if outcome == RowOutcome.TWIN else [],
        choice=row.choice,
    )


def reserved_by(rows: Iterable[SheetRow | ImportRow]) -> dict[int, str]:
    """Return whom a person has said that these rows mean, each with the row."""
    return {row.choice: row.where for row in rows if row.choice}


def differs(stored: ImportRow, plan: PlannedRow) -> bool:
    """Return whether the plan of today is another than the one that the person saw."""
    now = as_import_row(batch=stored.batch, plan=plan)
    return any(
        getattr(stored, name) != getattr(now, name) for name in ("outcome", "target", "changes")
    )


def as_sheet_row(stored: ImportRow) -> SheetRow:
    return SheetRow(
        number=stored.number,
        cells=stored.cells,
        address=stored.address,
        sheet=stored.sheet,
        choice=stored.choice,
    )


def portions(
    resource: RowResource | type[RowResource], items: Iterable[Item], size: int = CHUNK
) -> Iterator[Sequence[Item]]:
    """Yield the items in chunks, or all at once where the rows of the list make one thing."""
    return iter([list(items)]) if resource.is_whole else chunks(items, size)


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[Sequence[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
