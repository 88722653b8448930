"""Which session a row of a list means, and how much of it somebody attended."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.cells import SessionDay
from attendance.enums import AttendanceStatus, DayPart
from attendance.models import Session
from lms.core.display import vi_date
from lms.core.text import nfc
from lms.spreadsheets.import_rows import PlannedRow, SheetRow

_NOON: Final = 12
_EVENING: Final = 18
# Sessions that the rehearsal names.
_MOST_SESSIONS: Final = 40


def code_of(row: SheetRow) -> str:
    """Return the code of the class."""
    return nfc(str(row.values.get("run_code", "")))


def session_by_code(row: SheetRow, by_id: Mapping[int, Session]) -> Session | None:
    if "session_code" not in row.values:
        return None
    session = by_id.get(row.values["session_code"])
    if session is None:
        row.refuse(
            "session_code", "unknown_session", _("You have no class with a session of this code.")
        )
    elif code_of(row) and code_of(row).lower() != session.run.code.lower():
        row.refuse("run_code", "other_class", _("This session belongs to another class."))
        return None
    return session


def session_by_words(row: SheetRow, sessions: Sequence[Session]) -> Session | None:
    """Return the session of the class by its number, by its day, by the part of the day, or by
    all of them.
    """
    number, day, part = (row.values.get(key) for key in ("number", "day", "day_part"))
    if not sessions:
        row.refuse(
            "run_code", "unknown_class", _("You have no class with this code that has sessions.")
        )
        return None
    if number is None and day is None:
        row.refuse(
            "number", "session_missing", _("Please enter the number or the date of the session.")
        )
        return None
    found = [
        session
        for place, session in enumerate(sessions, start=1)
        if number in (None, place) and _is_then(session, day, part)
    ]
    if len(found) != 1:
        several = _("There are several sessions on this date: please give the number as well.")
        none = _("The class has no such session.")
        row.refuse(
            "day" if number is None else "number",
            "several_sessions" if found else "no_session",
            several if found else none,
        )
        return None
    return found[0]


def settle_attended(row: SheetRow, session: Session) -> None:
    """Put what was attended of the session as minutes left early: a table does not tell more."""
    attended: int | Fraction | None = row.values.get("attended")
    if attended is None or row.values.get("status") != AttendanceStatus.PRESENT:
        return
    is_part = isinstance(attended, Fraction)
    minutes = round(attended * session.minutes) if is_part else int(attended)
    if minutes > session.minutes:
        row.refuse(
            "attended",
            "longer_than_session",
            _("The session lasts %(minutes)s minutes: nobody can attend more.")
            % {"minutes": str(session.minutes)},
        )
        return
    missed = session.minutes - minutes
    row.values["minutes_left_early"] = missed
    if missed:
        row.notes["minutes_left_early"] = _(
            "%(attended)s of %(minutes)s minutes: noted as left %(missed)s minutes early."
        ) % {
            "attended": str(minutes),
            "minutes": str(session.minutes),
            "missed": str(missed),
        }


def tell_sessions(planned: Sequence[PlannedRow]) -> list[str]:
    """Say which session each number or day of the list was taken for."""
    marks: dict[tuple[str, Session], int] = Counter(
        (_name_in_list(plan.row), plan.instance.session)
        for plan in planned
        if not plan.row.cells.get("session_code")
    )
    return [
        _("%(said)s is “%(title)s” of %(day)s: %(count)s marks.")
        % {
            "said": said,
            "title": session.title,
            "day": vi_date(session.starts_at, "time"),
            "count": str(count),
        }
        for (said, session), count in sorted(
            marks.items(), key=lambda item: (item[0][1].starts_at, item[0][0])
        )[:_MOST_SESSIONS]
    ]


def _name_in_list(row: SheetRow) -> str:
    """Return how the list names the session."""
    texts = [row.cells.get(key, "") for key in ("number", "day_part", "day")]
    if texts[0].isdigit():
        texts[0] = _("Session %(number)s") % {"number": texts[0]}
    return " ".join(filter(None, texts))


def _is_then(session: Session, day: SessionDay | None, part: str | None) -> bool:
    begin = timezone.localtime(session.starts_at)
    return (day is None or day.is_on(begin.date())) and part in (None, _part_of(begin.hour))


def _part_of(hour: int) -> str:
    if hour < _NOON:
        return DayPart.MORNING.value
    return DayPart.AFTERNOON.value if hour < _EVENING else DayPart.EVENING.value
