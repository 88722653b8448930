"""The undo, for 30 days: each cell is put back unless it was changed since; what is left is told."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.models import User
from lms.core.refusal import Refusal
from lms.importing.domain.planning import chunks
from lms.importing.domain.progress import Work, tell
from lms.importing.domain.restoring import delete_new, restore_fields
from lms.importing.domain.transitions import begin, move
from lms.importing.enums import BatchState
from lms.importing.extensions import import_kinds
from lms.importing.models import ImportBatch, ImportWrite
from lms.spreadsheets.import_rows import WrittenObject

UNDONE = "importing.undone"
UNDO_ASKED = "importing.undo_asked"
# Between so many rows the page learns how far it is.
_ROWS_AT_ONCE = 1000


def may_undo(*, batch: ImportBatch, at: datetime) -> bool:
    return (
        batch.state == BatchState.CONFIRMED
        and batch.undo_until is not None
        and (at <= batch.undo_until)
    )


def ask_to_undo(*, batch: ImportBatch, by: User, at: datetime) -> ImportBatch:
    """A person wants the import undone; raises Refusal `too_late`, `not_open`."""
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
    """As the owner of the rows does it, else cell by cell."""
    kind = import_kinds.get(batch.kind)
    written = [
        WrittenObject(one.model, one.object_pk, one.is_new, one.fields, one.group) for one in writes
    ]
    left = kind.resource_class.take_back(written=written, by=batch.by) if kind else None
    if left is None:
        _restore(batch.pk, writes)
        return
    for write in writes:
        if write.object_pk in left:
            write.left = [left[write.object_pk]]


def _restore(batch_id: int, writes: Sequence[ImportWrite]) -> None:
    """Model by model: what refers to others goes before them."""
    by_model: dict[str, list[ImportWrite]] = defaultdict(list)
    for write in writes:
        by_model[write.model].append(write)
    models_of = {name: apps.get_model(name) for name in by_model}
    done = 0
    for name in _dependents_first(models_of):
        model = models_of[name]
        for rows in chunks(_by_row(by_model[name]), _ROWS_AT_ONCE):
            group = [write for row in rows for write in row]
            tell(batch_id=batch_id, work=Work.UNDOING, done=done, total=len(writes))
            delete_new(model=model, writes=group)
            restore_fields(model=model, writes=group)
            done += len(group)


def _dependents_first(models_of: dict[str, type[Model]]) -> list[str]:
    """The names of these models, each before those that its rows point at."""
    left = dict(models_of)
    ordered: list[str] = []
    while left:
        pointed_at = {
            field.related_model
            for name, model in left.items()
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model is not model
        }
        free = [name for name, model in left.items() if model not in pointed_at]
        ordered += free
        for name in free:
            del left[name]
    return ordered


def _by_row(writes: Sequence[ImportWrite]) -> Iterable[list[ImportWrite]]:
    """What one row wrote stays together: it is undone together or not at all."""
    rows: dict[int, list[ImportWrite]] = defaultdict(list)
    for write in writes:
        rows[write.row_id].append(write)
    return rows.values()
