"""How a message leaves the suite. One channel so far: e-mail, over Django's mail settings.

A sender must know three things apart: the server cannot be reached (nothing was begun),
the server said no (it has nothing), and the line broke (it may have everything).
"""

import contextlib
import hashlib
import smtplib
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.template.loader import render_to_string

from lms.core.addresses import absolute_url
from lms.core.logs import PERSONAL
from lms.core.models import suite_name
from lms.notifications.extensions import Message
from lms.notifications.models import Reminder

# For each of the handful of steps of a message: all of them stay below the two minutes after
# which a hand-over counts as cut off.
TIMEOUT_SECONDS = 20
DETAIL_LENGTH = 500
# Answers of a mail server: it hangs up and took nothing; not now; no.
CLOSING, TRANSIENT, PERMANENT = 421, 4, 5


class ChannelError(Exception):
    """Something that a channel could not do; `detail` names no person and no address."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = PERSONAL.sub("[…]", detail)[:DETAIL_LENGTH]


class NotReached(ChannelError):  # noqa: N818
    """The server cannot be reached; nothing has been handed over."""


class Refused(ChannelError):  # noqa: N818
    """The server, or the message itself, said no: it was certainly not accepted."""

    def __init__(self, detail: str, *, for_good: bool) -> None:
        super().__init__(detail)
        self.for_good = for_good


class CutOff(ChannelError):  # noqa: N818
    """The line broke. Unless `before_content`, the server may have taken the message."""

    def __init__(self, detail: str, *, before_content: bool) -> None:
        super().__init__(detail)
        self.before_content = before_content


class DeliveryChannel(Protocol):
    """A line that is opened once for many messages."""

    def open(self) -> None:
        """Connect, or stay connected; raises NotReached."""

    def send(self, reminder: Reminder, message: Message) -> None:
        """Hand one message over; returns when it was accepted, else raises Refused or CutOff."""

    def close(self) -> None:
        """Hang up; never raises."""


class EmailChannel:
    """One mail connection. The same reminder always carries the same Message-ID."""

    def __init__(self) -> None:
        connection = get_connection()
        if isinstance(connection, EmailBackend):
            connection = WatchedEmailBackend(timeout=settings.EMAIL_TIMEOUT or TIMEOUT_SECONDS)
        self._connection: Any = connection

    def open(self) -> None:
        try:
            self._connection.open()
        except OSError as error:  # smtplib's own errors are of this family.
            raise NotReached(_tell(error)) from error

    def send(self, reminder: Reminder, message: Message) -> None:
        mail = EmailMessage(
            subject=" ".join(message.subject.split()),
            body=_letter(reminder, message),
            to=[str(reminder.user.email)],
            headers={"Message-ID": message_id(reminder), "Auto-Submitted": "auto-generated"},
        )
        try:
            self._connection.send_messages([mail])
        except (ValueError, smtplib.SMTPNotSupportedError) as error:
            # An address that no mail server could be told.
            raise Refused(type(error).__name__, for_good=True) from error
        except smtplib.SMTPRecipientsRefused as error:
            ((code, reason),) = error.recipients.values()
            raise self._answer(code, reason) from error
        except smtplib.SMTPSenderRefused as error:
            # Our own fault, not the recipient's: worth another try once it is mended.
            raise self._answer(error.smtp_code, error.smtp_error, for_good=False) from error
        except smtplib.SMTPResponseException as error:
            raise self._answer(error.smtp_code, error.smtp_error) from error
        except OSError as error:
            raise CutOff(_tell(error), before_content=self._before_content()) from error

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.close()

    def _answer(self, code: int, reason: bytes | str, *, for_good: bool = True) -> ChannelError:
        """Return what an answer other than "accepted" means (RFC 5321, 4.2.1)."""
        text = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
        detail = f"{code} {text}"
        if code == CLOSING:
            return CutOff(detail, before_content=True)
        if code // 100 == TRANSIENT:
            return Refused(detail, for_good=False)
        if code // 100 == PERMANENT:
            return Refused(detail, for_good=for_good)
        # No answer that the protocol knows.
        return CutOff(detail, before_content=self._before_content())

    def _before_content(self) -> bool:
        smtp = getattr(self._connection, "connection", None)
        return isinstance(smtp, ContentWatch) and not smtp.content_begun


class ContentWatch(smtplib.SMTP):
    """Remembers whether the text of the current message was begun: before, nothing was given."""

    content_begun = False

    def mail(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        self.content_begun = False
        return super().mail(*args, **kwargs)

    def data(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        self.content_begun = True
        return super().data(*args, **kwargs)


class SecureContentWatch(ContentWatch, smtplib.SMTP_SSL):
    pass


class WatchedEmailBackend(EmailBackend):
    """Django's SMTP backend over a connection that tells how far a message got."""

    def open(self) -> bool | None:
        """Greet the server as well: a server that connects but does not talk is not reached."""
        opened = super().open()
        if opened and self.connection:
            self.connection.ehlo_or_helo_if_needed()
        return opened

    @property
    def connection_class(self) -> type[ContentWatch]:
        return SecureContentWatch if self.use_ssl else ContentWatch


def message_id(reminder: Reminder) -> str:
    """Return the same id for every try at one reminder, so that a mailbox can tell a repeat."""
    digest = hashlib.sha256(reminder.unique_key.encode()).hexdigest()[:16]
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    return f"<reminder-{reminder.pk}-{digest}@{host}>"


def _letter(reminder: Reminder, message: Message) -> str:
    context = {
        "name": reminder.user.full_name,
        "body": message.body.strip(),
        "suite_name": suite_name(),
        "suite_url": absolute_url("/"),
        "demo": settings.SUITE_DEMO,
    }
    return render_to_string("notifications/reminder.txt", context).strip() + "\n"


def _tell(error: OSError) -> str:
    return f"{type(error).__name__}: {error}"
