"""On a device: the way to whoever has switched messages on in the browser of a phone or computer."""

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.messaging.enums import Outcome
from lms.messaging.extensions import Answer, Letter, Reachable
from lms.messaging.push import ENDED, push
from lms.notifications.enums import PUSH
from lms.notifications.models import PushDevice

# What a screen has room for.
_BODY: Final = 300
# Of several devices the answer that says most about where the message is.
_BEST_FIRST: Final = (Outcome.ACCEPTED, Outcome.UNKNOWN, Outcome.NOT_NOW, Outcome.REFUSED)


class PushChannel:
    key = PUSH
    label = _("Notification on a device")
    # Shown on a locked screen.
    carries_codes = False

    def is_configured(self) -> bool:
        return bool(settings.SUITE_PUSH_KEY)

    def daily_limit(self) -> int | None:
        return None

    def price(self) -> int | None:
        return None

    def most_parts(self) -> int:
        return 1

    def address_of(self, person: Reachable) -> str | None:
        """Return the number of the person, by which the devices are found."""
        one: Any = person
        if not hasattr(one, "has_device"):
            know_devices([one])
        return str(one.pk) if one.has_device else None

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
                # Switched off in the browser, or the phone is gone.
                device.delete()
            answers.append(answer)
        return min(answers, key=lambda one: _BEST_FIRST.index(one.outcome))

    def close(self) -> None:
        """Do nothing."""


def know_devices(people: Iterable[Any]) -> None:
    """Note with each of these people whether there is a device; one query, none while it is off."""
    asked = list(people)
    found: set[int] = set()
    if settings.SUITE_PUSH_KEY and asked:
        rows = PushDevice.objects.filter(user__in=[one.pk for one in asked])
        found = set(rows.order_by().values_list("user", flat=True))
    for one in asked:
        one.has_device = one.pk in found
