"""How a log-in code leaves the suite: by e-mail, and by SMS where a gateway is set."""

import smtplib
from typing import Protocol

from django.conf import settings
from django.core.mail import send_mail
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from lms.accounts.models import User
from lms.accounts.signin.sms import SmsGateway, SmsRefusedError
from lms.core.models import suite_name
from lms.core.text import unmarked

# A gateway that has not answered by then counts as not reached.
SMS_TIMEOUT_SECONDS = 15
# Without marks, so that it is one short message and not two; no phone shows it wrong.
SMS_TEXT = "Ma dang nhap {suite}: {code}. Dung trong 10 phut. Khong dua ma nay cho bat ky ai."
# One message holds 160 signs.
SMS_NAME_LENGTH = 60


class NotSentError(Exception):
    """The channel did not take the code, or did not say; the text names no person."""


class CodeChannel(Protocol):
    is_mail: bool

    def address_of(self, person: User) -> str | None:
        """Return where the person can be reached on this channel."""

    def send(self, *, to: str, code: str) -> None:
        """Hand the code over; raises NotSentError."""


class MailChannel:
    is_mail = True

    def address_of(self, person: User) -> str | None:
        return person.email

    def send(self, *, to: str, code: str) -> None:
        # Whoever asked may read English; the mail goes to the person of the register.
        with override("vi"):
            subject = _("Log-in code for %(suite)s") % {"suite": suite_name()}
            body = _(
                "Your log-in code is %(code)s. It is valid for ten minutes and works once.\n"
                "If you have not asked for it, you need not do anything. Never pass it on."
            ) % {"code": code}
        try:
            send_mail(subject, body, None, [to])
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise NotSentError(type(error).__name__) from error


class SmsChannel:
    is_mail = False

    def __init__(self, gateway: SmsGateway) -> None:
        self._gateway = gateway

    def address_of(self, person: User) -> str | None:
        return person.phone

    def send(self, *, to: str, code: str) -> None:
        try:
            name = unmarked(suite_name())[:SMS_NAME_LENGTH]
            text = SMS_TEXT.format(suite=name, code=code)
            self._gateway.send(to=to, text=text, timeout=SMS_TIMEOUT_SECONDS)
        except (OSError, SmsRefusedError) as error:
            raise NotSentError(type(error).__name__) from error


def code_channels() -> list[CodeChannel]:
    """Return SMS first, where a gateway is set: most people have a phone and no e-mail."""
    channels: list[CodeChannel] = [MailChannel()]
    if settings.SUITE_SMS_GATEWAY:
        channels.insert(0, SmsChannel(import_string(settings.SUITE_SMS_GATEWAY)()))
    return channels
