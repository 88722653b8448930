"""What is to be said becomes a row long before it is said."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from lms.accounts.models import User
from lms.notifications.domain.ways import choose_way
from lms.notifications.enums import Channel, ReminderState
from lms.notifications.extensions import PlannedReminder, reminder_kinds
from lms.notifications.models import Reminder, ReminderRule

_BATCH = 500
_READ: Final = (
    *("unique_key", "state", "due_at", "expires_at", "attempts", "way"),
    *("run_number", "run_title", "session_title", "place"),
    *("user__email", "user__phone"),
)
# What follows its event while the reminder waits.
_FOLLOWING: Final = (
    *("due_at", "expires_at", "way"),
    *("run_number", "run_title", "session_title", "place"),
)


def plan_reminders(*, now: datetime) -> int:
    """Plan what every enabled rule asks for; the number of new rows.

    A thing is planned once, however often and by however many workers this runs. A
    reminder that still waits follows its event and its rule's lead time, and goes when the
    kind no longer names it; one that was sent, cancelled or failed stays as it is. Parents and
    core children are left out: nothing is kept that would reach them. The kind's queries and a
    constant number more for each rule.
    """
    ensure_rules()
    planned = 0
    for rule in ReminderRule.objects.filter(enabled=True).order_by("pk"):
        kind = reminder_kinds.get(rule.kind)
        # The rule of an app that was taken out waits for its return.
        if kind is not None:
            planned += _write(rule=rule, wanted=kind.plan(rule=rule, now=now), now=now)
    return planned


def ensure_rules() -> None:
    """Give each registered kind that has none its rule, enabled, with the kind's lead time.

    Done at each plan tick and not after a migration: a kind may come with no migration at all.
    """
    known = set(ReminderRule.objects.values_list("kind", flat=True))
    missing = [
        ReminderRule(kind=kind.key, channel=Channel.EMAIL, lead_minutes=kind.default_lead_minutes)
        for kind in reminder_kinds
        if kind.key not in known
    ]
    if missing:
        ReminderRule.objects.bulk_create(missing, ignore_conflicts=True)


def _write(*, rule: ReminderRule, wanted: Iterable[PlannedReminder], now: datetime) -> int:
    """Add the new ones of one rule; move or take back those that wait."""
    known = {
        reminder.unique_key: reminder
        for reminder in Reminder.objects.filter(rule=rule, expires_at__gt=now)
        .select_related("user")
        .only(*_READ)
    }
    new, moved = [], []
    for item in wanted:
        reminder = known.pop(item.unique_key, None)
        if reminder is None:
            if item.expires_at > now:
                new.append(_row(rule, item))
        elif reminder.state == ReminderState.PLANNED and _follow(reminder, item):
            moved.append(reminder)
    new = _with_contact(new)
    # Another worker may plan the same at this moment: the unique key keeps one.
    Reminder.objects.bulk_create(new, batch_size=_BATCH, ignore_conflicts=True)
    Reminder.objects.bulk_update(moved, _FOLLOWING, batch_size=_BATCH)
    _take_back(reminders=known.values(), now=now)
    return len(new)


def _with_contact(rows: list[Reminder]) -> list[Reminder]:
    """Return those for people of whom more than the least is kept, each with its way."""
    if not rows:
        return []
    people = User.objects.filter(pk__in={row.user_id for row in rows}, is_minimal=False)
    found = people.only("email", "phone").in_bulk()
    kept = [row for row in rows if row.user_id in found]
    for row in kept:
        row.way = choose_way(person=found[row.user_id])
    return kept


def _take_back(*, reminders: Iterable[Reminder], now: datetime) -> None:
    """Delete what nobody would have heard of yet: planned for later and never tried."""
    waiting = [
        row.pk
        for row in reminders
        if row.state == ReminderState.PLANNED and row.attempts == 0 and row.due_at > now
    ]
    if waiting:
        Reminder.objects.filter(pk__in=waiting, state=ReminderState.PLANNED, attempts=0).delete()


def _row(rule: ReminderRule, item: PlannedReminder) -> Reminder:
    return Reminder(
        rule=rule,
        user_id=item.user_id,
        unique_key=item.unique_key,
        payload=item.payload,
        due_at=item.due_at,
        expires_at=item.expires_at,
        **_about(item),
    )


def _about(item: PlannedReminder) -> dict[str, Any]:
    about = item.subject
    return {
        "run_number": about.run_id,
        "run_title": about.run,
        "session_title": about.session,
        "place": about.place,
    }


def _follow(reminder: Reminder, item: PlannedReminder) -> bool:
    """Let the row follow its event and the addresses of its person; return whether it changed.

    What has left a way once, or was tried, keeps the way that it was given then.
    """
    before = [getattr(reminder, name) for name in _FOLLOWING]
    values = {"due_at": item.due_at, "expires_at": item.expires_at, **_about(item)}
    for name, value in values.items():
        setattr(reminder, name, value)
    if reminder.due_at > timezone.now():
        reminder.way = choose_way(person=reminder.user)
    return before != [getattr(reminder, name) for name in _FOLLOWING]
