"""What a log line holds: time, level, logger, message, request, task and user id.

Never a name, a phone number or a query string: log files travel further than databases.
"""

import logging
import re
from contextvars import ContextVar
from typing import Any, Final

from celery import current_task
from django.http import HttpRequest
from pythonjsonlogger.json import JsonFormatter

# Django and Celery attach more (the request with its query, a task's arguments): left out.
FIELDS: Final = (
    "time",
    "level",
    "logger",
    "message",
    "request_id",
    "user_id",
    "task_id",
    "milliseconds",
    "exc_info",
)
# What PostgreSQL says of a row that it refuses: every value in it, names too.
REFUSED_ROW: Final = re.compile(
    r"DETAIL: .*?(?=\n\n(?:The above exception|During handling)|\Z)", re.DOTALL
)
# It repeats an offending value in other sentences as well.
PERSONAL: Final = re.compile(r"(?<![\w.+-])(?:(?:\+84|0)\d{8,10}(?!\d)|[\w.+-]+@[\w-]+\.[\w.-]+)")

current_request: ContextVar[HttpRequest | None] = ContextVar("current_request", default=None)


def current_request_id() -> str | None:
    """Return the number of the request in hand, in a task that of the request that queued it."""
    if request := current_request.get():
        return getattr(request, "request_id", None)
    return getattr(current_task.request, "request_id", None) if current_task else None


class ContextFilter(logging.Filter):
    """Adds `request_id`, `user_id` and `task_id` to every record, None where there is none."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs a failed request after the middleware, and hands the request along.
        request = current_request.get() or getattr(record, "request", None)
        # Only a user that the view has looked at already: logging must not cost a query.
        user = getattr(request, "_cached_user", None)
        record.request_id = getattr(request, "request_id", None) or current_request_id()
        record.user_id = getattr(user, "pk", None)
        record.task_id = current_task.request.id if current_task else None
        return True


class StructuredFormatter(JsonFormatter):
    """One JSON object a line, with the fields named above and no other."""

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        kept = {key: log_data[key] for key in FIELDS if log_data.get(key) is not None}
        for key in {"message", "exc_info"} & kept.keys():
            kept[key] = without_people(str(kept[key]))
        return kept


def without_people(text: str) -> str:
    """Return the text without the rows of the database, numbers and addresses in it."""
    return PERSONAL.sub("[…]", REFUSED_ROW.sub("DETAIL: […]", text))


def logging_config(*, structured: bool, level: str = "INFO") -> dict[str, Any]:
    """Return the LOGGING setting: JSON lines for a server, or plain lines for a terminal."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"context": {"()": "lms.core.logs.ContextFilter"}},
        "formatters": {
            "structured": {
                "()": "lms.core.logs.StructuredFormatter",
                "fmt": "%(levelname)s %(name)s %(message)s %(request_id)s %(user_id)s %(task_id)s",
                "rename_fields": {"levelname": "level", "name": "logger"},
                "timestamp": "time",
                "json_ensure_ascii": False,
            },
            "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["context"],
                "formatter": "structured" if structured else "plain",
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django would mail its errors to ADMINS, with the request's data in them.
            "django": {"handlers": [], "level": level, "propagate": True},
            # A line for every page saved and every index entry; the audit log has them too.
            "django_tasks": {"level": "WARNING"},
            "wagtail": {"level": "WARNING"},
        },
    }
