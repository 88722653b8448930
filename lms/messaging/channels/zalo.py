"""Messages by Zalo Notification Service: a template that Zalo has approved, filled in for a number."""

import hashlib
import json
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.messaging.enums import Outcome
from lms.messaging.extensions import Answer, Letter, PlainChannel, Reachable
from lms.messaging.fields import filled, phone_forms, read_field
from lms.messaging.http import NotReachedError, Said, ask
from lms.messaging.tokens import NoTokenError, Renewed, access_token, forget_token

ZALO: Final = "zalo"
# Zalo that has not answered by then counts as silent.
ZALO_TIMEOUT_SECONDS: Final = 10
_NO_ERROR: Final = "0"
# “Access token invalid”: a new one is asked for.
_BAD_TOKEN: Final = "-124"  # noqa: S105 (a number, no password)
# Zalo takes no longer number of ours.
_TRACKING: Final = 32


class ZaloChannel(PlainChannel):
    key = ZALO
    label = _("Zalo")
    takes_short_form = True

    def is_configured(self) -> bool:
        return bool(settings.SUITE_ZALO)

    def daily_limit(self) -> int | None:
        return settings.SUITE_ZALO_A_DAY or None

    def price(self) -> int | None:
        return settings.SUITE_ZALO_PRICE or None

    def address_of(self, person: Reachable) -> str | None:
        return person.phone

    def may_reach(self, path: str) -> Q:
        return Q(**{f"{path}__phone__gt": ""})

    def line(self) -> "ZaloLine":
        return ZaloLine()


def tracking_number(key: str) -> str:
    """Return what Zalo calls the message in its receipt: the same for every try."""
    return hashlib.sha256(key.encode()).hexdigest()[:_TRACKING]


class ZaloTokens:
    """The tokens of the Official Account: each renewal ends the refresh token that it was asked with."""

    way = ZALO

    def first(self) -> str:
        return str(settings.SUITE_ZALO["refresh_token"])

    def renew(self, refresh: str) -> Renewed:
        zalo = settings.SUITE_ZALO
        form = {
            "refresh_token": refresh,
            "app_id": zalo["app_id"],
            "grant_type": "refresh_token",
        }
        try:
            said = ask(
                url=zalo["token_url"],
                content=urlencode(form).encode(),
                headers={
                    "Content-Type": "application/x-www-form-urlencoded",
                    "secret_key": zalo["app_secret"],
                },
                timeout=ZALO_TIMEOUT_SECONDS,
            )
        except (NotReachedError, OSError) as error:
            raise NoTokenError(f"token: {type(error).__name__}") from error
        answer = _json(said)
        access, lasts = read_field(answer, "access_token"), read_field(answer, "expires_in")
        if not access or not lasts.isdecimal():
            # Never the answer itself: it could hold a token.
            code = read_field(answer, "error") or said.status
            raise NoTokenError(f"token refused: {code}")
        refresh = read_field(answer, "refresh_token")
        return Renewed(access, refresh, timedelta(seconds=int(lasts)))


class ZaloLine:
    _token = ""

    def open(self) -> Answer | None:
        try:
            self._token = access_token(source=ZaloTokens(), now=timezone.now())
        except NoTokenError as error:
            return Answer(Outcome.NOT_NOW, str(error), line_stands=False)
        return None

    def send(self, letter: Letter) -> Answer:
        zalo = settings.SUITE_ZALO
        number = tracking_number(letter.key)
        message = {
            "phone": letter.to.removeprefix("+"),
            "template_id": zalo["templates"].get(letter.language) or zalo["template"],
            "template_data": filled(zalo["data"], _words(letter)),
            "tracking_id": number,
        }
        try:
            said = ask(
                url=zalo["url"],
                content=json.dumps(message).encode(),
                headers={"Content-Type": "application/json", "access_token": self._token},
                timeout=ZALO_TIMEOUT_SECONDS,
            )
        except NotReachedError as error:
            return Answer(Outcome.NOT_NOW, str(error), line_stands=False)
        except OSError as error:
            return Answer(Outcome.UNKNOWN, type(error).__name__, number, line_stands=False)
        return _meaning(said, number)

    def close(self) -> None:
        """Do nothing."""


def _words(letter: Letter) -> dict[str, str]:
    said = {"name": letter.name, "subject": letter.subject, "text": letter.short, "url": letter.url}
    told = {f"{{{name}}}": " ".join(value.split()) for name, value in said.items()}
    return {**phone_forms(letter.to), **told}


def _meaning(said: Said, number: str) -> Answer:
    """Return what an answer means; Zalo says yes and no alike with 200 and a number in `error`."""
    if said.leaves_open:
        return Answer(Outcome.UNKNOWN, said.told, number, line_stands=False)
    if not said.is_yes:
        return Answer(Outcome.NOT_NOW, said.told, line_stands=False)
    code = read_field(_json(said), "error")
    if code == _NO_ERROR:
        return Answer(Outcome.ACCEPTED, reference=number)
    if code in settings.SUITE_ZALO["refused"]:
        return Answer(Outcome.REFUSED, said.told)
    if not code:
        # No answer that Zalo gives: it may have taken the message.
        return Answer(Outcome.UNKNOWN, said.told, number, line_stands=False)
    if code == _BAD_TOKEN:
        forget_token(way=ZALO)
    # No money left, a token or a template that is wrong: the next message would fare the same.
    return Answer(Outcome.NOT_NOW, said.told, line_stands=False)


def _json(said: Said) -> Any:
    try:
        return json.loads(said.body)
    except (ValueError, RecursionError):
        return {}
