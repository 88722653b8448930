"""The states of an import: each change is one guarded UPDATE, so that of two clicks one counts."""

from collections.abc import Collection
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.refusal import Refusal
from lms.importing.enums import BatchState
from lms.importing.models import ImportBatch


def begin(
    *, batch: ImportBatch, old: Collection[BatchState], new: BatchState, **values: Any
) -> ImportBatch:
    """Put the import into a working state for a worker to take up; raises Refusal."""
    if not move(batch_id=batch.pk, old=old, new=new, done=0, total=0, **values):
        raise Refusal(
            "not_open",
            _("This import has moved on in the meantime: please check its current state."),
        )
    batch.refresh_from_db()
    return batch


def move(*, batch_id: int, old: Collection[BatchState], new: BatchState, **values: Any) -> bool:
    """Move the import; return whether it was in one of these states and is in the new one now."""
    rows = ImportBatch.objects.filter(pk=batch_id, state__in=old)
    return bool(rows.update(state=new, state_since=timezone.now(), **values))
