"""A stand-in for a bucket that speaks S3, which checks every signature and can misbehave.

It knows what the suite asks for: one bucket, objects put, fetched, looked up, listed and deleted.
"""

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

import botocore.session
import pytest
from botocore.loaders import create_loader
from django.apps import apps
from django.core.files.storage import default_storage, storages
from django.db.models import FileField

from lms.core.object_store import store_outage
from lms.settings.files import storages_at
from tests.serving import served

KEY, SECRET, REGION, BUCKET = "suite-key", "suite-secret", "hn-1", "suite"
# What a client is told of S3: each one would read its megabytes anew.
_DESCRIPTIONS = create_loader()
_SCOPE = re.compile(r"Credential=([^,]+), SignedHeaders=([^,]+), Signature=(\w+)")


class ObjectStoreServer(ThreadingHTTPServer):
    """`objects` by key; `fault`: what every answer is until it is taken away.

    "error" is a 500, "denied" a 403 to everybody, "hang" says nothing until `end_hang` is called,
    "cut" breaks off within the body.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, tuple[bytes, dict[str, str]]] = {}
        self.asked: list[tuple[str, str]] = []
        self.fault = ""
        self._released = threading.Event()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def place(self) -> str:
        """As SUITE_FILES names it."""
        return f"s3://{BUCKET}/site?endpoint={self.endpoint}&region={REGION}"

    def end_hang(self) -> None:
        self.fault = ""
        self._released.set()

    def hang(self) -> None:
        self._released.wait(60)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that gave up waiting are what some tests are about."""


def object_store() -> AbstractContextManager[ObjectStoreServer]:
    server = ObjectStoreServer()
    return served(server, let_go=server.end_hang)


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStoreServer]:
    """Every file of the suite lies in a bucket."""
    monkeypatch.setattr(botocore.session, "create_loader", lambda *_told: _DESCRIPTIONS)
    with object_store() as server:
        settings.STORAGES = {
            "staticfiles": settings.STORAGES["staticfiles"],
            **storages_at(server.place, key=KEY, secret=SECRET),
        }
        private = apps.get_model("importing.ImportBatch")._meta.get_field("file").storage
        for field in [field for model in apps.get_models() for field in model._meta.local_fields]:
            # A field has asked for its storage when its model was made.
            if isinstance(field, FileField) and field.storage is not default_storage:
                name = "private" if field.storage == private else "renditions"
                monkeypatch.setattr(field, "storage", storages[name])
        yield server
    store_outage.end()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ObjectStoreServer

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        key = unquote(address.path).removeprefix(f"/{BUCKET}").removeprefix("/")
        self.server.asked.append((self.command, key))
        match self.server.fault:
            case "hang":
                self.server.hang()
                self.close_connection = True
                return
            case "error":
                self._send(500, _error("InternalError"))
                return
            case "denied":
                self._send(403, _error("AccessDenied"))
                return
        if not self._is_signed(address.path, query, body):
            self._send(403, _error("AccessDenied"))
            return
        getattr(self, f"_{self.command.lower()}")(key, query, body)

    # The names that the server of the standard library calls.
    do_GET = do_PUT = do_HEAD = do_DELETE = _answer  # noqa: N815

    def _put(self, key: str, _query: dict[str, str], body: bytes) -> None:
        kept = {"Content-Type": self.headers.get("Content-Type", "binary/octet-stream")}
        assert "x-amz-acl" not in self.headers, "no object has rights of its own"
        self.server.objects[key] = (body, kept)
        self._send(200, b"", {"ETag": f'"{hashlib.md5(body).hexdigest()}"'})  # noqa: S324

    def _delete(self, key: str, _query: dict[str, str], _body: bytes) -> None:
        self.server.objects.pop(key, None)
        self._send(204)

    def _head(self, key: str, query: dict[str, str], body: bytes) -> None:
        self._get(key, query, body)

    def _get(self, key: str, query: dict[str, str], _body: bytes) -> None:
        if not key:
            self._list(query)
            return
        if key not in self.server.objects:
            self._send(404, _error("NoSuchKey"))
            return
        content, kept = self.server.objects[key]
        headers = {
            **kept,
            "Accept-Ranges": "bytes",
            "Last-Modified": "Mon, 02 Feb 2026 00:00:00 GMT",
        }
        for name in ("content-disposition", "content-type"):
            if asked := query.get(f"response-{name}"):
                headers[name.title()] = asked
        part = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if part:
            last = min(int(part[2] or len(content)), len(content) - 1)
            headers["Content-Range"] = f"bytes {part[1]}-{last}/{len(content)}"
            content = content[int(part[1]) : last + 1]
        self._send(206 if part else 200, content, headers)

    def _list(self, query: dict[str, str]) -> None:
        prefix = query.get("prefix", "")
        keys = sorted(key for key in self.server.objects if key.startswith(prefix))
        below = [key.removeprefix(prefix) for key in keys]
        folders = sorted({one.split("/")[0] + "/" for one in below if "/" in one})
        parts = [
            f"<Contents><Key>{escape(prefix + one)}</Key></Contents>"
            for one in below
            if "/" not in one
        ]
        parts += [
            f"<CommonPrefixes><Prefix>{escape(prefix + one)}</Prefix></CommonPrefixes>"
            for one in folders
        ]
        listing = "<IsTruncated>false</IsTruncated>" + "".join(parts)
        self._send(200, f"<ListBucketResult>{listing}</ListBucketResult>".encode())

    def _send(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if self.server.fault == "cut":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
            return
        self.wfile.write(body)

    def _is_signed(self, path: str, query: dict[str, str], body: bytes) -> bool:
        """Whether it was signed with our key (AWS Signature Version 4), and not too long ago."""
        if signature := query.pop("X-Amz-Signature", ""):
            signed = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            if signed + timedelta(seconds=int(query["X-Amz-Expires"])) < datetime.now(UTC):
                return False
            scope, names = query["X-Amz-Credential"], query["X-Amz-SignedHeaders"]
            at, digest = query["X-Amz-Date"], "UNSIGNED-PAYLOAD"
        elif found := _SCOPE.search(self.headers.get("Authorization", "")):
            scope, names, signature = found.groups()
            at, digest = self.headers["X-Amz-Date"], self.headers["X-Amz-Content-SHA256"]
            if digest not in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest()):
                return False
        else:
            return False
        lines = [f"{name}:{' '.join(self.headers[name].split())}" for name in names.split(";")]
        asked = "&".join(
            f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"
            for name, value in sorted(query.items())
        )
        request = "\n".join([self.command, path, asked, *lines, "", names, digest])
        return hmac.compare_digest(signature, _sign(scope, at, request))


def _sign(scope: str, at: str, request: str) -> str:
    _key, *parts = scope.split("/")
    digest = hashlib.sha256(request.encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", at, "/".join(parts), digest])
    secret = f"AWS4{SECRET}".encode()
    for part in (*parts, text):
        secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
    return secret.hex()


def _error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code></Error>".encode()
