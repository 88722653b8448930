"""A real mail server on a loopback port that does what a test tells it to."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller

from tests.services import free_port


class Sink:
    """`accepted` holds every message whose text the server has taken, in order.

    By address it answers a recipient (`at_recipient`) or a text (`at_text`) with these words,
    or hangs up there without any (`drop_at`: "recipient", or "text", which it has taken then).
    It lets the client wait for ever after the text for an address in `hold`, and at the
    greeting when `hold` holds "greeting"; `holding` is set when it does.
    """

    def __init__(self) -> None:
        self.accepted: list[EmailMessage] = []
        self.connections = 0
        self.at_sender = ""
        self.at_recipient: dict[str, str] = {}
        self.at_text: dict[str, str] = {}
        self.drop_at: dict[str, str] = {}
        self.hold: set[str] = set()
        self.holding = threading.Event()
        self.port = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        await self.wait_if_held("greeting")
        return responses

    async def handle_MAIL(self, server, session, envelope, address, mail_options):  # noqa: N802
        if self.at_sender:
            return self.at_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802
        if self.drop_at.get(address) == "recipient":
            server.transport.abort()
            return "421 gone"
        if address in self.at_recipient:
            return self.at_recipient[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        (address,) = envelope.rcpt_tos
        if address in self.at_text:
            return self.at_text[address]
        self.accepted.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.drop_at.get(address) == "text":
            server.transport.abort()
        await self.wait_if_held(address)
        return "250 OK"

    async def wait_if_held(self, place):
        if place in self.hold:
            self.holding.set()
            await asyncio.sleep(3600)

    @property
    def recipients(self) -> list[str]:
        return [message["To"] for message in self.accepted]


@contextmanager
def running_sink(port: int = 0) -> Iterator[Sink]:
    """Answer until the block ends, at this port or at a free one."""
    sink = Sink()
    sink.port = port or free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, enable_SMTPUTF8=False)
    controller.start()
    # The controller looked whether it answers.
    sink.connections = 0
    try:
        yield sink
    finally:
        controller.stop()
