"""A person says who is meant by a row that could mean several, or that another row may mean too."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core.refusal import Refusal
from lms.core.text import fold
from lms.importing.domain.planning import (
    as_import_row,
    as_sheet_row,
    kind_of,
    open_resource,
    reserved_by,
)
from lms.importing.enums import BatchState
from lms.importing.models import ImportBatch, ImportRow
from lms.spreadsheets.import_rows import SOMEBODY_NEW

_PLANNED = (
    "outcome",
    "target",
    "changes",
    "errors",
    "error_codes",
    "warnings",
    "notes",
    "candidates",
    "choice",
)


@transaction.atomic
def choose(*, row: ImportRow, choice: int | None) -> ImportRow:
    """Plan the row anew with this choice: a candidate's pk, SOMEBODY_NEW, None to ask again.

    Rows of the same name are planned with it: whom it means they no longer do.

    Raises Refusal: `not_open` unless the import is rehearsed, `not_a_candidate`.
    """
    batch = ImportBatch.objects.select_for_update(no_key=True, of=("self",)).select_related("by")
    row.batch = batch.get(pk=row.batch_id)
    if row.batch.state != BatchState.REHEARSED:
        raise Refusal(
            "not_open",
            _("This import has moved on in the meantime: please check its current state."),
        )
    if kind_of(row.batch).resource_class.is_whole:
        # Such a row says nothing without the others, and means nobody.
        raise _not_a_candidate()
    row.choice = None
    rows = _together(row)
    here = rows.index(row)
    candidates = _plan(rows)[here].candidates
    if choice is not None and choice not in (*candidates, SOMEBODY_NEW):
        raise _not_a_candidate()
    row.choice = choice
    for one, planned in zip(rows, _plan(rows), strict=True):
        for name in _PLANNED:
            setattr(one, name, getattr(planned, name))
    ImportRow.objects.bulk_update(rows, _PLANNED, batch_size=500)
    return row


def _not_a_candidate() -> Refusal:
    return Refusal("not_a_candidate", _("This person is not one of the candidates."))


def _together(row: ImportRow) -> list[ImportRow]:
    """Return this row among those of the file that may mean the same person, in their order."""
    column = kind_of(row.batch).resource_class.together_by
    told = fold(row.cells.get(column, ""))
    if not told:
        return [row]
    texts = row.batch.rows.values_list("pk", f"cells__{column}")
    pks = [pk for pk, text in texts if fold(text or "") == told and pk != row.pk]
    return sorted([row, *row.batch.rows.filter(pk__in=pks)], key=lambda one: one.number)


def _plan(rows: Sequence[ImportRow]) -> list[ImportRow]:
    # What the rows of other names take counts at the writing.
    batch = rows[0].batch
    resource = open_resource(batch)
    resource.reserved = reserved_by(rows)
    planned = resource.plan([as_sheet_row(row) for row in rows])
    return [as_import_row(batch=batch, plan=plan) for plan in planned]
