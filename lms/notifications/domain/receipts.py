"""What providers report after they accepted a message, put to the reminder that it was about."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from lms.messaging.models import Receipt
from lms.notifications.domain.dead_addresses import note_alive
from lms.notifications.domain.transitions import deny_delivery, move
from lms.notifications.enums import ReceiptState, ReminderState
from lms.notifications.models import DeliveryAttempt

BATCH: Final = 500
# A receipt may be there before the commit of its message; after this long it is nobody's.
_PATIENCE: Final = timedelta(hours=1)


def take_up_receipts(*, now: datetime) -> int:
    """Put each receipt to its attempt; return the number. Safe to run twice and side by side."""
    waiting = Receipt.objects.filter(taken_up=False).order_by("pk")
    return sum(_take_up(pk, now) for pk in list(waiting.values_list("pk", flat=True)[:BATCH]))


def _take_up(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        rows = Receipt.objects.select_for_update(skip_locked=True)
        receipt = rows.filter(pk=pk, taken_up=False).first()
        if receipt is None:
            return False
        told = DeliveryAttempt.objects.filter(channel=receipt.way).filter(
            Q(reference=receipt.reference) | Q(message_id=receipt.reference)
        )
        # Of each reminder that the message told the last try.
        attempts = {
            one.reminder_id: one
            for one in told.select_related("reminder__user", "reminder__rule").order_by("pk")
        }
        if not attempts and receipt.received_at > now - _PATIENCE:
            return False
        for attempt in attempts.values():
            _apply(receipt, attempt, now)
        Receipt.objects.filter(pk=pk).update(taken_up=True)
    return bool(attempts)


def _apply(receipt: Receipt, attempt: DeliveryAttempt, now: datetime) -> None:
    """Note it; that a message arrived stands above a failure told before or after it."""
    if attempt.receipt == ReceiptState.DELIVERED:
        return
    attempt.receipt = ReceiptState.DELIVERED if receipt.delivered else ReceiptState.FAILED
    attempt.receipt_at = receipt.received_at
    attempt.save(update_fields=["receipt", "receipt_at"])
    if receipt.delivered:
        note_alive(people=[attempt.reminder.user], way=attempt.channel, by_receipt=True)
        move([attempt.reminder], ReminderState.UNCERTAIN, ReminderState.SENT)
    else:
        deny_delivery(attempt=attempt, detail=receipt.detail, now=now)
