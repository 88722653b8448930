"""A code for one log-in, sent on request by SMS or e-mail.

allauth makes the code, keeps it in the browser session that asked, and counts the tries; this
says where it goes. Nobody is told whether an account exists or a message went out.
"""

import logging

from lms.accounts.models import User
from lms.accounts.signin.channels import CodeChannel, NotSentError, code_channels

logger = logging.getLogger(__name__)


def send_login_code(*, user_id: int | None, code: str, by_mail: bool) -> bool:
    """Return whether a channel took the code; `by_mail` when an e-mail address was typed.

    The other channel is tried when the first one has no address or fails.
    """
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if person is None:
        return False
    channels = sorted(code_channels(), key=lambda channel: channel.is_mail is not by_mail)
    return any(_sent(channel, person, code) for channel in channels)


def _sent(channel: CodeChannel, person: User, code: str) -> bool:
    address = channel.address_of(person)
    if not address:
        return False
    try:
        channel.send(to=address, code=code)
    except NotSentError as error:
        logger.warning("A log-in code was not sent: %s", error)
        return False
    return True
