"""The gate after the door: who owes a second factor gets no further than setting it up."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from lms.accounts.signin.domain.second_factor import owes_second_factor

# Log-in, log-out, the factor itself, the language, and pages that show nobody's data.
_OPEN_PREFIXES = ("account_", "mfa_", "health:")
_OPEN = {"set_language", "accessibility", "offline", "service_worker"}


class SecondFactorMiddleware:
    """Closes every other page, so that a new view is behind the gate by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not settings.SUITE_SECOND_FACTOR or _is_open(request):
            return None
        if not request.user.is_authenticated or not owes_second_factor(user=request.user):
            return None
        wanted = request.get_full_path() if request.method == "GET" else reverse("start")
        query = urlencode({"next": wanted})
        return redirect(f"{reverse('mfa_activate_totp')}?{query}")


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    name = match.view_name if match else ""
    return name in _OPEN or name.startswith(_OPEN_PREFIXES)
