"""Numbers that are dead and mails that bounce: found at sending, put right or given up by a person."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.models import User
from lms.core.refusal import Refusal
from lms.messaging.extensions import channels
from lms.notifications.enums import PEOPLE, PUSH, SITE
from lms.notifications.models import DeadAddress

CALL_INSTEAD_ACTION: Final = "notifications.call_instead"
# A device ends by itself, and in the site everybody is.
_WITHOUT_ADDRESS: Final = (PUSH, SITE)
_MARK: Final = 16


def note_dead(*, user: User, way: str, detail: str, by_receipt: bool, now: datetime) -> None:
    """Note that the address of this person was refused; another address than before begins anew."""
    address = _address(user, way)
    if address is None:
        return
    told = {"reason": detail, "last_at": now, "by_receipt": by_receipt}
    known = DeadAddress.objects.filter(user=user, way=way, address=address)
    if not known.update(**told, times=F("times") + 1):
        DeadAddress.objects.update_or_create(
            user=user,
            way=way,
            defaults={**told, "address": address, "since": now, "times": 1, "call_instead": False},
        )


def note_alive(*, people: Collection[User], way: str, by_receipt: bool) -> None:
    """Forget what was noted of these people: something arrived. To be accepted says nothing against a
    receipt.
    """
    rows = DeadAddress.objects.filter(user__in=people, way=way)
    (rows if by_receipt else rows.filter(by_receipt=False)).delete()


def call_instead(*, dead: DeadAddress, on: bool, by: User) -> None:
    """Send nothing more to this address, or try it again, because a person says so; logged.

    The next way is taken, and where there is none somebody calls. Raises Refusal `put_right`.
    """
    if not DeadAddress.objects.current().filter(pk=dead.pk).update(call_instead=on):
        raise Refusal(
            "put_right", _("This address is no longer in use: somebody has put it right.")
        )
    log(instance=dead.user, action=CALL_INSTEAD_ACTION, user=by, data={"way": dead.way, "on": on})


def know_closed_ways(people: Iterable[Any]) -> None:
    """Note with each of these people which ways somebody has given up; one query."""
    asked = list(people)
    rows = DeadAddress.objects.current().filter(user__in=[one.pk for one in asked])
    closed: dict[int, set[str]] = {}
    for user_id, way in rows.filter(call_instead=True).values_list("user", "way") if asked else ():
        closed.setdefault(user_id, set()).add(way)
    for one in asked:
        one.closed_ways = closed.get(one.pk, frozenset())


def address_mark(*, user: User, way: str) -> str:
    """Return by what one tells later whether the address is still the same; tells nothing of it."""
    address = _address(user, way)
    if not address:
        return ""
    return salted_hmac("notifications.address", address, algorithm="sha256").hexdigest()[:_MARK]


def _address(user: User, way: str) -> str | None:
    if way == PEOPLE:
        return user.phone
    channel = channels.get(way)
    return channel.address_of(user) if channel and way not in _WITHOUT_ADDRESS else None
