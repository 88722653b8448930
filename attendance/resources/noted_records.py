"""What a list of attendance says of one person in one session, beside what is noted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from attendance.domain.wording import describe_names
from attendance.models import Session
from courses.models import Enrolment
from lms.spreadsheets.import_rows import SheetRow

# What a sentence names one by one.
_NAMED = 10


@dataclass
class NotedRecord:
    """What is noted about an enrolment in a session; `pk` of the settled record, None for none."""

    pk: int | None = None
    status: str = ""
    minutes_late: int | None = None
    minutes_left_early: int | None = None
    session: Session | None = None
    enrolment: Enrolment | None = None
    #: What stands on the register, also where the list says nothing of minutes.
    late_before: int = 0
    early_before: int = 0
    minutes_before: int | None = None

    @property
    def said(self) -> tuple[str, int | None, int | None]:
        return self.status, self.minutes_late, self.minutes_left_early

    def __deepcopy__(self, _memo: Any) -> "NotedRecord":
        return replace(self)

    def __str__(self) -> str:
        # Import-export puts each record into words: those of the enrolment would cost queries.
        return self.status


def is_empty_cell(row: SheetRow) -> bool:
    """Return whether the row is a cell of a grid that says nothing: what is noted stays."""
    return bool(row.address) and not row.cells.get("status")


def compare(row: SheetRow, original: NotedRecord) -> None:
    """Tell what a person should look at, though nothing is to be written."""
    if is_empty_cell(row) and original.status:
        row.warn("status", _("The cell is empty; what is recorded stays."))
    said = row.values.get("minutes")
    if said is not None and original.minutes_before not in (None, said):
        row.warn(
            "minutes",
            _(
                "The minutes follow from what is recorded (%(minutes)s now): please write m with "
                "the minutes late or s with the minutes left early."
            )
            % {"minutes": str(original.minutes_before)},
        )


def name_some(names: Sequence[str]) -> str:
    return describe_names(sorted(names), count=len(names), most=_NAMED)
