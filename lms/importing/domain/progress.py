"""How far the work on an import is: seen from outside while its transaction still holds everything."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.importing.enums import BatchState
from lms.importing.models import ImportBatch

# Longer than anything is worked at without a word.
_KEPT_SECONDS = 600


class Work(models.TextChoices):
    """What a worker is doing with an import."""

    READING = "reading", _("Reading the file")
    REHEARSING = "rehearsing", _("Rehearsing the list")
    COMPARING = "comparing", _("Comparing with the register again")
    WRITING = "writing", _("Writing the list")
    UNDOING = "undoing", _("Undoing the import")


@dataclass(frozen=True)
class Progress:
    """`done` of `total` rows; a total of 0 says that nobody knows yet."""

    work: Work
    done: int = 0
    total: int = 0


def tell(*, batch_id: int, work: Work, done: int, total: int) -> None:
    """Say how far the worker is, past the transaction that it holds."""
    cache.set(_key(batch_id), (work.value, done, total), _KEPT_SECONDS)


def progress_of(*, batch: ImportBatch) -> Progress:
    """Return how far the import is, in the state that it is in."""
    if batch.state == BatchState.REHEARSING:
        work = Work.REHEARSING if batch.total else Work.READING
        return Progress(work, batch.done, batch.total)
    undoes = batch.state == BatchState.UNDOING
    works = (Work.UNDOING,) if undoes else (Work.COMPARING, Work.WRITING)
    told, done, total = cache.get(_key(batch.pk)) or ("", 0, 0)
    if told in works:
        return Progress(Work(told), done, total)
    # What was told is of an earlier state.
    return Progress(works[0])


def _key(batch_id: int) -> str:
    return f"importing.progress.{batch_id}"
