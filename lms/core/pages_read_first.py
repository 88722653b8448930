"""Pages that a process reads for itself when it starts, as its first visitors would.

The first page of a kind takes three times as long as the next one: queries are put into SQL, rows drawn, modules
imported, and Python itself learns where its time goes. Nobody is shown what is read, and nothing is written.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, connections, transaction
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import resolve

from lms.core.registry import Registry

logger = logging.getLogger(__name__)

#: When it has taken so long, no other page is begun.
_SECONDS: Final = 4.0
#: How long a start waits for the page that was begun last. `make run` copies the process afterwards, and whatever a
#: thread holds at that moment, its copies would wait for in vain.
_AT_MOST: Final = 10.0
_READING_ONLY: Final = {
    "postgresql": (
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        "SET LOCAL statement_timeout = '1s'",
    ),
    "sqlite": ("PRAGMA query_only = ON", "PRAGMA busy_timeout = 1000"),
}
_ENVIRON: Final = {"REQUEST_METHOD": "GET", "SERVER_NAME": "localhost", "SERVER_PORT": "80"}


@dataclass(frozen=True)
class FirstPages:
    """`visits`: who looks at what, an account and an address; a generator that may ask the database."""

    key: str
    visits: Callable[[], Iterable[tuple[Any, str]]]


first_pages: Registry[FirstPages] = Registry("pages that a process reads first")


def read_first_pages() -> None:
    """Read what is registered, as far as four seconds reach, the last page to its end; whatever fails is left
    to the page itself.

    In a thread of its own, which has connections of its own: none is left open, for processes that are
    copied from this one would share it.
    """
    if not first_pages:
        return
    ends = time.monotonic() + _SECONDS
    thread = threading.Thread(target=_read_all, args=[ends], daemon=True, name="first-pages")
    thread.start()
    thread.join(_AT_MOST)


def _read_all(ends: float) -> None:
    try:
        for pages in first_pages:
            with _reading_only():
                visits = list(pages.visits())
            for reader, path in visits:
                if time.monotonic() > ends:
                    return
                _read(reader, path)
    except DatabaseError as error:
        # Away, busy, or not migrated yet: a process starts all the same.
        logger.info("No page is read before the first visitor: %s", error)
    except Exception:  # what is not read is slow, and no more
        logger.exception("Not read before the first visitor")
    finally:
        connections.close_all()


def _read(reader: Any, address: str) -> None:
    """Read a page; where the database is too slow for one, the next may still be read."""
    try:
        with _reading_only():
            _visit(reader, address)
    except DatabaseError as error:
        logger.info("%s is not read before the first visitor: %s", address, error)


def _visit(reader: Any, address: str) -> HttpResponseBase | None:
    path, _mark, query = address.partition("?")
    request: Any = WSGIRequest(
        _ENVIRON | {"PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": BytesIO()}
    )
    match = resolve(path)
    request.user, request.session, request.resolver_match = reader, {}, match
    try:
        return match.func(request, *match.args, **match.kwargs)
    except Http404:
        return None


@contextmanager
def _reading_only() -> Iterator[None]:
    """Let nothing be written inside, and let no answer be waited for longer than a second."""
    with ExitStack() as ends:
        for alias in settings.DATABASES:
            one = connections[alias]
            if one.vendor == "postgresql":
                # Of the transaction alone: behind a pooler the next one is another's.
                ends.enter_context(transaction.atomic(using=alias))
            with one.cursor() as cursor:
                for statement in _READING_ONLY[one.vendor]:
                    cursor.execute(statement)
        yield
