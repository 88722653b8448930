"""A person switches messages on for one device, and off again; or the device ends by itself."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.core.refusal import Refusal
from lms.messaging.push import is_sealable, service_of
from lms.notifications.domain.preferences import EVERY_KIND, choices_of, choose
from lms.notifications.enums import PUSH
from lms.notifications.models import PushDevice

#: More than anybody has; the oldest ones go.
MOST_DEVICES = 10


def switch_on(*, user: User, endpoint: str, p256dh: str, auth: str, label: str) -> PushDevice:
    """Keep the device, of which the person has just allowed messages; a repeat changes nothing.

    Who never chose a way gets messages there first from now on. A device that another person used
    changes hands. Raises Refusal `unknown_push_service`, `bad_device_keys`.
    """
    if service_of(endpoint) is None or len(endpoint) > PushDevice.ENDPOINT_LENGTH:
        raise Refusal(
            "unknown_push_service",
            _("The browser of this device uses a service that this site does not send to."),
        )
    if not is_sealable(p256dh=p256dh, auth=auth):
        raise Refusal("bad_device_keys", _("The browser sent something that cannot be used."))
    with transaction.atomic():
        device, _made = PushDevice.objects.update_or_create(
            endpoint=endpoint,
            defaults={"user": user, "p256dh": p256dh, "auth": auth, "label": label[:100]},
        )
        mine = PushDevice.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True)
        PushDevice.objects.filter(pk__in=list(mine[MOST_DEVICES:])).delete()
        if EVERY_KIND not in choices_of(user=user):
            choose(user=user, ways={EVERY_KIND: PUSH})
    return device


def switch_off(*, user: User, device_id: int) -> bool:
    """Forget a device of this person; return whether there was one. The next way takes its place."""
    gone, _by_model = PushDevice.objects.filter(user=user, pk=device_id).delete()
    return bool(gone)


def forget_ended(*, device: PushDevice) -> None:
    """Forget a device of which its push service says that it has ended: switched off in the browser,
    or the phone is gone.
    """
    PushDevice.objects.filter(pk=device.pk, endpoint=device.endpoint).delete()


def know_devices(people: Iterable[Any]) -> None:
    """Note with each of these people whether there is a device; one query, none while it is off."""
    asked = list(people)
    found: set[int] = set()
    if settings.SUITE_PUSH_KEY and asked:
        rows = PushDevice.objects.filter(user__in=[one.pk for one in asked])
        found = set(rows.order_by().values_list("user", flat=True))
    for one in asked:
        one.has_device = one.pk in found
