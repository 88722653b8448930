"""The queues of background work, and how long each may seem to stand still."""

from datetime import timedelta
from typing import Final

DEFAULT_QUEUE: Final = "default"
#: Seconds that a task of the queues of long work may take before it is asked to stop, and is stopped.
BULK_LIMITS: Final = {"soft_time_limit": 30 * 60, "time_limit": 31 * 60}
_AFTER_LONG_WORK = timedelta(seconds=BULK_LIMITS["time_limit"] + 90)
#: By queue: how old the last tick carried out by its worker may be. Four ticks of 20 s may be late;
#: in the other queues the longest tasks may come before a tick.
QUEUES: Final = {
    "urgent": timedelta(seconds=90),
    DEFAULT_QUEUE: timedelta(seconds=240),
    # A silent provider holds a process for ten seconds at each word; a tick ends after 45.
    "reminders": timedelta(seconds=240),
    "imports": _AFTER_LONG_WORK,
    "bulk": _AFTER_LONG_WORK,
}
