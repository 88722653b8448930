"""The confirmation: all rows that the person saw as new or changed are written, or none is."""

import logging
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.models import User
from lms.core.change_journal import plain_fields
from lms.core.refusal import Refusal
from lms.importing.domain.packed_plans import PackedPlans
from lms.importing.domain.planning import (
    as_sheet_row,
    differs,
    kind_of,
    open_resource,
    portions,
    reserved_by,
)
from lms.importing.domain.progress import Work, tell
from lms.importing.domain.rehearsing import rehearse
from lms.importing.domain.transitions import begin, move
from lms.importing.enums import WRITING_OUTCOMES, BatchState, RowOutcome
from lms.importing.models import ImportBatch, ImportRow, ImportWrite
from lms.spreadsheets.import_rows import PlannedRow, RowResource

CONFIRMED = "importing.confirmed"
# Rows with errors and twins that nobody decided are not written, whatever the register says.
_PLANNED = (*WRITING_OUTCOMES, RowOutcome.SAME)
# The statements grow with the rows; between them the page learns how far it is.
_WRITTEN_AT_ONCE = 1000
logger = logging.getLogger(__name__)


class _ChangedSinceError(Exception):
    """The register is no longer as the rehearsal found it."""


def ask_to_confirm(*, batch: ImportBatch) -> ImportBatch:
    """Confirm the rehearsal that the person has seen and wants written; raise Refusal.

    `not_open` for a second click, `nothing_to_write` where no row is new or changed, `not_whole`
    where a list that is written whole has a row with an error.
    """
    if is_blocked(batch=batch):
        raise Refusal(
            "not_whole",
            _(
                "This list is written as a whole or not at all: please correct the rows with "
                "errors first."
            ),
        )
    if not batch.rows.filter(outcome__in=WRITING_OUTCOMES).exists():
        raise Refusal(
            "nothing_to_write", _("No rows are new or changed: there is nothing to write.")
        )
    return begin(batch=batch, old=[BatchState.REHEARSED], new=BatchState.CONFIRMING, notice="")


def is_blocked(*, batch: ImportBatch) -> bool:
    """Return whether rows with errors keep all others from being written."""
    whole = kind_of(batch).resource_class.is_whole
    return whole and batch.rows.exclude(outcome__in=_PLANNED).exists()


def confirm(*, batch_id: int) -> bool:
    """Write an import that waits for it, all in one transaction; whether this call wrote it.

    Each row is planned anew first. When one comes out otherwise than the person saw it, nothing
    is written, and the import is rehearsed again with a notice. A second worker finds the import
    locked or done, and leaves it. Writes the log.
    """
    try:
        with transaction.atomic():
            batch = _lock(batch_id)
            return batch is not None and _write(batch)
    except Refusal as refusal:
        # The owner of the list says no after all: rolled back, and told in its own words.
        move(
            batch_id=batch_id,
            old=[BatchState.CONFIRMING],
            new=BatchState.FAILED,
            notice=str(refusal),
        )
        return False
    except (_ChangedSinceError, IntegrityError) as error:
        logger.info("Import %s is rehearsed again: %s", batch_id, type(error).__name__)
    notice = _(
        "The register has changed since the rehearsal. Nothing was written: this is the new "
        "rehearsal, please check it again."
    )
    move(batch_id=batch_id, old=[BatchState.CONFIRMING], new=BatchState.REHEARSING, notice=notice)
    # Leaves alone what somebody else has moved on in the meantime.
    rehearse(batch_id=batch_id)
    return False


def _lock(batch_id: int) -> ImportBatch | None:
    waiting = ImportBatch.objects.filter(pk=batch_id, state=BatchState.CONFIRMING)
    locked = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))
    return locked.select_related("by").first()


def _write(batch: ImportBatch) -> bool:
    resource = open_resource(batch)
    resource.reserved = reserved_by(batch.rows.filter(choice__gt=0))
    targets = batch.rows.exclude(target=None).values_list("target", flat=True)
    resource.lock([pk for pk in targets if pk is not None])
    planned = PackedPlans(at_once=None if resource.is_whole else _WRITTEN_AT_ONCE)
    row_ids: dict[int, int] = {}
    compared, total = 0, batch.rows.filter(outcome__in=_PLANNED).count()
    stored = batch.rows.filter(outcome__in=_PLANNED).order_by("number").iterator(chunk_size=2000)
    for chunk in portions(resource, _of(batch, stored)):
        plans = resource.plan([as_sheet_row(row) for row in chunk])
        if any(map(differs, chunk, plans)):
            raise _ChangedSinceError
        writing = [
            (row, plan)
            for row, plan in zip(chunk, plans, strict=True)
            if row.outcome in WRITING_OUTCOMES
        ]
        # All of them wait for the last to be compared.
        planned.add([plan for _row, plan in writing])
        row_ids |= {row.number: row.pk for row, _plan in writing}
        compared += len(chunk)
        tell(batch_id=batch.pk, work=Work.COMPARING, done=compared, total=total)
    written = 0
    for some in planned.unpack():
        tell(batch_id=batch.pk, work=Work.WRITING, done=written, total=len(planned))
        _record(resource, some, row_ids)
        written += len(some)
    now = timezone.now()
    move(
        batch_id=batch.pk,
        old=[BatchState.CONFIRMING],
        new=BatchState.CONFIRMED,
        confirmed_at=now,
    )
    _log(batch, batch.by, rows=len(planned))
    return True


def _of(batch: ImportBatch, rows: Iterable[ImportRow]) -> Iterable[ImportRow]:
    for row in rows:
        # Else each row would fetch the import that it belongs to.
        row.batch = batch
        yield row


def _record(resource: RowResource, planned: Sequence[PlannedRow], row_ids: dict[int, int]) -> None:
    written = resource.write(planned)
    ImportWrite.objects.bulk_create(
        (
            ImportWrite(
                row_id=row_ids[number],
                model=one.model,
                object_pk=one.pk,
                is_new=one.is_new,
                fields=plain_fields(one),
                group=one.group,
            )
            for number, objects in written.items()
            for one in objects
        ),
        batch_size=2000,
    )


def _log(batch: ImportBatch, by: User, *, rows: int) -> None:
    log(instance=batch, action=CONFIRMED, user=by, data={"rows": rows})
