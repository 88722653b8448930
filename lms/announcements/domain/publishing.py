"""An announcement goes out: its recipients become reminders, once; or it is withdrawn before."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.announcements.domain.counting import count_reach
from lms.announcements.domain.rule import require_switched_on
from lms.announcements.enums import KIND
from lms.announcements.extensions import Group, audiences
from lms.announcements.models import Announcement, AnnouncementRecipient
from lms.core.refusal import Refusal
from lms.notifications.domain.pausing import leaves_at
from lms.notifications.domain.planning import ensure_rules
from lms.notifications.domain.transitions import move
from lms.notifications.enums import DropReason, ReminderState
from lms.notifications.models import Reminder, ReminderRule

#: What could not be handed over so long after the next open hours would come too late.
GOOD_FOR: Final = timedelta(days=2)
_BATCH: Final = 500


def publish_due(*, now: datetime) -> int:
    """Send out what is due; return the number. Safe to run twice and side by side."""
    due = Announcement.objects.waiting().filter(send_at__lte=now).order_by("send_at", "pk")
    return sum(_publish_one(pk, now) for pk in list(due.values_list("pk", flat=True)))


def _publish_one(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        waiting = Announcement.objects.waiting().select_for_update(skip_locked=True)
        announcement = waiting.filter(pk=pk).first()
        if announcement is None:
            return False
        author = User.objects.get(pk=announcement.author_id)
        sort = audiences.get(announcement.audience)
        group = None
        if sort is not None and author.is_active:
            remind = announcement.is_reminder
            group = sort.find(by=author, params=announcement.params, remind=remind)
        if group is None:
            return _stop(announcement, "no_group", now)
        if group.refusal is not None:
            return _stop(announcement, group.refusal.code, now)
        try:
            require_switched_on()
        except Refusal as refusal:
            return _stop(announcement, refusal.code, now)
        return publish(announcement=announcement, group=group, now=now)


def publish(*, announcement: Announcement, group: Group, now: datetime) -> bool:
    """Plan a reminder for everybody in the group as it is now; whether there was somebody."""
    remind = announcement.is_reminder
    reach = count_reach(group=group, author=announcement.author, remind=remind, now=now)
    if not reach.recipients:
        return _stop(announcement, "nobody", now)
    ensure_rules()
    opens = leaves_at(due=now, now=now)
    rule = ReminderRule.objects.filter(kind=KIND).order_by("pk")[0]
    planned = [
        Reminder(
            rule=rule,
            user_id=one.user_id,
            unique_key=f"{KIND}:{announcement.pk}:{one.user_id}",
            way=one.way,
            payload={"announcement": announcement.pk},
            run_number=announcement.run_number,
            run_title=announcement.group if announcement.run_number else "",
            due_at=now,
            expires_at=opens + GOOD_FOR,
        )
        for one in reach.recipients
    ]
    rows = Reminder.objects.bulk_create(planned, batch_size=_BATCH)
    AnnouncementRecipient.objects.bulk_create(
        (AnnouncementRecipient(announcement=announcement, reminder=row) for row in rows),
        batch_size=_BATCH,
    )
    announcement.published_at = now
    announcement.save(update_fields=["published_at"])
    return True


@transaction.atomic
def withdraw(*, announcement: Announcement, by: User, now: datetime) -> int:
    """Take it back: nothing goes out that has not; return how many are told no more.

    A repeat changes nothing. Raises Refusal `all_sent` where it has gone out to everybody.
    """
    row = Announcement.objects.select_for_update().get(pk=announcement.pk)
    if row.withdrawn_at is not None:
        return 0
    waiting = Reminder.objects.filter(announced__announcement=row, state=ReminderState.PLANNED)
    stopped = move(
        list(waiting), ReminderState.PLANNED, ReminderState.CANCELLED, reason=DropReason.MOOT
    )
    if row.published_at is not None and not stopped:
        raise Refusal("all_sent", _("It has been sent to everybody and cannot be taken back."))
    row.withdrawn_at, row.withdrawn_by = now, by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return stopped


def _stop(announcement: Announcement, reason: str, now: datetime) -> bool:
    announcement.withdrawn_at, announcement.stopped_because = now, reason
    announcement.save(update_fields=["withdrawn_at", "stopped_because"])
    return False
