"""What people read in the site: each reminder that is due, whatever way it goes besides.

A notice is written once for each reminder, before anything leaves by another way. Having read it is
being reached, and ends what waits for a call; having it in the site is not
(docs/decisions/0067-notices-in-the-site.md).
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from lms.core.addresses import absolute_url
from lms.messaging.enums import Outcome
from lms.notifications.enums import SITE, UNDELIVERED_STATES, ReceiptState, ReminderState
from lms.notifications.extensions import Message
from lms.notifications.models import DeliveryAttempt, Notice, Reminder

_SUBJECT_LENGTH: Final = 300
_PATH_LENGTH: Final = 500


def write_notices(
    *, reminders: Collection[Reminder], messages: Mapping[int, Message], now: datetime
) -> None:
    """Write what these reminders say, by pk, into the site; what stands there already stays."""
    # Of two workers, or after a killed one: the key of the reminder keeps one.
    Notice.objects.bulk_create(
        [_notice(one, messages[one.pk], now) for one in reminders], ignore_conflicts=True
    )


def mark_read(*, notices: Collection[Notice], now: datetime) -> None:
    """Note that the person has read these; whom nothing else reached is reached by it."""
    with transaction.atomic():
        unread = Notice.objects.unread().filter(pk__in=[one.pk for one in notices])
        found = dict(unread.select_for_update().values_list("pk", "reminder_id"))
        Notice.objects.filter(pk__in=found).update(read_at=now)
        _end_what_waits(list(found.values()), now)


def unread_count() -> Any:
    """Return the number of unread notices of the person outside, as a part of a query."""
    mine = Notice.objects.unread().filter(user=OuterRef("pk")).order_by()
    return Coalesce(Subquery(mine.values("user").annotate(n=Count("pk")).values("n")), 0)


def _notice(reminder: Reminder, message: Message, now: datetime) -> Notice:
    return Notice(
        reminder=reminder,
        user_id=reminder.user_id,
        subject=" ".join(message.subject.split())[:_SUBJECT_LENGTH],
        text=message.body.strip(),
        path=_path_in(message.body)[:_PATH_LENGTH],
        written_at=now,
    )


def _path_in(body: str) -> str:
    """Return the first page of the suite that the text names."""
    found = re.search(rf"{re.escape(absolute_url('/'))}(\S*)", body)
    # One stroke alone: "//x" would lead to another site.
    return f"/{found.group(1).strip('/.,;)')}/" if found else ""


def _end_what_waits(reminder_ids: Collection[int], now: datetime) -> None:
    """Move what nothing else brought to the person to sent, with the reading as its proof."""
    waiting = Reminder.objects.select_for_update().filter(
        pk__in=reminder_ids, state__in=UNDELIVERED_STATES
    )
    ids = list(waiting.values_list("pk", flat=True))
    read = {"channel": SITE, "started_at": now, "finished_at": now, "outcome": Outcome.ACCEPTED}
    read |= {"receipt": ReceiptState.DELIVERED, "receipt_at": now}
    DeliveryAttempt.objects.bulk_create(DeliveryAttempt(reminder_id=pk, **read) for pk in ids)
    Reminder.objects.filter(pk__in=ids).update(state=ReminderState.SENT, state_since=now)
