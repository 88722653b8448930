"""Marks as a phone sends them: a few lines of JSON, read strictly."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from attendance.domain.recording import RollEntry
from attendance.enums import AttendanceStatus
from attendance.forms.roll_sheet import MINUTES
from lms.core.refusal import Refusal

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


def read_batch(body: bytes) -> RollBatch:
    """Read the body of a request.

    Raises Refusal `batch_unreadable` for what the page never sends. Minutes that are no number
    are refused as `minutes_unreadable` for their line alone: a person typed them.
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
            late = _minutes(mark)
            if late is None:
                batch.refused[person] = Refusal(
                    "minutes_unreadable", _("Please enter the minutes as a whole number.")
                )
            else:
                batch.entries.append(_entry(person, mark, late))
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


def _entry(person: int, mark: dict[str, Any], minutes_late: int) -> RollEntry:
    return RollEntry(
        enrolment_id=person,
        status=AttendanceStatus(mark["status"]),
        client_id=UUID(mark["client_id"]),
        minutes_late=minutes_late,
        reason=_text(mark.get("reason", "")),
        is_slip=mark.get("slip") is True,
    )


def _minutes(mark: dict[str, Any]) -> int | None:
    typed = _text(mark.get("minutes_late", ""))
    if mark["status"] != AttendanceStatus.LATE or not typed:
        return 0
    return int(typed) if MINUTES.fullmatch(typed) else None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value.strip()


def _id(value: object) -> int:
    # True is an int to Python.
    if type(value) is not int or not 0 <= value <= MAX_ID:
        raise ValueError
    return value
