"""E-mail over Django's mail settings.

A sender must know three things apart: the server cannot be reached (nothing was begun),
the server said no (it has nothing), and the line broke (it may have everything).
"""

import contextlib
import smtplib
from email.utils import formataddr, parseaddr
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.models import suite_name
from lms.messaging.enums import Outcome
from lms.messaging.extensions import Answer, Letter, PlainChannel, Reachable

# Answers of a mail server: it hangs up and took nothing; not now; no.
CLOSING, TRANSIENT, PERMANENT = 421, 4, 5
_FAMILY: Final = 100


class MailChannel(PlainChannel):
    key = "email"
    label = _("E-mail")
    carries_codes = True

    def is_configured(self) -> bool:
        return True

    def daily_limit(self) -> int | None:
        return settings.SUITE_MAIL_A_DAY or None

    def address_of(self, person: Reachable) -> str | None:
        return person.email

    def may_reach(self, path: str) -> Q:
        return Q(**{f"{path}__email__gt": ""})

    def line(self) -> "MailLine":
        return MailLine()


class MailLine:
    """One mail connection. The same letter always carries the same Message-ID."""

    def __init__(self) -> None:
        connection = get_connection()
        if isinstance(connection, EmailBackend):
            connection = WatchedEmailBackend(timeout=settings.EMAIL_TIMEOUT)
        self._connection: Any = connection

    def open(self) -> Answer | None:
        try:
            self._connection.open()
        except OSError as error:  # smtplib's own errors are of this family.
            return Answer(Outcome.NOT_NOW, _tell(error), line_stands=False)
        return None

    def send(self, letter: Letter) -> Answer:
        mail = EmailMultiAlternatives(
            subject=" ".join(letter.subject.split()),
            body=letter.text,
            from_email=_sender(),
            to=[letter.to],
            reply_to=[settings.SUITE_REPLY_TO] if settings.SUITE_REPLY_TO else None,
            headers={
                "Message-ID": letter.key,
                "Auto-Submitted": "auto-generated",
                **letter.headers,
            },
        )
        if letter.html:
            mail.attach_alternative(letter.html, "text/html")
        if letter.calendar:
            # Last among the alternatives: what can be taken up is preferred. Without the method
            # in its type Outlook shows a file instead of an event.
            mail.attach_alternative(
                letter.calendar.text, f"text/calendar; method={letter.calendar.method}"
            )
        return self._answer_to(mail, letter.key)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.close()

    def _answer_to(self, mail: EmailMultiAlternatives, key: str) -> Answer:
        try:
            self._connection.send_messages([mail])
        except (ValueError, smtplib.SMTPNotSupportedError) as error:
            # An address that no mail server could be told.
            return Answer(Outcome.REFUSED, type(error).__name__)
        except smtplib.SMTPRecipientsRefused as error:
            ((code, reason),) = error.recipients.values()
            return self._meaning(code, reason)
        except smtplib.SMTPSenderRefused as error:
            # Our own fault, not the recipient's: worth another try once it is mended.
            return self._meaning(error.smtp_code, error.smtp_error, no=Outcome.NOT_NOW)
        except smtplib.SMTPResponseException as error:
            return self._meaning(error.smtp_code, error.smtp_error)
        except OSError as error:
            return self._cut_off(_tell(error))
        return Answer(Outcome.ACCEPTED, reference=key)

    def _meaning(self, code: int, reason: bytes | str, *, no: Outcome = Outcome.REFUSED) -> Answer:
        """Return what an answer other than "accepted" means (RFC 5321, 4.2.1)."""
        text = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
        detail = f"{code} {text}"
        if code == CLOSING:
            return Answer(Outcome.NOT_NOW, detail, line_stands=False)
        if code // _FAMILY == TRANSIENT:
            return Answer(Outcome.NOT_NOW, detail)
        if code // _FAMILY == PERMANENT:
            return Answer(no, detail)
        # No answer that the protocol knows.
        return self._cut_off(detail)

    def _cut_off(self, detail: str) -> Answer:
        """Return what a broken line means: unless the text was begun, nothing was given."""
        smtp = getattr(self._connection, "connection", None)
        before_content = isinstance(smtp, ContentWatch) and not smtp.content_begun
        outcome = Outcome.NOT_NOW if before_content else Outcome.UNKNOWN
        return Answer(outcome, detail, line_stands=False)


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


def _sender() -> str:
    """Return the address from the settings, by the name of the suite unless it has one of its own."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or suite_name(), address))


def _tell(error: OSError) -> str:
    return f"{type(error).__name__}: {error}"
