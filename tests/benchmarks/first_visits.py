"""First visits of processes that have just started as `lms.wsgi` does, each over a connection of its own.

`python -m tests.benchmarks.first_visits` is such a process. For each visit it makes a copy of itself: to start one anew takes
seconds. A copy shares its memory with the others until either writes, which would be paid for by the visit:
it gets memory of its own first, as a process has that was started alone.
"""

import ctypes
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any, Final

from tests.benchmarks.timing import timed

ROOT = Path(__file__).resolve().parents[2]
#: MADV_POPULATE_WRITE of Linux 5.14: each page as if it were written to.
_AS_IF_WRITTEN: Final = 23
_ENVIRON: Final = {
    "REQUEST_METHOD": "GET",
    "SCRIPT_NAME": "",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "HTTP_HOST": "localhost",
    "wsgi.url_scheme": "http",
    "wsgi.multithread": True,
}


@contextmanager
def started_process() -> Iterator[Callable[[str, str], float]]:
    """Start a process; give what visits an address with a cookie in a copy of it, and returns the seconds."""
    command = [sys.executable, "-m", "tests.benchmarks.first_visits"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:

        def visit(address: str, cookie: str) -> float:
            process.stdin.write(json.dumps([address, cookie]) + "\n")
            process.stdin.flush()
            return float(process.stdout.readline())

        yield visit


def main() -> None:
    application = import_module("lms.wsgi").application
    logging.disable(logging.INFO)
    for line in sys.stdin:
        reading, writing = os.pipe()
        copy = os.fork()
        if not copy:
            _own_memory()
            # As the threads of the server, which have no connection yet.
            thread = Thread(target=_visit, args=[application, *json.loads(line), writing])
            thread.start()
            thread.join()
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            sys.stdout.write(f"{told.read()}\n")
            sys.stdout.flush()
        os.waitpid(copy, 0)


def _own_memory() -> None:
    libc = ctypes.CDLL(None)
    for mapping in Path("/proc/self/maps").read_text().splitlines():
        span, rights, *_rest = mapping.split()
        if rights.startswith("rw") and rights.endswith("p"):
            first, last = (int(end, 16) for end in span.split("-"))
            libc.madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), _AS_IF_WRITTEN)


def _visit(application: Any, address: str, cookie: str, told: int) -> None:
    path, _mark, query = address.partition("?")
    asked = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_COOKIE": cookie}
    environ = _ENVIRON | asked | {"wsgi.input": BytesIO(), "wsgi.errors": sys.stderr}
    statuses: list[str] = []

    def ask() -> None:
        answer = application(environ, lambda status, *_rest: statuses.append(status))
        b"".join(answer)
        answer.close()

    seconds = timed(ask)()
    os.write(told, str(seconds if statuses[0].startswith("200") else "nan").encode())


if __name__ == "__main__":
    main()
