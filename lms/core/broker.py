"""kombu's ways to the broker, mended: the folder of the embedded suite in four places, Valkey in one."""

import logging
import uuid
from json import JSONDecodeError
from pathlib import Path
from queue import Empty
from time import monotonic_ns
from typing import Any, Final

from kombu.transport import filesystem, redis, virtual
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps

LONGEST_WAIT_SECONDS: Final = 0.5


# What kombu reads of every message.
PARTS: Final = {"body": str, "headers": dict, "properties": dict}

logger = logging.getLogger(__name__)


def is_message(payload: object, channel: virtual.Channel) -> bool:
    """Return whether kombu can read this: it stops the worker over what it cannot."""
    if not isinstance(payload, dict) or any(
        not isinstance(payload.get(part), kind) for part, kind in PARTS.items()
    ):
        return False
    try:
        where = virtual.Message(payload, channel=channel).delivery_info
        return {"exchange", "routing_key"} <= where.keys()
    except (AttributeError, LookupError, TypeError, ValueError):
        return False


def leave_out(queue: str) -> None:
    """Tell the log of a message that is none. No work lives in a message alone."""
    logger.error("A message in the queue %s cannot be read and was left out.", queue)


class Channel(filesystem.Channel):
    """Delivers a message whole, and no other."""

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """Take the next message; what is none (a full disk cuts them) is logged and left out.

        kombu raises what stops the worker, at each start anew. No work lives in a message alone.
        """
        while True:
            try:
                payload = super()._get(queue)
            except ValueError:
                payload = None
            if is_message(payload, self):
                return payload
            leave_out(queue)

    # kombu's own classes disagree about the name of the message.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Write the message beside the queue and move it in.

        kombu writes it in place, and a worker that looks at that moment takes an empty file,
        loses the message and stops (749 of 18,000 with a reader that never pauses).
        """
        folder = Path(self.data_folder_out)
        # As many digits each time: the names are sorted as text, the earliest message first.
        name = f"{monotonic_ns() // 1_000_000:015}_{uuid.uuid4()}"
        written = folder / f"{name}.part"
        written.write_bytes(str_to_bytes(dumps(payload)))
        written.rename(folder / f"{name}.{queue}.msg")

    def get_table(self, exchange: str) -> list[Any]:
        """Return who is bound to this exchange; nobody where that cannot be read."""
        try:
            return list(super().get_table(exchange))
        except (ValueError, TypeError):
            logger.error("The table of the exchange %s cannot be read.", exchange)  # noqa: TRY400
            return []

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str | None, queue: str) -> None:
        """Bind in a table that is whole from the first moment on.

        kombu makes it empty and fills it then: a worker that starts at that moment reads nothing and
        stops. One that cannot be read (a full disk cuts them) is begun anew; workers bind at each start.
        """
        table = self._exchange_file(exchange)  # type: ignore[attr-defined]
        self._begin(table)
        try:
            super()._queue_bind(exchange, routing_key, pattern, queue)
        except (ValueError, TypeError):
            logger.error("The table of the exchange %s is begun anew.", exchange)  # noqa: TRY400
            table.unlink(missing_ok=True)
            self._begin(table)
            super()._queue_bind(exchange, routing_key, pattern, queue)

    @staticmethod
    def _begin(table: Path) -> None:
        """Put a table without rows in its place, unless there is one."""
        if table.exists():
            return
        table.parent.mkdir(exist_ok=True)
        written = table.with_name(f"{uuid.uuid4()}.part")
        written.write_text("[]", encoding="utf-8")
        try:
            table.hardlink_to(written)
        except OSError:
            # Another worker was quicker; a disk without hard links is left to kombu.
            pass
        finally:
            written.unlink()


class Transport(filesystem.Transport):
    """Looks up often enough for a worker to notice that it should stop."""

    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        """Drain as kombu does, but cut the worker's two seconds short; None still waits for ever."""
        if timeout is not None:
            timeout = min(timeout, LONGEST_WAIT_SECONDS)
        super().drain_events(connection, timeout=timeout, **kwargs)


class ValkeyQoS(redis.QoS):
    """Takes the next message also where Valkey could not be told that one is done with.

    kombu keeps its place in the worker for ever, and a worker with one place takes nothing more.
    Until Valkey is told, with the next one, the message may be given to another worker after an hour.
    """

    def __init__(self, *call: Any, **options: Any) -> None:
        super().__init__(*call, **options)
        self._untold: set[str] = set()

    def ack(self, delivery_tag: str) -> None:
        virtual.QoS.ack(self, delivery_tag)
        self._untold.add(delivery_tag)
        told = tuple(self._untold)
        with self.pipe_or_acquire() as pipe:
            for tag in told:
                self._remove_from_indices(tag, pipe)  # type: ignore[attr-defined]
            pipe.execute()
        self._untold.difference_update(told)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        if not requeue:
            self.ack(delivery_tag)
            return
        try:
            self.restore_by_tag(delivery_tag, leftmost=True)
        finally:
            virtual.QoS.ack(self, delivery_tag)


class ValkeyChannel(redis.Channel):
    """Takes what is no text out of the queue as it takes a message."""

    QoS = ValkeyQoS

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[misc]
        except (JSONDecodeError, UnicodeDecodeError) as error:
            leave_out("?")
            raise Empty from error


class ValkeyTransport(redis.Transport):
    """Delivers messages, and leaves out what is none."""

    Channel = ValkeyChannel

    def _deliver(self, message: Any, queue: str | None) -> None:
        # Any channel reads alike; the one that took the message is among them.
        if self.channels and is_message(message, self.channels[0]):
            super()._deliver(message, queue)
        else:
            leave_out(queue or "?")
