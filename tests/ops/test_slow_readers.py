"""Slow phones take files from `make run`, and everybody else goes on."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from lms.dev_server.management.commands.run_suite import list_programs
from tests.ops.lesson_with_video import video_bytes
from tests.ops.video_parts import READERS, VideoInParts
from tests.services import free_port
from tests.slow_readers import slow_readers
from tests.workers import Installation, stacks_of_children

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(
        os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="the embedded suite is on SQLite, whatever the tests run on: once is enough",
    ),
]


@dataclass
class Site:
    """A running web server, and where things are in it."""

    url: str
    paths: dict[str, str]
    stacks: Callable[[], str]

    def get(self, name: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        """Ask as the trainee; return the answer and its content."""
        with self.ask(name, **headers) as answer:
            return answer, answer.read()

    @contextmanager
    def ask(self, name: str, **headers: str) -> Iterator[HTTPResponse]:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        path = self.paths.get(name, name)
        with closing(HTTPConnection(urlsplit(self.url).netloc, timeout=30)) as connection:
            connection.request("GET", path, headers={**named, "Cookie": self.paths["cookies"]})
            try:
                answer = connection.getresponse()
            except TimeoutError:
                pytest.fail(f"no answer from {path}\n{self.stacks()}")
            with answer:
                yield answer


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Iterator[Site]:
    suite = Installation(
        tmp_path_factory.mktemp("suite"),
        migrated=migrated_database,
        DJANGO_SETTINGS_MODULE="tests.ops.serving_settings",
    )
    found = suite.folder / "found.json"
    suite.run("-m", "tests.ops.lesson_with_video", str(found))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    web = list_programs("127.0.0.1", port)["web"]
    with suite.serving(web, ready=f"{url}/health/live/") as process:
        stacks = partial(stacks_of_children, process, suite.folder / "web.log")
        yield Site(url, json.loads(found.read_text()), stacks)


@pytest.fixture
def phones(site):
    url = site.url + site.paths["video"]
    return partial(slow_readers, url, count=READERS, cookies=site.paths["cookies"])


class TestVideo(VideoInParts):
    """From the web process itself."""


def test_download_that_broke_off_goes_on(site):
    with site.ask("video") as answer:
        first, etag = answer.read(1_000_000), answer.headers["ETag"]

    again, rest = site.get("video", range="bytes=1000000-", if_range=etag)

    assert (again.status, first + rest) == (206, video_bytes())
