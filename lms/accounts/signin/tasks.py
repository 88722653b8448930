"""Codes for the log-in, sent in the background."""

import logging

from allauth.account import app_settings
from celery import shared_task

from lms.accounts.signin.domain.login_codes import send_login_code
from lms.accounts.signin.domain.sealed_codes import open_code

logger = logging.getLogger(__name__)


@shared_task(name="accounts.send_login_code", soft_time_limit=40, time_limit=50)
def send_login_code_task(user_id: int | None, sealed: str, by_mail: bool) -> None:
    """Send a code that `seal_code` sealed, unless nobody could use it any more."""
    code = open_code(sealed, seconds=app_settings.LOGIN_BY_CODE_TIMEOUT)
    if code is None:
        logger.warning("A log-in code was too old, or sealed with another key.")
        return
    send_login_code(user_id=user_id, code=code, by_mail=by_mail)
