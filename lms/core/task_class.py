"""How work is handed to the broker: promptly, or not at all."""

from typing import Any

from celery import Task, current_app
from kombu.exceptions import OperationalError

from lms.core.outages import broker_outage


class SuiteTask(Task):
    """A task that is queued within a few seconds, or refused with kombu's OperationalError.

    Celery would try again and again, while a person waits. Whoever queues decides what a refusal
    means: what is due is a row, and a tick comes by (`transaction.on_commit(…, robust=True)`).
    """

    def apply_async(self, *call: Any, **options: Any) -> Any:
        if not broker_outage.is_to_be_tried():
            raise OperationalError("The broker did not answer a moment ago.")
        try:
            sent = super().apply_async(*call, **{"retry": False, **options})
        except OperationalError as error:
            broker_outage.begin(error)
            raise
        broker_outage.end()
        return sent


def is_broker_there() -> bool:
    """Return whether the broker takes connections; during an outage it is asked now and then."""
    if not broker_outage.is_to_be_tried():
        return False
    try:
        with current_app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except OperationalError as error:
        broker_outage.begin(error)
        return False
    broker_outage.end()
    return True
