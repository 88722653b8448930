"""What travels with every task besides its arguments: who asked for it, and since when it waits."""

import time
from typing import Any, Final

from lms.core.logs import current_request_id

# Of a message; Celery makes attributes of a task's request out of them.
REQUEST_ID: Final = "request_id"
QUEUED_AT: Final = "queued_at"


def stamp_message(headers: dict[str, Any], **kwargs: Any) -> None:
    """Write the request and the time into the headers; receiver of `before_task_publish`.

    A task that queues another, or itself again, hands on the request that it came from.
    """
    headers[QUEUED_AT] = time.time()
    if request_id := current_request_id():
        headers[REQUEST_ID] = request_id
