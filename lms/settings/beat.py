"""What beat asks for, and how often, in seconds."""

from collections.abc import Collection
from typing import Any, Final

from lms.core.queues import QUEUES

#: The ways that have a tick of their own besides e-mail; one that is not set up ends at once.
_WAYS: Final = ("sms", "zalo", "push")


def beat_schedule(installed: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the ticks of the suite, and of those plug-ins that are installed."""
    schedule = {
        **{f"core.tick.{queue}": _tick("lms.core.tick", 20, queue) for queue in QUEUES},
        "notifications.plan": _tick("notifications.plan_reminders", 60),
        "notifications.send": _tick("notifications.send_due_reminders", 20),
        **{
            f"notifications.send_{way}": _tick("notifications.send_due_reminders", 20)
            | {"args": (way,)}
            for way in _WAYS
        },
        "announcements.publish": _tick("announcements.publish_due", 20),
        "notifications.follow_up": _tick("notifications.follow_up", 20),
        "notifications.leave_silent_ways": _tick("notifications.leave_silent_ways", 300),
        "messaging.read_bounces": _tick("messaging.read_bounces", 300),
        "importing.take_up": _tick("importing.take_up", 60),
        "importing.purge": _tick("importing.purge", 3600),
        "core.forget_expired": _tick("core.forget_expired", 3600),
        "reporting.update_tallies": _tick("reporting.update_tallies", 20),
        "courses.close_late": _tick("courses.close_late_attempts", 60),
        "courses.schedules": _tick("courses.carry_out_schedules", 60),
        "courses.record_missing": _tick("courses.record_missing_changes", 3600),
    }
    if "attendance" in installed:
        schedule["attendance.count"] = _tick("attendance.count_ended_sessions", 60)
    if "certificates" in installed:
        schedule["certificates.sweep"] = _tick("certificates.issue_outstanding", 60)
    return schedule


def _tick(task: str, seconds: int, queue: str = "") -> dict[str, Any]:
    """Drop a tick that no worker took before the next one: they must not pile up.

    `queue`: the one that it goes through, whatever the routes say, and is told of.
    """
    options: dict[str, Any] = {"expires": seconds}
    if not queue:
        return {"task": task, "schedule": seconds, "options": options}
    return {
        "task": task,
        "schedule": seconds,
        "args": (queue,),
        "options": {**options, "queue": queue},
    }
