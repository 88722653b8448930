"""A person says who is meant by a row that could mean several."""

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core.refusal import Refusal
from lms.importing.domain.planning import as_import_row, as_sheet_row, kind_of, open_resource
from lms.importing.enums import BatchState
from lms.importing.models import ImportBatch, ImportRow
from lms.spreadsheets.import_rows import SOMEBODY_NEW

_PLANNED = ("outcome", "target", "changes", "errors", "warnings", "notes", "candidates", "choice")


@transaction.atomic
def choose(*, row: ImportRow, choice: int | None) -> ImportRow:
    """Plan the row anew with this choice: a candidate's pk, SOMEBODY_NEW, None to ask again.

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
    candidates = _plan(row).candidates
    if choice is not None and choice not in (*candidates, SOMEBODY_NEW):
        raise _not_a_candidate()
    row.choice = choice
    planned = _plan(row)
    for name in _PLANNED:
        setattr(row, name, getattr(planned, name))
    row.save(update_fields=_PLANNED)
    return row


def _not_a_candidate() -> Refusal:
    return Refusal("not_a_candidate", _("This person is not one of the candidates."))


def _plan(row: ImportRow) -> ImportRow:
    # What was chosen before does not count here; what the other rows take does, at the writing.
    plan = open_resource(row.batch).plan([as_sheet_row(row)])[0]
    return as_import_row(batch=row.batch, plan=plan)
