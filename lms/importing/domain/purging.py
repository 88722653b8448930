"""Lists are kept as long as an import can be undone; then the file and the rows go.

Who imported which kind of list, when, and how many rows of each outcome it had stays.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from lms.core.display import vi_date
from lms.importing.enums import OPEN_STATES, BatchState
from lms.importing.models import UNDO_DAYS, ImportBatch, ImportWrite

_DONE = (BatchState.CONFIRMED, BatchState.UNDONE)
logger = logging.getLogger(__name__)


def outdated(*, at: datetime) -> QuerySet[ImportBatch]:
    """Return imports whose undo is over, and those never written that nobody
    has touched for as long.
    """
    limit = at - UNDO_DAYS
    done = Q(state__in=_DONE, confirmed_at__lt=limit)
    never_written = Q(state__in=OPEN_STATES, state_since__lt=limit)
    return ImportBatch.objects.filter(done | never_written, purged_at=None).order_by("pk")


def purge(*, at: datetime) -> int:
    """Take the files and rows of outdated imports away; of how many."""
    return purge_batches(batches=list(outdated(at=at)), at=at)


def purge_batches(*, batches: Sequence[ImportBatch], at: datetime) -> int:
    """Take the files and rows of those of them away that are outdated; of how many."""
    purged = 0
    for batch in batches:
        # The file first: killed in between, the next run finds the import again.
        batch.file.delete(save=False)
        purged += _purge_rows(batch, at=at)
    if purged:
        logger.info("Files and rows of %s imports were purged.", purged)
    return purged


def describe_outdated(*, at: datetime) -> Iterator[str]:
    """Yield a line for each import that `purge` would take away."""
    counted = outdated(at=at).select_related("by").annotate(row_count=Count("rows"))
    for batch in counted:
        yield f"{vi_date(batch.uploaded_at)} {batch.by.staff_code} {batch.kind}: {batch.row_count}"


@transaction.atomic
def _purge_rows(batch: ImportBatch, *, at: datetime) -> bool:
    mine = outdated(at=at).filter(pk=batch.pk).select_for_update(no_key=True, of=("self",))
    held = mine.first()
    if held is None:
        return False
    counts = held.rows.order_by().values_list("outcome").annotate(count=Count("pk"))
    held.counts = dict(counts)
    held.purged_at = at
    held.file = ""
    # What was left out is text of the sheet, too.
    held.left_out = []
    held.effects = []
    held.spellings = []
    held.choices.pop("unmapped", None)
    if held.state in OPEN_STATES:
        held.state = BatchState.EXPIRED
    ImportWrite.objects.filter(row__batch=held).delete()
    held.rows.all().delete()
    held.save(
        update_fields=[
            "counts",
            "purged_at",
            "file",
            "left_out",
            "effects",
            "spellings",
            "choices",
            "state",
        ]
    )
    return True
