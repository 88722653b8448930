"""The undo, for 30 days: each cell is put back unless it was changed since; what is left is told."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.models import User
from lms.core.change_journal import Change, take_back
from lms.core.refusal import Refusal
from lms.importing.domain.progress import Work, tell
from lms.importing.domain.transitions import begin, move
from lms.importing.enums import BatchState
from lms.importing.extensions import import_kinds
from lms.importing.models import ImportBatch, ImportWrite

UNDONE = "importing.undone"
UNDO_ASKED = "importing.undo_asked"


def may_undo(*, batch: ImportBatch, at: datetime) -> bool:
    return (
        batch.state == BatchState.CONFIRMED
        and batch.undo_until is not None
        and (at <= batch.undo_until)
    )


def ask_to_undo(*, batch: ImportBatch, by: User, at: datetime) -> ImportBatch:
    """Ask to undo the import, as a person wants; raise Refusal `too_late`, `not_open`."""
    if batch.undo_until is not None and at > batch.undo_until:
        raise Refusal(
            "too_late", _("An import can only be undone within 30 days; that time is over.")
        )
    with transaction.atomic():
        begun = begin(batch=batch, old=[BatchState.CONFIRMED], new=BatchState.UNDOING)
        log(instance=batch, action=UNDO_ASKED, user=by)
    return begun


def undo(*, batch_id: int) -> bool:
    """Undo an import that waits for it, all in one transaction; whether this call did it.

    A cell is put back when it still holds what the import wrote. Somebody new is deleted when
    nothing was changed and nothing else refers to the person. The rest stays, each with the
    reason in `ImportWrite.left`. Writes the log.
    """
    with transaction.atomic():
        waiting = ImportBatch.objects.filter(pk=batch_id, state=BatchState.UNDOING)
        locked = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))
        batch = locked.select_related("by").first()
        if batch is None:
            return False
        writes = list(ImportWrite.objects.filter(row__batch=batch).order_by("-pk"))
        _undo(batch, writes)
        left = [write for write in writes if write.left]
        ImportWrite.objects.bulk_update(left, ["left"], batch_size=500)
        move(batch_id=batch_id, old=[BatchState.UNDOING], new=BatchState.UNDONE)
        log(instance=batch, action=UNDONE, data={"left": len(left)}, timestamp=timezone.now())
    return True


def _undo(batch: ImportBatch, writes: Sequence[ImportWrite]) -> None:
    """Undo as the owner of the rows does it, else column by column."""
    kind = import_kinds.get(batch.kind)
    changes = [_as_change(write) for write in writes]
    left = kind.resource_class.take_back(written=changes, by=batch.by) if kind else None
    if left is None:
        total = len(writes)
        reasons = take_back(
            changes=changes,
            tell=lambda done: tell(batch_id=batch.pk, work=Work.UNDOING, done=done, total=total),
        )
    else:
        reasons = [[left[change.pk]] if change.pk in left else [] for change in changes]
    for write, why in zip(writes, reasons, strict=True):
        write.left = why


def _as_change(write: ImportWrite) -> Change:
    # Groups are those of one row.
    group = f"{write.row_id} {write.group}" if write.group else ""
    return Change(write.model, write.object_pk, write.is_new, write.fields, group)
