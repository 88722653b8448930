from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchState(models.TextChoices):
    """Where an import stands; `lms.importing.domain` walks it."""

    UPLOADED = "uploaded", _("Columns to be matched")
    REHEARSING = "rehearsing", _("Being rehearsed")
    REHEARSED = "rehearsed", _("Rehearsed, nothing written yet")
    CONFIRMING = "confirming", _("Being written")
    CONFIRMED = "confirmed", _("Written")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Stopped, nothing written")
    EXPIRED = "expired", _("Expired, nothing written")


# A worker is at it, or will be.
WORKING_STATES = (BatchState.REHEARSING, BatchState.CONFIRMING, BatchState.UNDOING)
# Nothing is written yet, and the person may begin again with other columns.
OPEN_STATES = (BatchState.UPLOADED, BatchState.REHEARSED, BatchState.FAILED)
# Something was written.
WRITTEN_STATES = (BatchState.CONFIRMED, BatchState.UNDOING, BatchState.UNDONE)


class RowOutcome(models.TextChoices):
    """What an import would do with a row, and has done once it is confirmed."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("Same")
    TWIN = "twin", _("Possible duplicate")
    ERROR = "error", _("Error")


# The rows that a confirmation writes.
WRITING_OUTCOMES = (RowOutcome.NEW, RowOutcome.CHANGED)
