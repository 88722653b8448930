"""What imports hold about people: the lists, which go after a month and from every copy."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import RetentionAction
from lms.accounts.extensions import (
    REMOVED,
    Follow,
    PersonalData,
    RetentionRule,
    one_is_enough,
)
from lms.importing.domain.purging import outdated, purge_batches
from lms.importing.models import (
    UNDO_DAYS,
    ImportBatch,
    ImportRow,
    ImportWrite,
    RememberedMapping,
    RememberedSpelling,
)


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
    PersonalData(
        RememberedSpelling,
        subject="by",
        shown=("spelling", "meaning", "used_at"),
        ends_with_person=True,
        on_merge={
            "by": Follow(
                clash_key=lambda row: (row.sender_key, row.kind, row.spelling),
                settle=one_is_enough,
            )
        },
        keep=[
            RetentionRule(
                key="remembered_spellings",
                label=_("What spellings in lists mean"),
                counted_from=_("the last list in which the spelling was met"),
                reason=_(
                    "An office writes its communes and titles in the same way for years; what "
                    "stands in such a cell by mistake may be about a person."
                ),
                action=RetentionAction.DELETED,
                days=365,
                due=lambda before: RememberedSpelling.objects.filter(used_at__lt=before),
            )
        ],
        copy=REMOVED,
    ),
)
