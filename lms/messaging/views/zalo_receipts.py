"""Where Zalo reports that a message arrived."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lms.messaging.channels.zalo import ZALO
from lms.messaging.domain.receipts import receive
from lms.messaging.extensions import REFERENCE_LENGTH, storable
from lms.messaging.fields import read_field

_ARRIVED = "user_received_message"


@csrf_exempt
@require_POST
def zalo_receipt(request: HttpRequest) -> HttpResponse:
    """Take a receipt that is signed with the secret of the Official Account; a repeat is answered
    like the first, whatever else is reported is taken and left.
    """
    if not settings.SUITE_ZALO:
        raise Http404
    said = _said(request.body)
    told = request.headers.get("X-ZEvent-Signature", "").removeprefix("mac=")
    if not constant_time_compare(told, _signature(request.body, read_field(said, "timestamp"))):
        raise Http404
    reference = storable(read_field(said, "message.tracking_id"), REFERENCE_LENGTH)
    if reference and read_field(said, "event_name") == _ARRIVED:
        receive(way=ZALO, reference=reference, delivered=True, detail="", now=timezone.now())
    return HttpResponse("OK", content_type="text/plain")


def _signature(body: bytes, moment: str) -> str:
    zalo = settings.SUITE_ZALO
    signed = zalo["app_id"].encode() + body + moment.encode() + zalo["webhook_secret"].encode()
    return hashlib.sha256(signed).hexdigest()


def _said(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return {}
