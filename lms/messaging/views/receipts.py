"""Where a provider of SMS reports what became of a message."""

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lms.core.logs import PERSONAL
from lms.messaging.domain.receipts import receive
from lms.messaging.extensions import DETAIL_LENGTH, REFERENCE_LENGTH, storable
from lms.messaging.fields import matches, read_field


@csrf_exempt
@require_http_methods(["GET", "POST"])
def sms_receipt(request: HttpRequest) -> HttpResponse:
    """Take a receipt from whoever knows the secret; a repeat is answered like the first."""
    meaning: dict[str, Any] = settings.SUITE_SMS_RECEIPTS
    # In the query: addresses are logged without it.
    told = request.GET.get("key", "")
    if not meaning or not constant_time_compare(told, meaning["secret"]):
        raise Http404
    said = _said(request)
    reference = storable(read_field(said, meaning["reference"]), REFERENCE_LENGTH)
    delivered = matches(said, meaning["delivered"])
    if reference and (delivered or matches(said, meaning["failed"])):
        detail = "" if delivered else PERSONAL.sub("[…]", _status(said, meaning))
        receive(
            way="sms",
            reference=reference,
            delivered=delivered,
            detail=detail,
            now=timezone.now(),
        )
    # What is on its way still, or not understood, is no error: a provider would repeat it for days.
    return HttpResponse("OK", content_type="text/plain")


def _status(said: Any, meaning: dict[str, Any]) -> str:
    return storable(read_field(said, meaning["failed"][0]), DETAIL_LENGTH)


def _said(request: HttpRequest) -> Any:
    if request.content_type == "application/json":
        try:
            return json.loads(request.body)
        except (ValueError, RecursionError):
            return {}
    return {**request.GET.dict(), **request.POST.dict()}
