"""Mails that came back: a server took them, and another one told later that they did not arrive."""

import email
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import Message
from typing import Any, Final, cast

from lms.core.logs import PERSONAL
from lms.messaging.channels.mail import MailChannel
from lms.messaging.domain.receipts import receive
from lms.messaging.extensions import storable
from lms.messaging.mailbox import open_mailbox

#: At a time; the others wait for the next tick.
MOST: Final = 200
_DETAIL: Final = 500
_REFERENCE: Final = 200
_ORIGINAL: Final = ("message/rfc822", "text/rfc822-headers", "message/global")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bounce:
    """Which of our messages did not arrive, by its Message-ID, and what the server said of it."""

    message_id: str
    detail: str


def read_bounces(*, now: datetime) -> int:
    """Keep a receipt of failure for each mail that came back; return how many were news.

    A report is marked as read once its receipt is kept: killed in between it is read again, and changes
    nothing. Raises MailboxError; what was read until then is kept.
    """
    news = 0
    with open_mailbox() as mailbox:
        for number, raw in mailbox.unread_reports(limit=MOST):
            bounce = bounce_of(raw)
            if bounce is None:
                logger.info("A report in the mailbox tells of no message that came back.")
            else:
                news += receive(
                    way=MailChannel.key,
                    reference=bounce.message_id,
                    delivered=False,
                    detail=bounce.detail,
                    now=now,
                )
            mailbox.mark_read(number)
    return news


def bounce_of(raw: bytes) -> Bounce | None:
    """Return what a report says (RFC 3464); None where it tells of a delay, of a message that arrived,
    of none that it names, or is no report at all.
    """
    try:
        report = email.message_from_bytes(raw, policy=policy.compat32)
        told = next(_failures(report), None)
        message_id = next(_message_ids(report), "")
    except (ValueError, LookupError, RecursionError, TypeError, AttributeError):
        # Whatever a server somewhere has put together.
        return None
    if told is None or not message_id:
        return None
    return Bounce(message_id, told)


def _failures(report: Message) -> Iterator[str]:
    """Yield what is told of each recipient for whom it failed: status and words."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in cast("list[Message]", part.get_payload()):
            if str(fields.get("Action", "")).strip().lower() == "failed":
                words = str(fields.get("Diagnostic-Code", "")).partition(";")
                said = f"{fields.get('Status', '')} {words[2] or words[0]}"
                yield storable(PERSONAL.sub("[…]", " ".join(said.split())), _DETAIL)


def _message_ids(report: Message) -> Iterator[str]:
    """Yield the Message-ID of the message that came back, whole or by its head alone."""
    for part in report.walk():
        if part is report or part.get_content_type() not in _ORIGINAL:
            continue
        payload: Any = part.get_payload()
        is_whole = isinstance(payload, list)
        packed: Any = b"" if is_whole else part.get_payload(decode=True)
        head: Message = payload[0] if is_whole else email.message_from_bytes(packed)
        found = str(head.get("Message-ID", "")).strip()
        if found and len(found) <= _REFERENCE:
            yield storable(found, _REFERENCE)
