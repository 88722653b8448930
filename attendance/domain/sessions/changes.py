"""What became another in a session that people know of, read from its history."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wagtail.models import ModelLogEntry

from attendance.domain.sessions.cancelling import CANCELLED
from attendance.domain.sessions.scheduling import CHANGED, REMOVED, said_of, when_and_where
from attendance.domain.sessions.splitting import SPLIT
from attendance.models import MakeUp, Session


@dataclass(frozen=True)
class SessionChange:
    """One change of hour or place, or the end of a session; `before` in the words of the log.

    `other_id`: of a session that was split, the one that holds the rest of it.
    """

    session_id: int
    revision: int
    at: datetime
    by_id: int | None
    before: dict[str, Any]
    other_id: int | None = None

    @property
    def starts_at(self) -> datetime:
        """When the session was to begin."""
        return datetime.fromisoformat(self.before["starts_at"])


def changes_since(
    moment: datetime, *, session_ids: Collection[int] | None = None
) -> dict[int, list[SessionChange]]:
    """Return by session id what was moved, split or cancelled since then, the first first; one
    query.
    """
    actions = (CHANGED, SPLIT, CANCELLED)
    entries = ModelLogEntry.objects.filter(action__in=actions, timestamp__gt=moment)
    if session_ids is not None:
        entries = entries.filter(object_id__in=[str(pk) for pk in session_ids])
    found: dict[int, list[SessionChange]] = {}
    rows = entries.order_by("timestamp", "pk")
    for pk, action, at, by, data in rows.values_list(
        "object_id", "action", "timestamp", "user", "data"
    ):
        is_told = action == CANCELLED or when_and_where(data["before"]) != when_and_where(
            data["after"]
        )
        if is_told and "revision" in data:
            other = data.get("other")
            change = SessionChange(int(pk), data["revision"], at, by, data["before"], other)
            found.setdefault(change.session_id, []).append(change)
    return found


def runs_replanned_between(since: datetime, now: datetime) -> dict[int, datetime]:
    """Return the classes whose hours are others since a session was changed, split or removed, by
    id, and when it happened last: of the class that holds it, and of whoever makes up in it.

    At most three queries.
    """
    entries = ModelLogEntry.objects.filter(
        action__in=(CHANGED, SPLIT, REMOVED), timestamp__gt=since, timestamp__lte=now
    ).order_by("timestamp")
    last: dict[int, datetime] = {}
    found: dict[int, datetime] = {}
    for pk, at, data in entries.values_list("object_id", "timestamp", "data"):
        if "run" in data:
            found[data["run"]] = at
        else:
            last[int(pk)] = at
    if not last:
        return found
    guests = MakeUp.objects.agreed().filter(session__in=last)
    for pk, run_id in [
        *Session.objects.filter(pk__in=last).values_list("pk", "run_id"),
        *guests.order_by().values_list("session_id", "enrolment__run_id").distinct(),
    ]:
        found[run_id] = max(last[pk], found.get(run_id, last[pk]))
    return found


def stands_as_before(session: Session, change: SessionChange) -> bool:
    """Return whether the session has come back to what it was before this change."""
    now = when_and_where(said_of(session, frozenset()))
    return session.cancelled_at is None and now == when_and_where(change.before)
