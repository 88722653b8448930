"""What imports hold about people: the lists, which go after a month and from every copy."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import RetentionAction
from lms.accounts.extensions import REMOVED, Follow, PersonalData, RetentionRule
from lms.importing.domain.purging import outdated, purge_batches
from lms.importing.models import UNDO_DAYS, ImportBatch, ImportRow, ImportWrite, RememberedMapping


def _purge(rows: QuerySet[Any], at: datetime) -> int:
    return purge_batches(batches=list(rows), at=at)


PERSONAL_DATA = (
    PersonalData(ImportWrite, copy=REMOVED),
    PersonalData(ImportRow, copy=REMOVED),
    PersonalData(
        ImportBatch,
        subject="by",
        shown=("file_name", "state", "uploaded_at"),
        on_merge={"by": Follow()},
        keep=[
            RetentionRule(
                key="imports",
                label=_("Files and rows of imported lists"),
                counted_from=_("the day the list was written or last changed"),
                reason=_(
                    "An import can be undone for 30 days; the hourly purge of lists follows this "
                    "too."
                ),
                action=RetentionAction.DELETED,
                days=UNDO_DAYS.days,
                is_fixed=True,
                due=lambda before: outdated(at=before + UNDO_DAYS),
                purge=_purge,
            )
        ],
        copy=REMOVED,
    ),
    PersonalData(RememberedMapping, copy=REMOVED),
)
