"""A code for one log-in, sent on request by SMS or e-mail.

allauth makes the code, keeps it in the browser session that asked, and counts the tries; this
says where it goes. Nobody is told whether an account exists or a message went out.
"""

import logging

from lms.accounts.models import User
from lms.accounts.register.domain.language import language_of
from lms.accounts.signin.channels import code_channels, code_letter
from lms.messaging.domain.delivery import send_now
from lms.messaging.enums import Outcome
from lms.messaging.extensions import Channel

logger = logging.getLogger(__name__)


def send_login_code(*, user_id: int | None, code: str, by_mail: bool) -> bool:
    """Return whether a way took the code; `by_mail` when an e-mail address was typed.

    The next way is tried when one has no address, fails, or is left alone after failures.
    """
    person = (
        User.objects.select_related("wagtail_userprofile")
        .filter(pk=user_id, is_active=True)
        .first()
    )
    if person is None:
        return False
    return any(_sent(way, person, code) for way in code_channels(mail_first=by_mail))


def _sent(way: Channel, person: User, code: str) -> bool:
    address = way.address_of(person)
    if not address:
        return False
    letter = code_letter(to=address, code=code, language=language_of(person))
    answer = send_now(channel=way, letter=letter)
    if answer.outcome != Outcome.ACCEPTED:
        logger.warning("A log-in code was not sent by %s: %s", way.key, answer.detail)
    return answer.outcome == Outcome.ACCEPTED
