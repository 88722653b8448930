"""What frozen reports hold about people: whom they count, and who answers for them."""

from typing import Any, Final

from lms.accounts.extensions import (
    NO_LONGER_KEPT,
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
from lms.reporting.tally_models import TallyColumn, TallyPlace, TallySum

_ANSWERS: Final = "It says who answered for the report, under the name of that day."


# Figures and words of places; whatever else stands among the facts is not copied.
_OF_PLACES: Final = (
    *("rows", "places", "cadres", "total", "hidden", "smallest_shown", "completed_in_period"),
    *("title", "period", "unit", "notes", "office", "is_sample", "programme", "edition"),
    *("definitions", "requirements", "targets"),
)


def _of_places(snapshot: ReportSnapshot) -> Any:
    facts = {key: snapshot.facts[key] for key in _OF_PLACES if key in snapshot.facts}
    return facts | {"office": {**facts["office"], "signer_name": ""}}


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
            replaced={
                "facts": _of_places,
                "reason": lambda snapshot: snapshot.reason and NO_LONGER_KEPT,
            },
            why="Figures of places.",
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
        TallyColumn,
        copy=PseudonymisationRule(kept=("key",), why="The name of a column of figures."),
    ),
    PersonalData(
        TallyPlace,
        copy=PseudonymisationRule(kept=("path",), why="Where a commune lies on the map."),
    ),
    PersonalData(
        TallySum,
        copy=PseudonymisationRule(
            kept=("key",), why="A state, or the name of a column of figures."
        ),
    ),
    PersonalData(
        ReportSeries, copy=PseudonymisationRule(kept=("office_code",), why="The code of an office.")
    ),
)
