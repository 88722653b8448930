"""Everything stops: a person says until when, and why."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.models import User
from lms.core.refusal import Refusal
from lms.notifications.domain.hours import open_hours
from lms.notifications.models import SendingPause

#: A pause ends by itself: nobody has to remember it.
LONGEST: Final = timedelta(days=14)
PAUSE_ACTION: Final = "notifications.pause"
RESUME_ACTION: Final = "notifications.resume"


def current_pause(*, now: datetime) -> SendingPause | None:
    """Return the pause that holds, the one that lasts longest if there are several."""
    pauses = SendingPause.objects.filter(started_at__lte=now, until__gt=now)
    return pauses.select_related("started_by").order_by("-until", "-pk").first()


def pause_sending(*, by: User, until: datetime, reason: str, now: datetime) -> SendingPause:
    """Pause all reminders; log-in codes go on. Refuses `already_paused`, `pause_in_the_past` and
    `pause_too_long`.
    """
    if current_pause(now=now):
        raise Refusal("already_paused", _("All reminders are paused already."))
    if until <= now:
        raise Refusal("pause_in_the_past", _("This moment is over already."), field="until")
    if until > now + LONGEST:
        raise Refusal("pause_too_long", _("A pause lasts 14 days at most."), field="until")
    with transaction.atomic():
        pause = SendingPause.objects.create(
            started_by=by, started_at=now, until=until, reason=reason
        )
        log(instance=pause, action=PAUSE_ACTION, user=by)
    return pause


def resume_sending(*, by: User, now: datetime) -> bool:
    """End the pause that holds; return whether there was one."""
    with transaction.atomic():
        pauses = SendingPause.objects.filter(started_at__lte=now, until__gt=now)
        held = list(pauses.select_for_update())
        pauses.update(until=now, ended_by=by)
        for pause in held:
            log(instance=pause, action=RESUME_ACTION, user=by)
    return bool(held)


def leaves_at(*, due: datetime, now: datetime) -> datetime:
    """Return when what is due then leaves: after the pause that holds now, in the open hours."""
    pause = current_pause(now=now)
    return open_hours(now=now).next_open(max(due, pause.until) if pause else due)


def may_leave(*, now: datetime) -> Q | None:
    """Return which reminders may leave now; None: none of them. Two queries at most."""
    if current_pause(now=now):
        return None
    is_open = not settings.SUITE_SENDING_HOURS or open_hours(now=now).is_open(now)
    return Q() if is_open else Q(urgent=True)
