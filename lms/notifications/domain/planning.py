"""What is to be said becomes a row long before it is said."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from lms.notifications.domain.hours import ensure_days_off
from lms.notifications.domain.wanted import BATCH, Wanted, wanted_reminders, with_keys
from lms.notifications.enums import ReminderState
from lms.notifications.extensions import PlannedReminder, ReminderKind, reminder_kinds
from lms.notifications.models import Reminder, ReminderRule

#: A tick comes each minute. One that meets a lock, or a new version of an app, is made good by the
#: next ones; what fails for longer waits for a person.
PLANNING_PATIENCE: Final = timedelta(minutes=15)
#: The rule that stands for a kind from the start.
STANDARD: Final = "standard"
_READ: Final = (
    *("unique_key", "occurrence", "state", "due_at", "expires_at", "attempts", "way"),
    *("run_number", "run_title", "session_title", "place"),
)
# What follows its event while the reminder waits.
_FOLLOWING: Final = (
    *("due_at", "expires_at", "way"),
    *("run_number", "run_title", "session_title", "place"),
)

logger = logging.getLogger(__name__)


def plan_reminders(*, now: datetime) -> int:
    """Plan what every enabled rule asks for; the number of new rows.

    A thing is planned once by a rule, however often and by however many workers this runs. A
    reminder that still waits follows its event and its rule, and goes when it is no longer named;
    one that was sent, cancelled or failed stays as it is. The kind's queries and a constant
    number more for each batch.
    """
    ensure_rules()
    ensure_days_off(now=now)
    planned, failed = 0, []
    for rule in ReminderRule.objects.filter(enabled=True).select_related("unit").order_by("pk"):
        # The rule of an app that was taken out waits for its return.
        if rule.kind not in reminder_kinds:
            continue
        try:
            planned += _plan(rule=rule, now=now)
        except Exception:  # A mistake in one plug-in must not stop the others' reminders.
            logger.exception("Reminders of the kind %s could not be planned.", rule.kind)
            failed.append(rule.pk)
    _note_failures(failed, now=now)
    return planned


def rules_not_planned(*, now: datetime) -> QuerySet[ReminderRule]:
    """Return the rules that are on and could not be planned for `PLANNING_PATIENCE`, ticks though
    there were; the first to fail first.
    """
    rules = ReminderRule.objects.filter(enabled=True, failing_since__lte=now - PLANNING_PATIENCE)
    return rules.order_by("failing_since", "pk")


def _note_failures(failed: Sequence[int], *, now: datetime) -> None:
    ReminderRule.objects.exclude(failing_since=None).exclude(pk__in=failed).update(
        failing_since=None
    )
    if failed:
        new = ReminderRule.objects.filter(pk__in=failed, failing_since=None)
        new.update(failing_since=now)


def ensure_rules() -> None:
    """Give each registered kind the rules that it comes with, as far as it has none of them.

    Done at each plan tick and not after a migration: a kind may come with no migration at all.
    """
    known = set(ReminderRule.objects.values_list("kind", "shipped_as"))
    missing = [
        rule
        for kind in reminder_kinds
        for rule in _shipped(kind)
        if (rule.kind, rule.shipped_as) not in known
    ]
    if missing:
        ReminderRule.objects.bulk_create(missing, ignore_conflicts=True)


def _shipped(kind: ReminderKind) -> list[ReminderRule]:
    leads = {STANDARD: kind.default_lead_minutes, **kind.further_leads}
    return [
        ReminderRule(
            kind=kind.key,
            shipped_as=name,
            lead_minutes=minutes,
            enabled=kind.starts_enabled and name == STANDARD,
        )
        for name, minutes in leads.items()
    ]


def _plan(*, rule: ReminderRule, now: datetime) -> int:
    planned, named = 0, set[int]()
    for batch in wanted_reminders(rule=rule, now=now):
        # Numbers instead of keys: there may be half a million.
        named.update(hash(one.key) for one in batch)
        planned += _write(rule=rule, wanted=batch)
    _take_back(rule=rule, named=named, now=now)
    return planned


def _write(*, rule: ReminderRule, wanted: Sequence[Wanted]) -> int:
    """Add the new ones of one rule, move those that wait; the number of new ones."""
    known = {
        (row.unique_key, row.occurrence): row
        for row in with_keys(wanted).only("rule", *_READ)
        if row.rule_id == rule.pk
    }
    new, moved = [], []
    for one in wanted:
        reminder = known.get(one.key)
        if reminder is None:
            new.append(_row(rule, one))
        elif reminder.state == ReminderState.PLANNED and _follow(reminder, one):
            moved.append(reminder)
    # Another worker may plan the same at this moment: the unique key keeps one.
    Reminder.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
    if moved:
        Reminder.objects.bulk_update(moved, _FOLLOWING, batch_size=BATCH)
    return len(new)


def _take_back(*, rule: ReminderRule, named: set[int], now: datetime) -> None:
    """Delete what nobody would have heard of yet: planned for later and never tried."""
    waiting = Reminder.objects.filter(
        rule=rule, state=ReminderState.PLANNED, attempts=0, due_at__gt=now
    )
    rows = waiting.order_by().values_list("pk", "unique_key", "occurrence").iterator(BATCH)
    gone = [pk for pk, *key in rows if hash(tuple(key)) not in named]
    for start in range(0, len(gone), BATCH):
        waiting.filter(pk__in=gone[start : start + BATCH]).delete()


def _row(rule: ReminderRule, wanted: Wanted) -> Reminder:
    return Reminder(
        rule=rule,
        user_id=wanted.user.pk,
        unique_key=wanted.item.unique_key,
        occurrence=wanted.occurrence,
        payload=wanted.item.payload,
        urgent=wanted.item.urgent,
        **_followed(wanted),
    )


def _followed(wanted: Wanted) -> dict[str, Any]:
    times = {"due_at": wanted.due_at, "expires_at": wanted.expires_at, "way": wanted.way}
    return times | _about(wanted.item)


def _about(item: PlannedReminder) -> dict[str, Any]:
    about = item.subject
    return {
        "run_number": about.run_id,
        "run_title": about.run,
        "session_title": about.session,
        "place": about.place,
    }


def _follow(reminder: Reminder, wanted: Wanted) -> bool:
    """Let the row follow its event, its rule and its person's addresses; return whether it changed.

    What has left a way once, or was tried, keeps the way that it was given then.
    """
    before = [getattr(reminder, name) for name in _FOLLOWING]
    for name, value in _followed(wanted).items():
        if name != "way" or wanted.due_at > timezone.now():
            setattr(reminder, name, value)
    return before != [getattr(reminder, name) for name in _FOLLOWING]
