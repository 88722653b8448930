"""Celery looks for the tasks of an app here."""

from lms.accounts.boundary_changes.tasks import carry_over_task
from lms.accounts.signin.tasks import send_login_code_task

__all__ = ["carry_over_task", "send_login_code_task"]
