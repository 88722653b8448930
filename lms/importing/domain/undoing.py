"""The undo, for 30 days: each cell is put back unless it was changed since; what is left is told."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.models import User
from lms.core.change_journal import Change
from lms.core.refusal import Refusal
from lms.core.take_back import take_back
from lms.importing.domain.progress import Work, tell
from lms.importing.domain.transitions import begin, move
from lms.importing.enums import BatchState
from lms.importing.extensions import import_kinds
from lms.importing.models import ImportBatch, ImportWrite

UNDONE = "importing.undone"
UNDO_ASKED = "importing.undo_asked"
_CAN_BE_UNDONE = (BatchState.CONFIRMED, BatchState.UNDONE)


def may_undo(*, batch: ImportBatch, at: datetime) -> bool:
    """Return whether the import, or what an earlier undo left of it, can be undone now."""
    if batch.undo_until is None or at > batch.undo_until or batch.purged_at:
        return False
    return batch.state == BatchState.CONFIRMED or (
        batch.state == BatchState.UNDONE and left_by_undo(batch=batch).exists()
    )


def left_by_undo(*, batch: ImportBatch) -> QuerySet[ImportWrite]:
    """Return what an undo has left as it is, each with the reasons."""
    return ImportWrite.objects.filter(row__batch=batch).exclude(left=[])


def ask_to_undo(*, batch: ImportBatch, by: User, at: datetime) -> ImportBatch:
    """Ask to undo the import, or once more what an undo has left; raise Refusal.

    `too_late` after 30 days, `nothing_left` where an undo has left nothing, `not_open`.
    """
    if batch.undo_until is not None and at > batch.undo_until:
        raise Refusal(
            "too_late", _("An import can only be undone within 30 days; that time is over.")
        )
    if batch.state == BatchState.UNDONE and not left_by_undo(batch=batch).exists():
        raise Refusal("nothing_left", _("This import has been undone: nothing of it is left."))
    with transaction.atomic():
        begun = begin(batch=batch, old=_CAN_BE_UNDONE, new=BatchState.UNDOING)
        log(instance=batch, action=UNDO_ASKED, user=by)
    return begun


def undo(*, batch_id: int) -> bool:
    """Undo an import that waits for it, all in one transaction; whether this call did it.

    A cell is put back when it still holds what the import wrote. Somebody new is deleted when
    nothing was changed and nothing else refers to the person; otherwise the person stays with the
    post. The rest stays, each with the reason in `ImportWrite.left`, and is tried again by the next
    undo of the import. Writes the log.
    """
    with transaction.atomic():
        waiting = ImportBatch.objects.filter(pk=batch_id, state=BatchState.UNDOING)
        locked = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))
        batch = locked.select_related("by").first()
        if batch is None:
            return False
        remaining = left_by_undo(batch=batch)
        if not remaining.exists():
            remaining = ImportWrite.objects.filter(row__batch=batch)
        writes = list(remaining.order_by("-pk"))
        before = [write.left for write in writes]
        _undo(batch, writes)
        changed = [write for write, old in zip(writes, before, strict=True) if write.left != old]
        ImportWrite.objects.bulk_update(changed, ["left"], batch_size=500)
        left = [write for write in writes if write.left]
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
