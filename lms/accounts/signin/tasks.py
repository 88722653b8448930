"""Codes for the log-in, sent in the background."""

from celery import shared_task

from lms.accounts.signin.domain.login_codes import send_login_code


@shared_task(name="accounts.send_login_code")
def send_login_code_task(user_id: int | None, code: str, by_mail: bool) -> None:
    send_login_code(user_id=user_id, code=code, by_mail=by_mail)
