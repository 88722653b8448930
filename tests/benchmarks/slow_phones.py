"""A lesson through the proxy while phones on a weak network read a video, beside the lesson alone."""

import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile

from courses.models import CourseDocument
from tests.benchmarks.enlarging import longest_lesson, open_sessions, trainees
from tests.benchmarks.load import Visit, put_load
from tests.benchmarks.measures import Aim, Measure, NotMeasurableError
from tests.benchmarks.pages import AT_ONCE
from tests.benchmarks.serving import SUITE, wait_until_idle, web_server
from tests.benchmarks.timing import in_turns, milliseconds
from tests.nginx import Proxy, nginx, proxy
from tests.slow_readers import slow_readers

PHONES = 50
VIDEO_BYTES = 10_000_000
# Until each phone has the beginning of its answer.
BEGINNING_SECONDS = 2


@dataclass(frozen=True)
class Road:
    """The suite, and the proxy in front of it, with what is asked of them."""

    suite: str
    front: Proxy
    lesson: str
    video: str
    visits: Sequence[Visit]

    def ask(self, connections: int) -> float:
        """Return the seconds of a lesson by the proxy."""
        wait_until_idle(self.suite)
        site = f"https://localhost:{self.front.https_port}"
        return put_load(
            url=site + self.lesson, visits=self.visits, connections=connections
        ).seconds_per_request

    def ask_beside_phones(self, connections: int) -> float:
        video = f"https://localhost:{self.front.https_port}{self.video}"
        trusted, cookies = self.front.trusted(), self.visits[0].cookies
        with slow_readers(video, count=PHONES, cookies=cookies, trusted=trusted) as phones:
            time.sleep(BEGINNING_SECONDS)
            seconds = self.ask(connections)
        # Else there was nothing beside the lesson.
        for phone in phones:
            assert phone.received.startswith(b"HTTP/1.1 200 OK")
            assert not phone.is_cut_off
        return seconds

    def measure(self, connections: int) -> Measure:
        pair = in_turns(
            lambda: self.ask_beside_phones(connections),
            lambda: self.ask(connections),
            # The two should be alike: of three rounds one odd one would be most of a fifth.
            rounds=5,
        )
        return Measure(
            name=f"lesson by the proxy, {connections} at once, {PHONES} phones",
            value=milliseconds(pair.job),
            floor_name="the same without the phones",
            floor=milliseconds(pair.floor),
            ratio=pair.ratio,
            aims=(Aim("<=", 1.2, "x"),),
        )


def slow_phones() -> list[Measure]:
    """The longest lesson, for one reader and for a crowd."""
    if nginx() is None:
        raise NotMeasurableError("nginx is missing: `apt-get install nginx` (Debian, Ubuntu)")
    content = ContentFile(random.Random(1).randbytes(VIDEO_BYTES), name="phim.mp4")
    video = CourseDocument.objects.create(title="Phim", file=content)
    visits = open_sessions(trainees())
    with (
        _files_by_proxy(),
        web_server(SUITE) as suite,
        tempfile.TemporaryDirectory() as folder,
        proxy(
            Path(folder), web=suite.removeprefix("http://"), data=Path(settings.DATA_DIR)
        ) as front,
    ):
        road = Road(suite, front, longest_lesson().url, video.url, visits)
        return [road.measure(connections) for connections in (1, AT_ONCE)]


@contextmanager
def _files_by_proxy() -> Iterator[None]:
    """The web server that is started inside names stored files to the proxy."""
    os.environ["SUITE_FILES_BY_PROXY"] = "true"
    try:
        yield
    finally:
        del os.environ["SUITE_FILES_BY_PROXY"]
