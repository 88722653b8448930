"""What a killed worker or a lost message left behind is taken up again."""

import logging
from datetime import datetime, timedelta

from django.db import OperationalError
from django.utils.translation import gettext as _

from lms.importing.domain.confirming import confirm
from lms.importing.domain.rehearsing import rehearse
from lms.importing.domain.transitions import move
from lms.importing.domain.undoing import undo
from lms.importing.enums import BatchState
from lms.importing.models import ImportBatch

# Longer than a living worker takes over one chunk of a rehearsal.
STALE_AFTER = timedelta(minutes=1)
_STEPS = {
    BatchState.REHEARSING: rehearse,
    BatchState.CONFIRMING: confirm,
    BatchState.UNDOING: undo,
}
logger = logging.getLogger(__name__)


def take_up(*, at: datetime) -> int:
    """Go on with imports whose worker has not been heard of for a minute; how many were finished.

    One that a living worker still writes is locked by it, and is left to it. One that fails here,
    after it has failed once, is given up with a notice: nothing of it was written.
    """
    waiting = ImportBatch.objects.filter(state__in=_STEPS, state_since__lt=at - STALE_AFTER)
    finished = 0
    for pk, state in list(waiting.values_list("pk", "state").order_by("state_since")):
        try:
            finished += _STEPS[BatchState(state)](batch_id=pk)
        except OperationalError:
            # SQLite has one lock for all: whoever holds it is at work.
            logger.info("Import %s is left to the worker that holds the database.", pk)
        except Exception:  # One list that cannot be taken in must not hold up the others.
            logger.exception("Import %s could not be gone on with.", pk)
            _give_up(pk, BatchState(state))
    return finished


def _give_up(batch_id: int, state: BatchState) -> None:
    """Give up: nothing was written, or nothing undone; both are rolled back when they fail."""
    after = BatchState.CONFIRMED if state == BatchState.UNDOING else BatchState.FAILED
    notice = _("A system error stopped this import. Please tell whoever looks after the system.")
    move(batch_id=batch_id, old=[state], new=after, notice=notice)
