"""A session as a calendar entry that any phone understands (RFC 5545)."""

from datetime import UTC, datetime

from attendance.models import Session

# Bytes, without the line end.
LINE_LENGTH = 75


def as_icalendar(*, session: Session, url: str, at: datetime) -> bytes:
    """Return the session as a calendar file with one event; `url` leads back to the suite.

    The same session always carries the same UID, so that a second download replaces the first.
    Needs `session.run`.
    """
    host = url.split("/")[2]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Training suite//attendance//VI",
        "BEGIN:VEVENT",
        f"UID:session-{session.pk}@{host}",
        f"DTSTAMP:{_utc(at)}",
        f"DTSTART:{_utc(session.starts_at)}",
        f"DTEND:{_utc(session.ends_at)}",
        f"SUMMARY:{_escaped(f'{session.title}: {session.run.title}')}",
        f"LOCATION:{_escaped(session.place or session.run.place)}",
        f"URL:{url}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


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
