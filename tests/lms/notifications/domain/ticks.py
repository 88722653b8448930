"""Ticks of sending, and the time between them."""

from datetime import timedelta

from django.utils import timezone

from lms.messaging.models import WayHealth
from lms.notifications.domain.sending import SendReport, send_due
from lms.notifications.models import DeliveryAttempt, Reminder


def send(limit: int = 2000) -> SendReport:
    return send_due(now=timezone.now(), limit=limit)


def let_pass(**time: float) -> None:
    """As if this much time had gone by since every change of state."""
    for reminder in Reminder.objects.all():
        Reminder.objects.filter(pk=reminder.pk).update(
            state_since=reminder.state_since - timedelta(**time),
            rest_until=reminder.rest_until and reminder.rest_until - timedelta(**time),
        )
    for way in WayHealth.objects.exclude(paused_until=None):
        WayHealth.objects.filter(pk=way.pk).update(
            paused_until=way.paused_until - timedelta(**time)
        )


def state_of(reminder: Reminder) -> str:
    return Reminder.objects.get(pk=reminder.pk).state


def last_attempt(reminder: Reminder) -> DeliveryAttempt:
    return DeliveryAttempt.objects.filter(reminder=reminder).latest("pk")
