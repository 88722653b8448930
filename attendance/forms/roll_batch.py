"""Marks as a phone sends them: a few lines of JSON, read strictly."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from attendance.domain.roll.clock_times import came_in_time, read_minutes_late, state_by_clock
from attendance.domain.roll.recording import RollEntry
from attendance.enums import AttendanceStatus
from attendance.models import Session
from lms.core.refusal import CatchRefusal, Refusal
from lms.core.text import without_look_alikes

# More than any class has people: what is longer was not sent by the page.
MAX_MARKS: Final = 1000
# The largest id of the database.
MAX_ID: Final = 2**63 - 1


@dataclass(frozen=True)
class RollBatch:
    """What was sent: marks that can be read, and what is wrong with the others by enrolment id.

    `reader_id` is the person for whom the page was made, `since` the last mark that it shows.
    """

    reader_id: int
    since: int
    is_known_early: bool = False
    entries: list[RollEntry] = field(default_factory=list)
    refused: dict[int, Refusal] = field(default_factory=dict)
    # Client ids of own marks to take back.
    undone: list[UUID] = field(default_factory=list)
    # By enrolment id: how late as it was typed, minutes or a time; and the time of leaving.
    typed: dict[int, tuple[str, str]] = field(default_factory=dict)

    def entries_of(self, session: Session) -> list[RollEntry]:
        """Return what is to be noted in this session; what was typed and says nothing is `refused`."""
        entries = []
        for entry in self.entries:
            with CatchRefusal() as asked:
                entries.append(_timed(entry, *self.typed[entry.enrolment_id], session=session))
            if asked.refusal:
                self.refused[entry.enrolment_id] = asked.refusal
        return entries


def read_batch(body: bytes) -> RollBatch:
    """Read the body of a request.

    Raises Refusal `batch_unreadable` for what the page never sends. What a person typed is read
    by `entries_of`, and refused for its line alone.
    """
    try:
        sent = json.loads(body)
        batch = RollBatch(
            reader_id=_id(sent["reader"]),
            since=_id(sent["since"]),
            is_known_early=sent.get("early") is True,
            undone=[UUID(client_id) for client_id in sent.get("undo", [])[:MAX_MARKS]],
        )
        for person, mark in _marks(sent["marks"]):
            batch.entries.append(_entry(person, mark, seen=batch.since))
            batch.typed[person] = _text(mark.get("minutes_late", "")), _text(mark.get("left", ""))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal(
            "batch_unreadable", _("What was sent cannot be read. Please reload the page.")
        ) from error
    return batch


def _marks(sent: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    people = [_id(mark["enrolment"]) for mark in sent]
    ids = {UUID(mark["client_id"]) for mark in sent}
    if len(sent) > MAX_MARKS or len({*people}) < len(sent) or len(ids) < len(sent):
        raise ValueError
    yield from zip(people, sent, strict=True)


def _entry(person: int, mark: dict[str, Any], *, seen: int) -> RollEntry:
    return RollEntry(
        enrolment_id=person,
        status=AttendanceStatus(mark["status"]),
        client_id=UUID(mark["client_id"]),
        reason=_text(mark.get("reason", "")),
        may_be_slip=True,
        seen_mark_id=seen,
    )


def _timed(entry: RollEntry, typed: str, left: str, *, session: Session) -> RollEntry:
    """Return the entry with the minutes that follow from what was typed."""
    status, late = entry.status, 0
    if status == AttendanceStatus.LATE:
        late = read_minutes_late(typed, starts_at=session.starts_at, ends_at=session.ends_at)
        status = AttendanceStatus.PRESENT if came_in_time(typed, late) else status
    if not left:
        return replace(entry, status=status, minutes_late=late)
    said = state_by_clock(session=session, recorded=(status, late, 0), left=left)
    return replace(entry, status=said[0], minutes_late=said[1], minutes_left_early=said[2])


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    # No form, so that the middleware has not seen it.
    return without_look_alikes(value).strip()


def _id(value: object) -> int:
    # True is an int to Python.
    if type(value) is not int or not 0 <= value <= MAX_ID:
        raise ValueError
    return value
