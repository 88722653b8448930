"""How long lists are kept that were taken in, and why."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import RetentionAction
from lms.accounts.extensions import RetentionRule
from lms.importing.domain.purging import outdated, purge_batches
from lms.importing.models import UNDO_DAYS


def retention_in_imports() -> Iterator[RetentionRule]:
    yield RetentionRule(
        key="imports",
        what=_("Files and rows of imported lists"),
        since=_("the day the list was written or last changed"),
        reason=_(
            "An import can be undone for 30 days; the hourly purge of lists follows this too."
        ),
        action=RetentionAction.DELETED,
        days=UNDO_DAYS.days,
        is_fixed=True,
        due=lambda before: outdated(at=before + UNDO_DAYS),
        purge=_purge,
    )


def _purge(rows: QuerySet[Any], at: datetime) -> int:
    return purge_batches(batches=list(rows), at=at)
