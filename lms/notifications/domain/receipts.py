"""What providers report after they accepted a message, put to the reminder that it was about."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from lms.messaging.models import Receipt
from lms.notifications.domain.dead_addresses import note_alive
from lms.notifications.domain.transitions import confirm_delivery, deny_delivery
from lms.notifications.enums import ReceiptState
from lms.notifications.models import DeliveryAttempt

BATCH: Final = 500
# A receipt may be there before the commit of its message; after this long it is nobody's.
_PATIENCE: Final = timedelta(hours=1)


def take_up_receipts(*, now: datetime) -> int:
    """Put each receipt to its attempt; return the number. Safe to run twice and side by side."""
    ripe = _ripe(now).order_by("pk").values_list("pk", flat=True)
    return sum(_take_up(pk, now) for pk in list(ripe[:BATCH]))


def _ripe(now: datetime) -> QuerySet[Receipt]:
    """Return those whose message is known, and those that have waited long enough for it: log-in
    codes have receipts as well, are nobody's, and hold up none.
    """
    sent = DeliveryAttempt.objects.filter(channel=OuterRef("way"))
    by_theirs = Exists(sent.filter(reference=OuterRef("reference")))
    by_ours = Exists(sent.filter(message_id=OuterRef("reference")))
    given_up = Q(received_at__lte=now - _PATIENCE)
    return Receipt.objects.filter(given_up | by_theirs | by_ours, taken_up=False)


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
        for attempt in attempts.values():
            _apply(receipt, attempt, now)
        Receipt.objects.filter(pk=pk).update(taken_up=True)
    return bool(attempts)


def _apply(receipt: Receipt, attempt: DeliveryAttempt, now: datetime) -> None:
    """Note it; that a message arrived stands above a failure told before or after it."""
    if attempt.receipt == ReceiptState.DELIVERED:
        return
    was_denied = attempt.receipt == ReceiptState.FAILED
    attempt.receipt = ReceiptState.DELIVERED if receipt.delivered else ReceiptState.FAILED
    attempt.receipt_at = receipt.received_at
    attempt.save(update_fields=["receipt", "receipt_at"])
    if receipt.delivered:
        note_alive(people=[attempt.reminder.user], way=attempt.channel, by_receipt=True)
        confirm_delivery(attempt=attempt, was_denied=was_denied)
    else:
        deny_delivery(attempt=attempt, detail=receipt.detail, now=now)
