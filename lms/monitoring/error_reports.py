"""Errors for Sentry, or what speaks like it: where the code failed, and nothing about a person.

A report holds what is named here and nothing else, so that what a later version of the library
adds does not leave the house. Who needs more finds it in the log, by the request's number.
Imported only where `SENTRY_DSN` is set.
"""

from typing import Any, Final

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration

from lms.core.logs import current_request_id

_EVENT: Final = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment")
# Not `value`: the database, and our own sentences, repeat names and numbers in it.
_EXCEPTION: Final[tuple[str, ...]] = ("type", "module", "mechanism")
# Not `vars`.
_FRAME: Final = (
    *("filename", "abs_path", "function", "module", "lineno", "in_app"),
    *("pre_context", "context_line", "post_context"),
)
# The name of a view or a task. Another source would be the address that was asked for.
_NAMED_BY: Final = {"component", "task"}
# Whose messages are templates that are filled in later; others may be filled in already.
_OWN_LOGGERS: Final = ("lms", "courses", "attendance", "certificates")
# Seconds that a process which ends waits for its last report.
_AT_THE_END: Final = 2


def start_reports(*, dsn: str, release: str) -> None:
    """Send what fails in this process to `dsn`, in the background; full or hanging, it is dropped."""
    sentry_sdk.init(
        dsn=dsn,
        release=release,
        before_send=without_people,
        # What is not gathered need not be taken out again.
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        trace_propagation_targets=[],
        shutdown_timeout=_AT_THE_END,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            DjangoIntegration(
                transaction_style="function_name", middleware_spans=False, signals_spans=False
            ),
            CeleryIntegration(propagate_traces=False),
            LoggingIntegration(level=None),
            ExcepthookIntegration(),
            DedupeIntegration(),
            AtexitIntegration(callback=lambda *_: None),
        ],
    )


def without_people(event: Any, hint: Any) -> Any:
    """Return the event with what is named above, and the request's number; None for no fault.

    Django logs every 503 as an error: health says it with each question while a queue stands still.
    """
    if event.get("logger") == "django.request" and "exception" not in event:
        return None
    kept: dict[str, Any] = {key: event[key] for key in _EVENT if key in event}
    if event.get("transaction_info", {}).get("source") in _NAMED_BY:
        kept["transaction"] = event["transaction"]
    if "exception" in event:
        values = event["exception"].get("values") or []
        kept["exception"] = {"values": [_exception(value) for value in values]}
    if str(event.get("logger", "")).partition(".")[0] in _OWN_LOGGERS and "logentry" in event:
        kept["logentry"] = {"message": event["logentry"].get("message", "")}
    if request_id := current_request_id():
        kept["tags"] = {"request_id": request_id}
    return kept


def _exception(value: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {key: value[key] for key in _EXCEPTION if key in value}
    # Of a mechanism only whether somebody caught it: `data` holds what the library likes.
    if "mechanism" in kept:
        kept["mechanism"] = {
            key: kept["mechanism"][key] for key in ("type", "handled") if key in kept["mechanism"]
        }
    frames = (value.get("stacktrace") or {}).get("frames") or []
    kept["stacktrace"] = {
        "frames": [{key: frame[key] for key in _FRAME if key in frame} for frame in frames]
    }
    return kept
