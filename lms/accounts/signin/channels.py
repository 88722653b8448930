"""What a log-in code says, and the ways by which it goes."""

import secrets
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from lms.core.models import suite_name
from lms.core.text import unmarked
from lms.messaging.extensions import Channel, Letter, configured_channels
from lms.messaging.keys import message_key

# Without marks, so that it is one short message and not two; no phone shows it wrong.
SMS_TEXT: Final = {
    "vi": "Ma dang nhap {suite}: {code}. Dung trong 10 phut. Khong dua ma nay cho bat ky ai.",
    "en": "Log-in code for {suite}: {code}. Valid for 10 minutes. Never pass it on.",
}
# One message holds 160 signs.
SMS_NAME_LENGTH: Final = 60
MAIL: Final = "email"


def code_letter(*, to: str, code: str, language: str) -> Letter:
    """Return the letter with the code in the language of the person, not of the browser that asked."""
    with override(language):
        subject = _("Log-in code for %(suite)s") % {"suite": suite_name()}
        text = _(
            "Your log-in code is %(code)s. It is valid for ten minutes and works once.\n"
            "If you have not asked for it, you need not do anything. Never pass it on."
        ) % {"code": code}
        name = unmarked(suite_name())[:SMS_NAME_LENGTH]
    short = SMS_TEXT[language].format(suite=name, code=code)
    key = message_key(f"code-{secrets.token_hex(12)}")
    return Letter(to=to, key=key, subject=subject, text=text, short=short)


def code_channels(*, mail_first: bool) -> list[Channel]:
    """Return SMS first unless an address was typed: most people have a phone and no e-mail."""
    ways = [one for one in configured_channels() if one.carries_codes]
    return sorted(ways, key=lambda one: (one.key == MAIL) is not mail_first)
