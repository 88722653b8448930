"""How allauth behaves here: people are put on the register, they do not sign up."""

import math
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lms.accounts.domain.identifying import find_login
from lms.core.text import fold

_APP = "allauth.account"
# Wrong passwords for one account from one address, and for one account from anywhere.
# There is no limit on one address alone: a whole commune shares one.
_FAILED_HERE = "login_failed"
_FAILED_ANYWHERE = "login_failed_anywhere"


class SuiteAccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "The log-in or the password is not right. Please check both and try again."
        ),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("The present password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the attempt; a successful one is taken back by allauth afterwards."""
        account = _account_key(str(credentials.get("username") or ""))
        used = ratelimit.RateLimitUsage(usage=[])
        self._login_failed_rl_usage = used
        keys = {
            _FAILED_HERE: f"{self.get_client_ip(request)} {account}",
            _FAILED_ANYWHERE: account,
        }
        for action, key in keys.items():
            usage = ratelimit.consume(request, app=_APP, action=action, key=key)
            if usage is None:
                raise _too_many_attempts(action)
            used.usage += usage.usage


def _account_key(text: str) -> str:
    """One key for an account, whichever of its names is typed."""
    user = find_login(text=text)
    return f"account {user.pk}" if user else f"text {fold(text)}"


def _too_many_attempts(action: str) -> ValidationError:
    rates = ratelimit.get_rates(app=_APP, action=action)
    minutes = math.ceil(max(rate.duration for rate in rates) / 60)
    return ValidationError(
        ngettext(
            "Too many wrong attempts. Please try again in %(minutes)s minute.",
            "Too many wrong attempts. Please try again in %(minutes)s minutes.",
            minutes,
        )
        % {"minutes": minutes},
        code="too_many_login_attempts",
    )
