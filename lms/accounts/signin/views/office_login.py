"""The way to the log-in of an office, and back."""

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.accounts.signin.office_login import FAULTS, OfficeAdapter, say_it_failed


@require_safe
@never_cache
def office_login(request: HttpRequest) -> HttpResponseBase:
    """Send the browser to the log-in page of the office."""
    _require_setting()
    try:
        response: HttpResponseBase = (
            OfficeAdapter(request).get_provider().redirect_from_request(request)
        )
    except FAULTS as error:
        return say_it_failed(request, exception=error)
    return response


@require_safe
@never_cache
def office_callback(request: HttpRequest) -> HttpResponseBase:
    """Let in whom the office has sent back, if it is somebody who may come in."""
    _require_setting()
    try:
        response: HttpResponseBase = OAuth2CallbackView.adapter_view(OfficeAdapter(request))(
            request
        )
    except FAULTS as error:
        return say_it_failed(request, exception=error)
    return response


def _require_setting() -> None:
    if not settings.SUITE_OIDC:
        raise Http404
