"""How allauth behaves here: people are put on the register, they do not sign up."""

import io
import math
import time
from typing import Any, ClassVar

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from lms.accounts.models import User
from lms.accounts.register.domain.language import language_of
from lms.accounts.signin.domain.devices import (
    COOKIE,
    MAX_AGE_SECONDS,
    known_device,
    remember_device,
)
from lms.accounts.signin.domain.limits import ADDRESS, WRONG_PASSWORD, account_key, counters
from lms.accounts.signin.domain.sealed_codes import seal_code
from lms.accounts.signin.domain.second_factor import needs_second_factor
from lms.accounts.signin.tasks import send_login_code_task
from lms.core.language import remember_language
from lms.core.models import suite_name
from lms.core.text import unmarked

_APP = "allauth.account"


class SuiteAccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy(
            "The log-in or the password is incorrect. Please check both and try again."
        ),
        "incorrect_password": gettext_lazy("The password is incorrect."),
        "enter_current_password": gettext_lazy("The current password is incorrect."),
        "incorrect_code": gettext_lazy(
            "This code is incorrect. Please compare it with the message."
        ),
        "too_many_login_attempts": gettext_lazy(
            "Too many wrong attempts. Please wait a few minutes, then ask for a new code."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; a successful one is taken back by allauth afterwards."""
        self._login_failed_rl_usage = self.count_attempt(
            request, kind=WRONG_PASSWORD, text=str(credentials.get("username") or "")
        )

    def count_attempt(
        self, request: HttpRequest, *, kind: str, text: str
    ) -> ratelimit.RateLimitUsage:
        """Weigh on each counter, or on none and raise ValidationError when one is full."""
        account, user = account_key(text=text)
        device = known_device(cookie=request.COOKIES.get(COOKIE, ""), user=user)
        keys = counters(
            kind=kind, account=account, address=ratelimit.get_ip(request), device=device
        )
        used = ratelimit.RateLimitUsage(usage=[])
        for action, key in keys.items():
            usage = ratelimit.consume(request, app=_APP, action=action, key=key)
            if usage is None:
                used.rollback()
                raise _too_many_attempts(action, kind)
            used.usage += usage.usage
        return used

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Remember the browser, whichever way the person came in."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        response.set_cookie(
            COOKIE,
            remember_device(cookie=request.COOKIES.get(COOKIE, ""), user=user),
            max_age=MAX_AGE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        # On a new device the pages speak as the messages do.
        language = language_of(user)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and language != get_language():
            remember_language(response, language)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return False for somebody who has come in a moment ago."""
        request = context.request
        records = get_authentication_records(request, request.user)
        if records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        return required

    # allauth keeps what was typed as the "phone" of a code; where it goes is looked up here.

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        _queue_code(user.pk, code, phone)

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Take as long on the way as for somebody who exists, and send nothing."""
        _queue_code(None, "", phone)

    def set_phone_verified(self, user: User, phone: str) -> None:
        """Do nothing: a phone number is the register's business."""


class SuiteMFAAdapter(DefaultMFAAdapter):
    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This code is incorrect. Wait for the next one in the app, and check the clock on "
            "the phone."
        ),
        "cannot_delete_authenticator": gettext_lazy(
            "Your role requires two-step log-in; it stays on."
        ),
    }

    def get_totp_issuer(self) -> str:
        """Return the name in the app, without marks: each of them is nine signs in the address, and
        the square to be scanned would be twice as fine.
        """
        return unmarked(suite_name())

    def get_totp_label(self, user: User) -> str:
        return str(user.staff_code)

    def build_totp_svg(self, url: str) -> str:
        drawing = io.BytesIO()
        segno.make_qr(url).save(drawing, kind="svg", scale=4, light="#fff", xmldecl=False)
        return drawing.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not needs_second_factor(user=authenticator.user)


def _queue_code(user_id: int | None, code: str, typed: str) -> None:
    """Hand the code to the worker; where none can be, say so at once, whoever asks."""
    try:
        send_login_code_task.apply_async(
            (user_id, seal_code(code), "@" in typed),
            # A code that nobody could use any more is not sent.
            expires=app_settings.LOGIN_BY_CODE_TIMEOUT,
        )
    except OperationalError:
        text = _(
            "Codes cannot be sent at the moment. Please log in with your password or an "
            "invitation, or try again in a few minutes."
        )
        messages.error(context.request, text)
        raise ImmediateHttpResponse(redirect("account_login")) from None


def _too_many_attempts(action: str, kind: str) -> ValidationError:
    rates = ratelimit.get_rates(app=_APP, action=action)
    minutes = math.ceil(max(rate.duration for rate in rates) / 60)
    if action == ADDRESS.format(kind=kind):
        text = _(
            "There have been too many attempts from your network. Please log in with an "
            "invitation, or from a phone you have used here before, or try again later."
        )
    else:
        text = ngettext(
            "Too many wrong attempts. Please try again in %(minutes)s minute.",
            "Too many wrong attempts. Please try again in %(minutes)s minutes.",
            minutes,
        ) % {"minutes": minutes}
    return ValidationError(text, code="too_many_login_attempts")
