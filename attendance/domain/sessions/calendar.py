"""Sessions as a calendar file that any phone understands (RFC 5545)."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Final

from django.db.models import F

from attendance.domain.wording import describe_place
from attendance.models import Session
from courses.enums import RunStatus
from courses.models import CourseRun

# Bytes, without the line end.
LINE_LENGTH = 75
# The place of the class stands in those alone that have none of their own.
_IN_ALL_ENTRIES: Final = frozenset({"title", "unit"})


def as_icalendar(*, sessions: Iterable[Session], url: str, at: datetime) -> bytes:
    """Return a calendar file with an event a session; `url` leads back to the suite.

    The same session always carries the same UID, so that a second download replaces the first,
    and one of a cancelled class says so. Needs `session.run` with its unit.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Training suite//attendance//VI",
        *(line for session in sessions for line in _event(session, url, at)),
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def renew_entries(*, run: CourseRun, fields: Collection[str]) -> None:
    """Raise the revision of the sessions whose entries show one of these facts of their class:
    else a calendar may keep the entry that it has.
    """
    shown = run.sessions.all()
    if not _IN_ALL_ENTRIES.intersection(fields):
        shown = shown.filter(place="") if "place" in fields else shown.none()
    shown.update(revision=F("revision") + 1)


def _event(session: Session, url: str, at: datetime) -> list[str]:
    run = session.run
    place = describe_place(place=session.where, unit=str(run.unit))
    is_off = session.cancelled_at is not None or run.status == RunStatus.CANCELLED
    # A class cancelled later is one more change of each of its sessions.
    sequence = session.revision + (run.status == RunStatus.CANCELLED)
    return [
        "BEGIN:VEVENT",
        f"UID:session-{session.pk}@{url.split('/')[2]}",
        f"SEQUENCE:{sequence}",
        f"DTSTAMP:{_utc(at)}",
        f"DTSTART:{_utc(session.starts_at)}",
        f"DTEND:{_utc(session.ends_at)}",
        f"SUMMARY:{_escaped(f'{session.title}: {run.title}')}",
        f"LOCATION:{_escaped(place)}",
        f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}",
        f"URL:{url}",
        "END:VEVENT",
    ]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.splitlines())


def _folded(line: str) -> bytes:
    """Return the line in UTF-8, cut into pieces of at most 75 bytes, never inside a letter."""
    pieces: list[bytes] = [b""]
    for char in line:
        letter = char.encode()
        # A continuation begins with a space, which counts.
        room = LINE_LENGTH - (1 if len(pieces) > 1 else 0)
        if len(pieces[-1]) + len(letter) > room:
            pieces.append(b"")
        pieces[-1] += letter
    return b"\r\n ".join(pieces) + b"\r\n"
