"""What frozen reports hold about people: whom they count, and who answers for them."""

from typing import Any, Final

from lms.accounts.extensions import (
    REMOVED,
    Follow,
    PersonalData,
    PseudonymisationRule,
    one_is_enough,
)
from lms.reporting.models import (
    ReportSchedule,
    ReportSeries,
    ReportSnapshot,
    SnapshotFile,
    SnapshotPerson,
)

_ANSWERS: Final = "It says who answered for the report, under the name of that day."


def _without_signer(snapshot: ReportSnapshot) -> Any:
    office = {**snapshot.facts["office"], "signer_name": ""}
    return {**snapshot.facts, "office": office}


PERSONAL_DATA = (
    PersonalData(
        ReportSchedule.recipients.through,
        on_merge={
            "user": Follow(clash_key=lambda row: row.reportschedule_id, settle=one_is_enough)
        },
    ),
    PersonalData(
        ReportSnapshot,
        on_merge={"prepared_by": _ANSWERS, "approved_by": _ANSWERS, "ended_by": _ANSWERS},
        copy=PseudonymisationRule(
            replaced={"facts": _without_signer}, emptied=("reason",), why="Figures of places."
        ),
    ),
    PersonalData(
        SnapshotPerson,
        subject="user",
        shown=("snapshot", "unit", "cadre", "state"),
        on_merge={"user": Follow()},
    ),
    # Their names are inside.
    PersonalData(SnapshotFile, copy=REMOVED),
    PersonalData(
        ReportSeries, copy=PseudonymisationRule(kept=("office_code",), why="The code of an office.")
    ),
)
