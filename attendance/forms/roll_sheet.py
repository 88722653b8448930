"""The roll of one session as a person fills it in: what is noted, chosen and wrong.

No form of Django's: five hundred people times three fields, of which only the changed ones are
sent on, and every wrong line keeps what was typed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from django.http import QueryDict
from django.utils import timezone

from attendance.domain.roll.clock_times import came_in_time, read_minutes_late
from attendance.domain.roll.queries import RecordedStatus, latest_mark_id, noted_by, roll_of
from attendance.domain.roll.recording import RollEntry
from attendance.domain.roll.slips import slip_seconds
from attendance.domain.wording import describe_noted
from attendance.enums import AttendanceStatus
from attendance.models import Session
from courses.models import Enrolment
from lms.accounts.models import User
from lms.core.refusal import CatchRefusal
from lms.core.requests import read_number
from lms.core.text import fold

# At most as many digits as an id and a number of minutes may have in the database.
STATUS_FIELD: Final = re.compile(r"status-(\d{1,18})")
# The five tones, as they stand apart from their letters.
TONES: Final = dict.fromkeys((0x300, 0x301, 0x303, 0x309, 0x323))


@dataclass(frozen=True)
class Selection:
    """What is ticked and typed for one person, as it came."""

    status: str = ""
    minutes_late: str = ""
    reason: str = ""
    # What is wrong with the minutes as they were typed.
    wrong: str = ""

    @property
    def late(self) -> int | None:
        """Minutes that count: 0 unless late, None when what was typed says none."""
        if self.wrong:
            return None
        return int(self.minutes_late or 0) if self.status == AttendanceStatus.LATE else 0

    def differs_from(self, recorded: RecordedStatus | None) -> bool:
        noted = (recorded.status, recorded.minutes_late) if recorded else (None, 0)
        return (self.status or None, self.late) != noted


@dataclass
class RollLine:
    """One person of the roll. `noted`: the settled status, "" when there is none yet."""

    enrolment: Enrolment
    noted: str
    noted_late: str
    selection: Selection
    asks_reason: bool
    # Two people of the class bear this name: year of birth and staff code tell them apart.
    is_namesake: bool
    # For how long the reader may still change the own mark without a reason.
    slip_seconds: int = 0
    # The class of a guest, who makes up here for what was missed there.
    guest_from: str = ""
    # When it was noted and, unless by the reader, by whom.
    noted_at: str = ""
    error: str = ""
    is_hidden: bool = False

    @property
    def key(self) -> str:
        """The id as it stands in names of fields: never with a thousands separator."""
        return str(self.enrolment.pk)

    @property
    def field_name(self) -> str:
        return f"status-{self.key}"

    @property
    def anchor(self) -> str:
        return f"hoc-vien-{self.key}"

    @property
    def unit_key(self) -> str:
        return str(self.enrolment.unit_id)

    @property
    def letter(self) -> str:
        """The letter below which the given name stands in a dictionary: Á is A, Ấ is Â."""
        first = unicodedata.normalize("NFD", self.enrolment.user.given_name[:1].upper())
        return unicodedata.normalize("NFC", first.translate(TONES))

    @property
    def search_text(self) -> str:
        return fold(f"{self.enrolment.user.full_name} {self.enrolment.user.staff_code}")


class RollSheet:
    """The page's state, made of the database and of what was posted.

    A selection is *changed* when it differs from what the page showed when it was loaded (`seen`, the
    last mark of that moment). Only changed ones are kept and sent on: what a colleague has
    noted meanwhile is never overwritten by a page that nobody changed.
    """

    def __init__(self, *, session: Session, reader: User, data: QueryDict | None = None) -> None:
        self.session = session
        self.reader = reader
        self.now = timezone.now()
        self.data = data if data is not None else QueryDict()
        # Asked before the lines: a mark that comes in between is then at worst sent again.
        self.seen = latest_mark_id(session=session)
        self.token = _uuid(self.data.get("token", ""))
        self.changed = dict(self._changed())
        self.off_roll_errors: list[str] = []
        enrolments = list(roll_of(session=session, reader=reader))
        names = Counter(enrolment.user.full_name for enrolment in enrolments)
        self.lines = [
            self._line(enrolment, is_namesake=names[enrolment.user.full_name] > 1)
            for enrolment in enrolments
        ]

    @property
    def key(self) -> str:
        """Names the session in the browser's own store of what is unsent."""
        return str(self.session.pk)

    @property
    def seen_key(self) -> str:
        return str(self.seen)

    @property
    def members(self) -> list[RollLine]:
        """The people of the class."""
        return [line for line in self.lines if not line.guest_from]

    @property
    def guests(self) -> list[RollLine]:
        """People of other classes who make up for a session that they missed there."""
        return [line for line in self.lines if line.guest_from]

    @property
    def left(self) -> int:
        """How many of all have no status yet."""
        return sum(not line.selection.status for line in self.lines)

    @property
    def counts(self) -> dict[str, int]:
        """How many of the class stand at each status, and under "" those without one."""
        counted = Counter(line.selection.status for line in self.members)
        return {status: counted[status] for status in [*AttendanceStatus.values, ""]}

    def entries(self) -> list[RollEntry]:
        """Return the changed selections that can be read; see `unreadable` for the others."""
        return [
            RollEntry(
                enrolment_id=pk,
                status=AttendanceStatus(selection.status),
                client_id=self._client_id(pk, selection),
                minutes_late=selection.late,
                reason=selection.reason,
                seen_mark_id=self._seen_before(),
                may_be_slip=True,
            )
            for pk, selection in self.changed.items()
            if selection.late is not None
        ]

    def unreadable(self) -> dict[int, str]:
        """Return what is wrong with changed selections that say nothing, by enrolment id."""
        return {
            pk: selection.wrong for pk, selection in self.changed.items() if selection.late is None
        }

    def attach_errors(self, errors: Mapping[int, str]) -> None:
        """Put each error on its line; errors of people who are not on the roll are `off_roll_errors`."""
        lines = {line.enrolment.pk: line for line in self.lines}
        for pk, error in errors.items():
            if pk in lines:
                lines[pk].error = error
        self.off_roll_errors = sorted({error for pk, error in errors.items() if pk not in lines})

    def choose_present(self) -> int:
        """Tick "present" for all without a choice; how many there were. Saves nothing."""
        unmarked = [line for line in self.lines if not line.selection.status]
        for line in unmarked:
            line.selection = Selection(status=AttendanceStatus.PRESENT)
        return len(unmarked)

    @property
    def letters(self) -> list[tuple[str, str]]:
        """Each letter with the anchor of its first line."""
        first: dict[str, str] = {}
        for line in self.lines:
            first.setdefault(line.letter, line.anchor)
        return list(first.items())

    @property
    def units(self) -> list[tuple[str, str]]:
        """The communes of the people, by name."""
        units = {line.unit_key: str(line.enrolment.unit) for line in self.lines}
        return sorted(units.items(), key=lambda pair: fold(pair[1]))

    def search(self, text: str, *, unit: str = "", is_unmarked: bool = False) -> int:
        """Hide the lines that do not hold every word, of other communes, or with a choice;
        return how many are left. They stay in the form.
        """
        words = fold(text).split()
        for line in self.lines:
            line.is_hidden = not (
                all(word in line.search_text for word in words)
                and unit in {"", line.unit_key}
                and not (is_unmarked and line.selection.status)
            )
        return sum(not line.is_hidden for line in self.lines)

    def _changed(self) -> Iterator[tuple[int, Selection]]:
        if not self.data:
            return
        shown = noted_by(session=self.session, last_mark_id=self._seen_before(), reader=self.reader)
        for name, status in self.data.items():
            found = STATUS_FIELD.fullmatch(name)
            if found and status in AttendanceStatus.values:
                pk = int(found[1])
                selection = self._selection(pk, str(status))
                if selection.differs_from(shown.get(pk)):
                    yield pk, selection

    def _seen_before(self) -> int:
        """Return the last mark that the page showed which was sent."""
        return read_number(self.data.get("seen", "")) or 0

    def _selection(self, pk: int, status: str) -> Selection:
        """Return what was chosen for a person; a time of arrival becomes minutes."""
        typed = self.data.get(f"late-{pk}", "").strip()
        reason = self.data.get(f"reason-{pk}", "").strip()
        if status != AttendanceStatus.LATE:
            return Selection(status=status, reason=reason)
        bounds = {"starts_at": self.session.starts_at, "ends_at": self.session.ends_at}
        with CatchRefusal() as asked:
            late = read_minutes_late(typed, **bounds)
            if came_in_time(typed, late):
                return Selection(status=AttendanceStatus.PRESENT, reason=reason)
            return Selection(status=status, minutes_late=str(late) if typed else "", reason=reason)
        return Selection(status=status, minutes_late=typed, reason=reason, wrong=asked.message)

    def _line(self, enrolment: Any, *, is_namesake: bool) -> RollLine:
        noted: str = enrolment.settled_status or ""
        late = str(enrolment.settled_minutes_late or "")
        selection = self.changed.get(enrolment.pk, Selection(status=noted, minutes_late=late))
        settled = Selection(status=noted, minutes_late=late)
        differs = (selection.status, selection.late) != (noted, settled.late)
        fresh = slip_seconds(
            noted_by_id=enrolment.settled_by_id,
            noted_at=enrolment.settled_at,
            by=self.reader,
            at=self.now,
        )
        return RollLine(
            enrolment=enrolment,
            noted=noted,
            noted_late=late,
            selection=selection,
            asks_reason=bool(noted) and differs and not fresh,
            is_namesake=is_namesake,
            slip_seconds=fresh,
            guest_from="" if enrolment.run_id == self.session.run_id else enrolment.class_title,
            noted_at=self._noted_at(enrolment),
        )

    def _noted_at(self, enrolment: Any) -> str:
        if enrolment.settled_at is None:
            return ""
        return describe_noted(
            name="" if enrolment.settled_by_id == self.reader.pk else enrolment.settled_by,
            noted_at=enrolment.settled_at,
            starts_at=self.session.starts_at,
            minutes_left_early=enrolment.settled_minutes_left_early or 0,
        )

    def _client_id(self, pk: int, selection: Selection) -> UUID:
        """Return the same id for the same choice sent twice from one page,
        another for another choice.
        """
        said = f"{self.session.pk}:{pk}:{selection.status}:{selection.late}:{selection.reason}"
        return uuid5(self.token, said)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
