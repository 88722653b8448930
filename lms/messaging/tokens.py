"""The token with which a provider lets us send, renewed in time and by one process at a time."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from django.db.models import Q

from lms.core.sealing import seal, unseal
from lms.messaging.models import AccessToken

#: A token is renewed so long before it ends: a message begun with it is still let in.
MARGIN: Final = timedelta(minutes=5)
#: Whoever renews may take so long before another process may.
RENEWAL: Final = timedelta(minutes=1)
_PURPOSE: Final = "messaging.token"


class NoTokenError(Exception):
    """There is no token now: nothing can be handed over. Says why, without any secret."""


@dataclass(frozen=True)
class Renewed:
    """What a provider gives: the token, for how long, and what the next renewal needs."""

    access: str
    refresh: str
    lasts: timedelta


class TokenSource(Protocol):
    """Where the tokens of a way come from."""

    @property
    def way(self) -> str: ...

    def first(self) -> str:
        """Return the refresh token of the settings; another one than before begins anew."""

    def renew(self, refresh: str) -> Renewed:
        """Ask for the next token; comes back within its time. Raises NoTokenError."""


def access_token(*, source: TokenSource, now: datetime) -> str:
    """Return a token that is good for some minutes more; raises NoTokenError.

    A refresh token may be good for one renewal only: the one that comes with the answer is kept
    before anything is sent with it. Where that answer is lost, a person puts a new first one.
    """
    row = _row(source)
    if row.expires_at is not None and row.expires_at > now + MARGIN:
        access = unseal(row.access, purpose=_PURPOSE)
        if access:
            return access
    mine = AccessToken.objects.filter(pk=row.pk)
    free = Q(taken_until=None) | Q(taken_until__lte=now)
    if not mine.filter(free).update(taken_until=now + RENEWAL):
        raise NoTokenError("the token is being renewed")
    # Once more: another process may have renewed it between looking and taking.
    refresh = unseal(mine.get().refresh, purpose=_PURPOSE)
    try:
        if refresh is None:
            raise NoTokenError("the token was kept under another SECRET_KEY: put a new one")
        new = source.renew(refresh)
        mine.update(
            access=seal(new.access, purpose=_PURPOSE),
            refresh=seal(new.refresh or refresh, purpose=_PURPOSE),
            expires_at=now + new.lasts,
        )
    finally:
        mine.update(taken_until=None)
    return new.access


def forget_token(*, way: str) -> None:
    """Let the next message ask for a new token: the provider does not take this one."""
    AccessToken.objects.filter(way=way).update(expires_at=None)


def _row(source: TokenSource) -> AccessToken:
    first = source.first()
    mark = hashlib.sha256(first.encode()).hexdigest()
    begun = {"began_with": mark, "refresh": seal(first, purpose=_PURPOSE)}
    row, _made = AccessToken.objects.get_or_create(way=source.way, defaults=begun)
    if row.began_with != mark:
        AccessToken.objects.filter(pk=row.pk).exclude(began_with=mark).update(
            **begun, access="", expires_at=None
        )
        row.refresh_from_db()
    return row
