"""The two ways that need no address of a person: in the site, which everybody has, and on the devices
in whose browsers messages were switched on.
"""

from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.messaging.enums import Outcome
from lms.messaging.extensions import Answer, Letter, PlainChannel, Reachable
from lms.messaging.push import ENDED, push
from lms.notifications.domain.devices import forget_ended, know_devices
from lms.notifications.enums import PUSH, SITE
from lms.notifications.models import PushDevice

# There is no address to be told: a notice hangs on the person.
_ADDRESS: Final = "site"
# What a screen has room for.
_BODY: Final = 300
# Of several devices the answer that says most about where the message is.
_BEST_FIRST: Final = (Outcome.ACCEPTED, Outcome.UNKNOWN, Outcome.NOT_NOW, Outcome.REFUSED)


class SiteChannel(PlainChannel):
    """Every reminder that is due stands in the site already: to go this way is to go no other."""

    key = SITE
    label = _("In the site")
    takes_short_form = True

    def is_configured(self) -> bool:
        return True

    def address_of(self, person: Reachable) -> str | None:
        return _ADDRESS

    def line(self) -> "SiteLine":
        return SiteLine()


class SiteLine:
    def open(self) -> Answer | None:
        return None

    def send(self, letter: Letter) -> Answer:
        return Answer(Outcome.ACCEPTED)

    def close(self) -> None:
        """Do nothing."""


class PushChannel(PlainChannel):
    key = PUSH
    label = _("Notification on a device")
    takes_short_form = True

    def is_configured(self) -> bool:
        return bool(settings.SUITE_PUSH_KEY)

    def address_of(self, person: Reachable) -> str | None:
        """Return the number of the person, by which the devices are found."""
        one: Any = person
        if not hasattr(one, "has_device"):
            know_devices([one])
        return str(one.pk) if one.has_device else None

    def may_reach(self, path: str) -> Q:
        return Q(**{f"{path}__in": PushDevice.objects.order_by().values("user")})

    def line(self) -> "PushLine":
        return PushLine()


class PushLine:
    def open(self) -> Answer | None:
        return None

    def send(self, letter: Letter) -> Answer:
        """Hand the message over to each device of the person; one that took it is enough."""
        said = {
            "title": letter.subject,
            "body": letter.short[:_BODY],
            "url": reverse("notices:list"),
        }
        answers = [Answer(Outcome.REFUSED, "no device")]
        for device in PushDevice.objects.filter(user=int(letter.to)):
            keys = {"p256dh": device.p256dh, "auth": device.auth}
            answer = push(endpoint=device.endpoint, key=letter.key, said=said, **keys)
            if answer.detail == ENDED:
                forget_ended(device=device)
            answers.append(answer)
        return min(answers, key=lambda one: _BEST_FIRST.index(one.outcome))

    def close(self) -> None:
        """Do nothing."""
