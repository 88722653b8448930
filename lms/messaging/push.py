"""Web push (RFC 8030, 8291, 8292): whom it is asked of, how it is sealed and signed, what answers mean."""

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from lms.messaging.enums import Outcome
from lms.messaging.extensions import Answer
from lms.messaging.http import NotReachedError, Said, ask

# A push service that has not answered by then counts as silent.
PUSH_TIMEOUT_SECONDS: Final = 10
# How long a push service keeps what a phone without network cannot get yet.
_KEPT_SECONDS: Final = 24 * 3600
_SIGNED_SECONDS: Final = 12 * 3600
_CURVE: Final = ec.SECP256R1()
_SECRET_BYTES: Final = 16
_TOPIC: Final = 32
_GONE: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_HTTPS_PORTS: Final = (None, 443)
#: What `Answer.detail` says where the device has ended its consent.
ENDED: Final = "ended"


def service_of(endpoint: str) -> str | None:
    """Return the entry of SUITE_PUSH_SERVICES that lets us ask this address; None: nobody does."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    for service in settings.SUITE_PUSH_SERVICES:
        if "/" in service:
            if f"{parts.scheme}://{parts.netloc}" == service:
                return service
        elif (
            parts.scheme == "https"
            and port in _HTTPS_PORTS
            and "@" not in parts.netloc
            and (host == service or (service.startswith("*.") and host.endswith(service[1:])))
        ):
            return service
    return None


def is_sealable(*, p256dh: str, auth: str) -> bool:
    """Return whether these are the keys of a device: a point of the curve, and a secret."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _bytes(p256dh))
        return len(_bytes(auth)) == _SECRET_BYTES
    except ValueError:
        return False


def public_key() -> str:
    """Return what a browser is told, so that it takes messages from this installation alone."""
    number = int.from_bytes(_bytes(settings.SUITE_PUSH_KEY))
    point = ec.derive_private_key(number, _CURVE).public_key()
    return _text(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def new_key() -> str:
    """Return a private key for SUITE_PUSH_KEY."""
    number = ec.generate_private_key(_CURVE).private_numbers().private_value
    return _text(number.to_bytes(32))


def push(*, endpoint: str, p256dh: str, auth: str, key: str, said: Mapping[str, str]) -> Answer:
    """Hand a message for one device over; a repeat under the same key takes the place of the first."""
    service = service_of(endpoint)
    if service is None:
        return Answer(Outcome.REFUSED, "no push service of SUITE_PUSH_SERVICES")
    topic = hashlib.sha256(key.encode()).hexdigest()[:_TOPIC]
    content = json.dumps({**said, "tag": topic}).encode()
    try:
        answer = ask(
            url=endpoint,
            content=_sealed(content, endpoint, {"p256dh": p256dh, "auth": auth}),
            headers={
                **_signature(endpoint),
                "Content-Type": "application/octet-stream",
                "Content-Encoding": "aes128gcm",
                "TTL": str(_KEPT_SECONDS),
                "Topic": topic,
            },
            timeout=PUSH_TIMEOUT_SECONDS,
            outside_only="/" not in service,
        )
    except NotReachedError as error:
        return Answer(Outcome.NOT_NOW, str(error), line_stands=False)
    except OSError as error:
        return Answer(Outcome.UNKNOWN, type(error).__name__, line_stands=False)
    return _meaning(answer)


def _meaning(said: Said) -> Answer:
    if said.is_yes:
        return Answer(Outcome.ACCEPTED)
    if said.status in _GONE:
        return Answer(Outcome.REFUSED, ENDED)
    if said.leaves_open:
        return Answer(Outcome.UNKNOWN, said.told, line_stands=False)
    if said.is_wrong_message or said.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return Answer(Outcome.REFUSED, said.told)
    # A key that is wrong, too much at once: the next message would fare the same.
    return Answer(Outcome.NOT_NOW, said.told, line_stands=False)


def _sealed(content: bytes, endpoint: str, keys: Mapping[str, str]) -> bytes:
    # Here and not above: it brings a whole HTTP library of its own, which takes a second to load.
    from pywebpush import WebPusher  # noqa: PLC0415

    device = {"endpoint": endpoint, "keys": dict(keys)}
    return bytes(WebPusher(device).encode(content, content_encoding="aes128gcm")["body"])


def _signature(endpoint: str) -> dict[str, Any]:
    from py_vapid import Vapid  # noqa: PLC0415

    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + _SIGNED_SECONDS,
        "sub": settings.SUITE_PUSH_CONTACT,
    }
    return dict(Vapid.from_string(settings.SUITE_PUSH_KEY).sign(claims))


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
