"""Eight clients that post at once, as phones do.

Python is quick enough for this: a form takes the server tens of milliseconds.
"""

import http.client
import json
import queue
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from tests.benchmarks.pages import CSRF

CLIENTS = 8
FOUND = 302


@dataclass(frozen=True)
class Post:
    """One form of one browser session, or one body of JSON."""

    path: str
    cookies: str
    form: dict[str, object]
    is_json: bool = False
    expects: int = FOUND

    def content(self, since: int = 0) -> tuple[bytes, str]:
        """Return the body and its kind; a page of a roll tells up to which mark it is known."""
        if self.is_json:
            told = {"since": since} if since else {}
            return json.dumps(self.form | told, default=str).encode(), "application/json"
        body = urlencode({"csrfmiddlewaretoken": CSRF, **self.form})
        return body.encode(), "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back: the status, 0 where nothing did, and after how long."""

    post: Post
    status: int
    seconds: float


def post_all(suite: str, posts: Iterable[Post]) -> None:
    """Send them in their order, each by the client that is free.

    Raises AssertionError unless each is answered as it expects.
    """
    failed = [one for one in send_all(suite, posts) if one.status != one.post.expects]
    if failed:
        first = f"{failed[0].post.path}: {failed[0].status}"
        raise AssertionError(f"{len(failed)} forms were refused, such as {first}")


def send_all(suite: str, posts: Iterable[Post], *, per_second: float = 0) -> list[Answer]:
    """Send them in their order and return the answers.

    With a pace, each has its moment, and what it waits for a free client counts as waiting.
    """
    waiting: queue.SimpleQueue[tuple[float, Post]] = queue.SimpleQueue()
    begun = time.perf_counter()
    for place, one in enumerate(posts):
        waiting.put((begun + place / per_second if per_second else 0, one))
    answers: list[Answer] = []
    clients = [
        threading.Thread(target=_send, args=(suite, waiting, answers)) for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return answers


def _send(
    suite: str, waiting: "queue.SimpleQueue[tuple[float, Post]]", answers: list[Answer]
) -> None:
    """Post one after the other over one kept connection; of each address remember up to which
    mark it has told everything, as the page of a roll does.
    """
    parts = urlsplit(suite)
    told: dict[str, int] = {}
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    while True:
        try:
            due, post = waiting.get_nowait()
        except queue.Empty:
            connection.close()
            return
        time.sleep(max(due - time.perf_counter(), 0))
        since = due or time.perf_counter()
        status, body = _ask(connection, post, told.get(post.path, 0))
        if post.is_json and status == HTTPStatus.OK:
            told[post.path] = json.loads(body)["since"]
        answers.append(Answer(post, status, time.perf_counter() - since))


def _ask(connection: http.client.HTTPConnection, post: Post, since: int) -> tuple[int, bytes]:
    body, kind = post.content(since)
    headers = {
        "Cookie": f"{post.cookies}; csrftoken={CSRF}",
        "Content-Type": kind,
        "X-CSRFToken": CSRF,
    }
    try:
        connection.request("POST", post.path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0, b""
