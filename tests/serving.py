"""Run a server of the standard library beside a test, on a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import BaseServer
from typing import TypeVar

Server = TypeVar("Server", bound=BaseServer)


@contextmanager
def served(server: Server, *, let_go: Callable[[], object] = lambda: None) -> Iterator[Server]:
    """Answer until the block ends; `let_go` ends what hangs in a request by then."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        let_go()
        server.shutdown()
        server.server_close()
        thread.join()
