"""The proxy of deploy/proxy/ in front of production: a real nginx, a real web server."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from lms.core.middleware import LARGEST_BODY, LARGEST_BODY_OF_STRANGERS
from tests.nginx import Proxy, nginx, proxy
from tests.ops.lesson_with_video import SIZE
from tests.ops.test_compose import PRODUCTION
from tests.ops.video_parts import READERS, VideoInParts
from tests.running import until
from tests.services import free_port
from tests.slow_readers import slow_readers
from tests.workers import Installation

MISSING = "nginx is missing: apt-get install nginx"

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(
        os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="the proxy knows no database: once is enough",
    ),
    pytest.mark.skipif(nginx() is None and not os.environ.get("NGINX_REQUIRED"), reason=MISSING),
]


@dataclass
class Site:
    """The suite behind its proxy, and where things are in it."""

    proxy: Proxy
    data: Path
    paths: dict[str, str]

    def get(self, name: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
        """Ask as the trainee, or as whom `cookie` says; return the answer and its content."""
        named = {"cookie": self.paths["cookies"], **headers}
        with closing(self.proxy.connect()) as connection:
            path = self.paths.get(name, name)
            connection.request(
                method, path, headers={key.replace("_", "-"): text for key, text in named.items()}
            )
            with connection.getresponse() as answer:
                return answer, answer.read()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Iterator[Site]:
    folder, data = tmp_path_factory.mktemp("nginx"), tmp_path_factory.mktemp("suite")
    production = PRODUCTION | {
        "DJANGO_SETTINGS_MODULE": "tests.ops.proxied_settings",
        "DATABASE_URL": f"sqlite:///{data / 'db.sqlite3'}",
        "CELERY_BROKER_URL": "memory://",
        "CACHE_URL": "locmemcache://",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "SUITE_FILES_BY_PROXY": "true",
    }
    suite = Installation(data, migrated=migrated_database, **production)
    suite.run("-m", "tests.ops.lesson_with_video", str(folder / "found.json"))
    found = json.loads((folder / "found.json").read_text())
    port = free_port()
    web = f"127.0.0.1:{port}"
    with (
        suite.serving(web_command(port), ready=f"http://{web}/health/live/"),
        proxy(folder, web=web, data=data) as front,
    ):
        yield Site(front, data, found)


def web_command(port: int) -> list[str]:
    """Fewer threads than there are readers."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    return [*command, "--port", str(port), "--blocking-threads", "2", "lms.wsgi:application"]


def seen_by_the_suite(site: Site, **headers: str) -> dict[str, Any]:
    return json.loads(site.get("/health/echo/", **headers)[1])


@pytest.fixture
def phones(site):
    url = f"https://localhost:{site.proxy.https_port}{site.paths['video']}"
    trusted = site.proxy.trusted()
    return partial(slow_readers, url, count=READERS, cookies=site.paths["cookies"], trusted=trusted)


class TestVideo(VideoInParts):
    """Through the proxy."""


def test_several_parts_are_the_whole_file(site):
    answer, content = site.get("video", range="bytes=0-1,5-9")

    assert (answer.status, len(content)) == (200, SIZE)


def test_video_is_asked_for_anew_and_sent_once(site):
    first, _none = site.get("video", "HEAD")
    etag = first.headers["ETag"]

    assert first.headers["Content-Length"] == str(SIZE)
    assert site.get("video", if_none_match=etag)[0].status == 304
    assert site.get("video", range="bytes=0-1", if_range=etag)[0].status == 206
    assert site.get("video", range="bytes=0-1", if_range='"other"')[0].status == 200


def test_paper_comes_from_the_private_folder_under_the_rules_of_the_suite(site):
    answer, content = site.get("certificate")

    stored = site.data / "private" / site.paths["certificate_file"]
    assert (answer.status, content) == (200, stored.read_bytes())
    said = answer.headers
    assert said["Cache-Control"] == "private, no-store"
    assert said["Content-Type"] == "application/pdf"
    assert said["Content-Disposition"].startswith("attachment; filename")
    assert said["Content-Security-Policy"] == "default-src 'none'"
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["X-Frame-Options"] == "DENY"
    # A day by itself, for this name alone: a browser that was told more cannot be told less.
    assert said["Strict-Transport-Security"] == "max-age=86400"
    assert len(said["X-Request-ID"]) == 32
    assert "X-Accel-Redirect" not in said


