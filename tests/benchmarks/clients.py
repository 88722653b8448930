"""Eight clients that post forms at once, as phones do.

Python is quick enough for this: a form takes the server tens of milliseconds.
"""

import http.client
import queue
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from tests.benchmarks.pages import CSRF

CLIENTS = 8
FOUND = 302


@dataclass(frozen=True)
class Post:
    """One form of one browser session."""

    path: str
    cookies: str
    form: Mapping[str, object]


def post_all(suite: str, posts: Iterable[Post]) -> None:
    """Send them in their order, each by the client that is free.

    Raises AssertionError unless each is answered by leading on.
    """
    waiting: queue.SimpleQueue[Post] = queue.SimpleQueue()
    for one in posts:
        waiting.put(one)
    failed: list[str] = []
    clients = [
        threading.Thread(target=_send, args=(suite, waiting, failed)) for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if failed:
        raise AssertionError(f"{len(failed)} forms were refused, such as {failed[0]}")


def _send(suite: str, waiting: "queue.SimpleQueue[Post]", failed: list[str]) -> None:
    """Post one after the other over one kept connection."""
    parts = urlsplit(suite)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    while True:
        try:
            post = waiting.get_nowait()
        except queue.Empty:
            return
        headers = {
            "Cookie": f"{post.cookies}; csrftoken={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({"csrfmiddlewaretoken": CSRF, **post.form})
        try:
            connection.request("POST", post.path, body, headers)
            answer = connection.getresponse()
            answer.read()
        except OSError as error:
            failed.append(f"{post.path}: {error}")
            return
        if answer.status != FOUND:
            failed.append(f"{post.path}: {answer.status}")
