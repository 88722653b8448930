"""What a visit costs on the wire: every byte between Chromium and the server is counted.

Chromium's own events would miss what a service worker asks for behind the page's back.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext

FIRST_VISIT_BYTES = 100_000
FIRST_VISIT_REQUESTS = 10
SECOND_VISIT_BYTES = 15_000
# A weak network of a commune: 400 kbit/s each way and 400 ms there and back.
WEAK = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
LCP_SECONDS = 2.5
LARGEST_PAINT = """new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.largestPaint = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });"""
# Nothing on the wire for so long: the visit is over, the service worker at rest.
QUIET_SECONDS = 0.8


@dataclass(frozen=True)
class Visit:
    """`received` counts headers and bodies, in bytes; `largest_paint` is in seconds."""

    requests: int
    received: int
    largest_paint: float


class Wire:
    """Stands between the browser and the server at `target` and counts; `url` is its own."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname, parts.port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.requests = 0
        self.received = 0
        self.moved = time.monotonic()

    def serve(self) -> None:
        while True:
            try:
                browser, _address = self._door.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            for source, sink, count in (
                (browser, server, self._asked),
                (server, browser, self._answered),
            ):
                threading.Thread(target=_pass_on, args=(source, sink, count), daemon=True).start()

    def close(self) -> None:
        # Closing alone does not wake the thread that waits at the door.
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def visit(self, context: BrowserContext, address: str, *, weak: bool = False) -> Visit:
        """Opens the page and waits until all is quiet; the context's cache counts nothing."""
        requests, received = self.requests, self.received
        page = context.new_page()
        page.add_init_script(LARGEST_PAINT)
        if weak:
            network = context.new_cdp_session(page)
            network.send("Network.enable")
            network.send("Network.emulateNetworkConditions", WEAK)
        page.goto(self.url + address, wait_until="load")
        while time.monotonic() - self.moved < QUIET_SECONDS:
            page.wait_for_timeout(100)
        paint = page.evaluate("window.largestPaint || 0") / 1000
        page.close()
        return Visit(self.requests - requests, self.received - received, paint)

    def _asked(self, chunk: bytes) -> None:
        self.requests += chunk.count(b" HTTP/1.1\r\n")
        self.moved = time.monotonic()

    def _answered(self, chunk: bytes) -> None:
        self.received += len(chunk)
        self.moved = time.monotonic()


def _pass_on(source: socket.socket, sink: socket.socket, count) -> None:
    with source, sink:
        try:
            while chunk := source.recv(65536):
                count(chunk)
                sink.sendall(chunk)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return


@contextmanager
def counted(target: str) -> Iterator[Wire]:
    wire = Wire(target)
    thread = threading.Thread(target=wire.serve, daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        wire.close()
        thread.join(timeout=5)
