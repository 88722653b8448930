"""The undo, for 30 days: each cell is put back unless it was changed since; what is left is told."""

from collections.abc import Iterator, Sequence
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
# The columns of more rows than that would fill the memory.
_AT_ONCE = 20_000
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
        done, total, left = 0, remaining.count(), 0
        for writes in _last_first(remaining, at_once=total if _is_whole(batch) else _AT_ONCE):
            before = [write.left for write in writes]
            _undo(batch, writes, done=done, total=total)
            pairs = zip(writes, before, strict=True)
            changed = [write for write, old in pairs if write.left != old]
            ImportWrite.objects.bulk_update(changed, ["left"], batch_size=500)
            left += sum(bool(write.left) for write in writes)
            done += len(writes)
        move(batch_id=batch_id, old=[BatchState.UNDOING], new=BatchState.UNDONE)
        log(instance=batch, action=UNDONE, data={"left": left}, timestamp=timezone.now())
    return True


def _is_whole(batch: ImportBatch) -> bool:
    kind = import_kinds.get(batch.kind)
    return kind is not None and kind.resource_class.is_whole


def _last_first(writes: QuerySet[ImportWrite], *, at_once: int) -> Iterator[list[ImportWrite]]:
    """Yield what was written in portions, the last first; what is of one row stays together.

    Nothing points at what was written after it, so that a portion never waits for one to come.
    """
    rest = writes.order_by("-pk")
    while portion := list(rest[:at_once]):
        last = portion[-1]
        portion += rest.filter(row=last.row_id, pk__lt=last.pk)
        yield portion
        rest = rest.filter(pk__lt=portion[-1].pk)


def _undo(batch: ImportBatch, writes: Sequence[ImportWrite], *, done: int, total: int) -> None:
    """Undo as the owner of the rows does it, else column by column."""
    kind = import_kinds.get(batch.kind)
    changes = [_as_change(write) for write in writes]
    left = kind.resource_class.take_back(written=changes, by=batch.by) if kind else None
    if left is None:
        reasons = take_back(
            changes=changes,
            tell=lambda more: tell(
                batch_id=batch.pk, work=Work.UNDOING, done=done + more, total=total
            ),
        )
    else:
        reasons = [[left[change.pk]] if change.pk in left else [] for change in changes]
    for write, why in zip(writes, reasons, strict=True):
        write.left = why


def _as_change(write: ImportWrite) -> Change:
    # Groups are those of one row.
    group = f"{write.row_id} {write.group}" if write.group else ""
    return Change(write.model, write.object_pk, write.is_new, write.fields, group)
