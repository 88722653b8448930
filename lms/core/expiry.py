"""Rows that nobody asks for any more."""

from datetime import datetime

from django.contrib.sessions.models import Session

from lms.core.models import CacheEntry


def forget_expired(*, now: datetime) -> None:
    """Delete the browser sessions that are over, and what the cache kept during an outage."""
    Session.objects.filter(expire_date__lt=now).delete()
    CacheEntry.objects.filter(expires__lt=now).delete()
