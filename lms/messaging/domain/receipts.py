"""What a provider says of a message after it was accepted."""

from datetime import datetime

from lms.messaging.models import Receipt


def receive(*, way: str, reference: str, delivered: bool, detail: str, now: datetime) -> bool:
    """Keep the receipt; return whether it is news. A repeat is taken and changes nothing."""
    row = Receipt(way=way, reference=reference, delivered=delivered, detail=detail, received_at=now)
    known = Receipt.objects.filter(way=way, reference=reference, delivered=delivered)
    if known.exists():
        return False
    # Two at the same moment: the constraint keeps one.
    Receipt.objects.bulk_create([row], ignore_conflicts=True)
    return True
