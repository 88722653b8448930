"""Beat's ticks; each may run twice or beside itself without harm."""

from celery import shared_task
from django.utils import timezone

from lms.messaging.extensions import channels
from lms.notifications.domain.new_addresses import leave_call_list
from lms.notifications.domain.planning import plan_reminders
from lms.notifications.domain.receipts import take_up_receipts
from lms.notifications.domain.sending import name_calls, send_due, send_in_turn
from lms.notifications.domain.silent_ways import leave_silent_ways
from lms.notifications.site_channels import SiteChannel


@shared_task(name="notifications.plan_reminders")
def plan_reminders_task() -> None:
    plan_reminders(now=timezone.now())


@shared_task(name="notifications.send_due_reminders")
def send_due_reminders_task(way: str = "email") -> None:
    """Send what is due by one way: a silent provider of another one is not waited for."""
    channel = channels.get(way)
    if channel is not None and channel.is_configured():
        send_in_turn(now=timezone.now(), channel=channel)


@shared_task(name="notifications.leave_silent_ways")
def leave_silent_ways_task() -> None:
    """Give what waits for a way that has stood still for hours to the next way."""
    leave_silent_ways(now=timezone.now())


@shared_task(name="notifications.follow_up")
def follow_up_task() -> None:
    """Take up what providers report and who has got an address, and do what needs no provider: what is
    to stand in the site alone, and those whom somebody has to call.
    """
    now = timezone.now()
    take_up_receipts(now=now)
    leave_call_list(now=now)
    send_due(now=now, channel=SiteChannel())
    name_calls(now=now)
