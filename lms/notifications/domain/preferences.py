"""By which way a person wants to be reached, kind by kind: it stands above the order of the suite."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django.core import signing
from django.db import transaction

from lms.accounts.models import User
from lms.messaging.extensions import configured_channels
from lms.notifications.enums import SITE
from lms.notifications.extensions import ReminderKind, reminder_kinds
from lms.notifications.models import WayChoice

#: Stands for all kinds without a choice of their own.
EVERY_KIND: Final = ""
_SALT: Final = "lms.notifications.unsubscribe"


def wishes_of(*, pairs: Collection[tuple[int, str]]) -> Mapping[tuple[int, str], tuple[str, ...]]:
    """Return the ways that each of these people wants for each of these kinds first, as far as
    there is a wish. One query.

    In the site alone is nobody told of what is mandatory, whatever was chosen before it was.
    """
    rows = WayChoice.objects.filter(
        user__in={user_id for user_id, _kind in pairs},
        kind__in={EVERY_KIND, *(kind for _user_id, kind in pairs)},
    )
    chosen = {
        (user_id, kind): way for user_id, kind, way in rows.values_list("user", "kind", "way")
    }
    optional = {kind.key for kind in optional_kinds()}
    found = {}
    for user_id, kind in pairs:
        ways = (chosen.get((user_id, kind)), chosen.get((user_id, EVERY_KIND)))
        kept = tuple(way for way in ways if way and (way != SITE or kind in optional))
        if kept:
            found[user_id, kind] = kept
    return found


def optional_kinds() -> list[ReminderKind]:
    """Return the kinds that one may keep to the site, in the order of registration."""
    return [kind for kind in reminder_kinds if not kind.is_mandatory]


def kinds_to_choose(*, user: User) -> list[ReminderKind]:
    """Return the optional kinds that can come to this person at all."""
    return [kind for kind in optional_kinds() if not kind.roles or user.scope.has_role(*kind.roles)]


def choices_of(*, user: User) -> Mapping[str, str]:
    """Return what the person has chosen, by kind."""
    return dict(WayChoice.objects.filter(user=user).values_list("kind", "way"))


def choose(*, user: User, ways: Mapping[str, str]) -> None:
    """Keep these choices, by kind; an empty one is taken back. What waits follows within a minute."""
    known = {one.key for one in configured_channels()}
    kept = {kind: way for kind, way in ways.items() if way in known}
    with transaction.atomic():
        WayChoice.objects.filter(user=user, kind__in=set(ways) - set(kept)).delete()
        WayChoice.objects.bulk_create(
            [WayChoice(user=user, kind=kind, way=way) for kind, way in kept.items()],
            update_conflicts=True,
            unique_fields=["user", "kind"],
            update_fields=["way"],
        )


def unsubscribe_token(*, user_id: int, kinds: Sequence[str]) -> str:
    """Return what lets its holder keep these kinds to the site for this person, and nothing else."""
    return signing.dumps([user_id, list(kinds)], salt=_SALT)


def read_token(token: str) -> tuple[User, Sequence[ReminderKind]] | None:
    """Return whom and what a token is about; None where it is not ours, or there is nothing to stop."""
    try:
        user_id, told = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    # Mails of before hold one kind by itself.
    keys = [told] if isinstance(told, str) else told
    kinds = [kind for kind in optional_kinds() if kind.key in keys]
    return (user, kinds) if user and kinds else None


def unsubscribe(*, user: User, kinds: Sequence[ReminderKind]) -> None:
    """Keep the kinds to the site from now on; doing it twice changes nothing."""
    choose(user=user, ways={kind.key: SITE for kind in kinds})