def test_stranger_gets_no_file_by_any_address(site):
    paper = site.paths["certificate_file"]
    for address in (
        f"/_files/private/{paper}",
        f"/%5ffiles/private/{paper}",
        f"//_files/private/{paper}",
        f"/static/../_files/private/{paper}",
        f"/_files/media/{site.paths['video_file']}",
        f"/_files/media/../private/{paper}",
        f"/media/{site.paths['video_file']}",
        f"/media/images/../{site.paths['video_file']}",
        f"/media/images/%2e%2e/{site.paths['video_file']}",
        "/_files/db.sqlite3",
        "/_files/private/../db.sqlite3",
    ):
        assert site.get(address)[0].status in {400, 404}, address
    assert site.get("certificate", cookie="")[0].status == 302
    assert site.get("video", cookie="")[0].status == 302


def test_picture_of_a_lesson_is_for_everybody(site):
    answer, content = site.get("/media/images/bai.png", cookie="")

    assert (answer.status, content) == (200, b"hinh")
    assert answer.headers["Cache-Control"] == "public, max-age=2592000"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    # Not the proxy's last word: the suite is asked for what the folder has not.
    assert "X-Request-ID" in site.get("/media/images/none.png", cookie="")[0].headers


def test_static_file_is_asked_of_the_suite_once(site):
    address = "/static/lms/img/rings.svg"

    seen = [site.get(address)[0] for _time in range(2)]

    assert [one.status for one in seen] == [200, 200]
    assert [one.headers["X-Cache"] for one in seen] == ["MISS", "HIT"]


def test_browser_cannot_say_how_it_came_or_from_where(site):
    seen = seen_by_the_suite(
        site,
        x_forwarded_proto="http",
        x_forwarded_for="8.8.8.8",
        x_forwarded_host="evil.example",
        forwarded="for=8.8.8.8;proto=http",
        x_request_id="0123456789",
    )

    assert seen["is_secure"]
    assert seen["headers"]["X-Forwarded-For"] == "127.0.0.1"
    assert seen["headers"]["X-Forwarded-Proto"] == "https"
    assert seen["headers"]["Host"] == f"localhost:{site.proxy.https_port}"
    assert seen["headers"]["X-Request-Id"] != "0123456789"
    assert not {"X-Forwarded-Host", "Forwarded"} & set(seen["headers"])


def test_header_with_an_underscore_does_not_stand_for_the_true_one(site):
    with closing(site.proxy.connect()) as connection:
        connection.request("GET", "/health/echo/", headers={"X_Forwarded_Proto": "http"})
        assert json.load(connection.getresponse())["is_secure"]


def test_plain_address_leads_to_tls_and_tells_of_health(site):
    with closing(HTTPConnection("localhost", site.proxy.http_port, timeout=60)) as connection:
        connection.request("GET", "/viec-cua-toi/?a=1", headers={"X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        answer.read()
        assert (answer.status, answer.headers["Location"]) == (
            301,
            "https://localhost/viec-cua-toi/?a=1",
        )
        connection.request("GET", "/health/echo/", headers={"X-Forwarded-Proto": "https"})
        assert not json.load(connection.getresponse())["is_secure"]


@pytest.mark.parametrize(
    ("cookie", "length"),
    [("", LARGEST_BODY_OF_STRANGERS + 1), ("", 10**7), ("sessionid=a", LARGEST_BODY + 1)],
)
def test_body_that_is_too_large_is_not_waited_for(site, cookie, length):
    with closing(site.proxy.connect()) as connection:
        connection.putrequest("POST", "/tai-khoan/login/")
        for name, value in (("Cookie", cookie), ("Content-Length", str(length))):
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        assert answer.status == 413
        assert "lớn" in answer.read().decode()


@pytest.mark.parametrize(("cookie", "status"), [("", 411), ("sessionid=a", 403)])
def test_stranger_says_beforehand_how_much_comes(site, cookie, status):
    """Else all of it would be taken in before the suite may refuse it."""
    with closing(site.proxy.connect()) as connection:
        headers = {"Cookie": cookie, "Transfer-Encoding": "chunked"}
        body = iter([b"a=1"]) if cookie else None
        connection.request("POST", "/tai-khoan/login/", body, headers, encode_chunked=True)

        assert connection.getresponse().status == status


def test_log_tells_no_query(site):
    site.get("/tim-kiem/?q=Nguyen")

    log = site.proxy.certificate.parent / "access.log"
    # Written after the answer has gone.
    until(lambda: "tim-kiem" in log.read_text(encoding="utf-8"), seconds=10, what="it is logged")
    told = log.read_text(encoding="utf-8")
    line = next(json.loads(one) for one in told.splitlines() if "tim-kiem" in one)
    assert (line["path"], line["method"]) == ("/tim-kiem/", "GET")
    assert "Nguyen" not in told
