"""What every server is asked about a video: in parts, and while slow phones read it.

A file of tests gives the fixtures `site`, whose `get` asks as the trainee, and `phones`, which has
slow readers at the video while it is open.
"""

import time

import pytest

from tests.ops.lesson_with_video import SIZE, video_bytes

READERS = 16


class VideoInParts:
    @pytest.mark.parametrize(
        ("asked", "start", "stop"),
        [
            ("bytes=0-1", 0, 2),
            ("bytes=-500", SIZE - 500, SIZE),
            ("bytes=4000000-", 4_000_000, SIZE),
        ],
    )
    def test_part_of_a_video(self, site, asked, start, stop):
        answer, content = site.get("video", range=asked)

        assert (answer.status, content) == (206, video_bytes()[start:stop])
        assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"

    def test_part_that_the_video_has_not(self, site):
        answer, _content = site.get("video", range="bytes=999999999-")

        assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{SIZE}")

    def test_slow_readers_hold_up_nobody(self, site, phones):
        with phones() as readers:
            # By now each of them has its answer begun.
            time.sleep(2)
            for name in ["/health/live/", "lesson"] * 5:
                begun = time.monotonic()
                assert site.get(name)[0].status == 200, name
                assert time.monotonic() - begun < 1, name

        for reader in readers:
            assert reader.received.startswith(b"HTTP/1.1 200 OK")
            assert len(reader.received) < SIZE / 10
