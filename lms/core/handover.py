"""Hand a stored file to a browser: the one way in which files leave the suite.

The view has asked before who reads. The proxy sends the file where there is one that can, an
object store sends its own, and else this process does, in parts where parts are asked for
(docs/decisions/0040-who-sends-files.md).
"""

import mimetypes
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path, PurePath
from typing import Final, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import Storage
from django.db.models.fields.files import FieldFile
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import (
    content_disposition_header,
    http_date,
    parse_http_date_safe,
    quote_etag,
)

# Where the proxy finds the folders of the suite, for itself alone: deploy/proxy/ names it too.
INTERNAL: Final = "/_files/"
# Seconds for which a signed address works: long enough to begin, too short to be passed on.
SIGNED_SECONDS: Final = 120
# The captions of a film: a browser takes none from another site than that of the page.
CAPTIONS: Final = "text/vtt"
# Bytes read at once: few turns for the interpreter, little memory for a slow reader.
BLOCK: Final = 64 * 1024
# One part, of the first byte and the last, or of the last so many. More digits than any file has.
RANGE: Final = re.compile(r"bytes=([0-9]{0,30})-([0-9]{0,30})", re.IGNORECASE)


class StoredFile(NamedTuple):
    """A file that no model has a column for."""

    storage: Storage
    name: str


def hand_over(
    request: HttpRequest,
    file: FieldFile | StoredFile,
    *,
    as_attachment: bool,
    file_name: str = "",
    etag: str = "",
    seconds: int = SIGNED_SECONDS,
) -> HttpResponseBase:
    """Answer with a stored file; raise Http404 where it is lost.

    `file_name` is what the browser saves it as, where not under the name that it is stored by;
    `etag` a hash of the content, where one is known; `seconds` for how long the signed address of
    an object store works.
    """
    name = str(file.name)
    kind, packed = mimetypes.guess_type(name)
    if kind is None or packed:
        kind = "application/octet-stream"
    disposition = content_disposition_header(as_attachment, file_name or PurePath(name).name)
    try:
        path = Path(file.storage.path(name))
    except NotImplementedError:
        if kind != CAPTIONS:
            address = file.storage.signed_url(name, kind, disposition or "inline", seconds)  # type: ignore[attr-defined]
            return HttpResponseRedirect(address)
        response: HttpResponseBase = _send_from_store(file.storage, name)
    else:
        send = _send_by_proxy if settings.SUITE_FILES_BY_PROXY else _send
        response = send(request, path, etag)
    if response.status_code in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
        response.headers["Content-Type"] = kind
        if disposition:
            response.headers["Content-Disposition"] = disposition
        # It is never a page of this site, whatever somebody has uploaded.
        response.headers["Content-Security-Policy"] = "default-src 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def part_asked_for(header: str, size: int) -> range | None:
    """Return which bytes a `Range` header asks for: an empty range where the file has none of them.

    None stands for the whole file, which also answers several parts and what nobody understands.
    """
    found = RANGE.fullmatch(header.strip())
    if found is None:
        return None
    first, last = found.groups()
    if not first:
        return range(max(size - int(last), 0), size) if last else None
    if last and int(last) < int(first):
        return None
    stop = min(int(last) + 1, size) if last else size
    return range(int(first), stop)


def _send_by_proxy(_request: HttpRequest, path: Path, _etag: str) -> HttpResponseBase:
    """Name the file to the proxy, which knows parts and what a browser has already."""
    inside = path.relative_to(Path(settings.SUITE_FILES).absolute()).as_posix()
    return HttpResponse(headers={"X-Accel-Redirect": INTERNAL + quote(inside)})


def _send_from_store(storage: Storage, name: str) -> HttpResponseBase:
    try:
        with storage.open(name, "rb") as file:
            return HttpResponse(file.read())
    except FileNotFoundError:
        raise Http404 from None


def _send(request: HttpRequest, path: Path, etag: str) -> HttpResponseBase:
    try:
        found = path.stat()
    except FileNotFoundError:
        raise Http404 from None
    tag = quote_etag(etag or f"{found.st_mtime_ns:x}-{found.st_size:x}")
    modified = int(found.st_mtime)
    response: HttpResponseBase = get_conditional_response(
        request, etag=tag, last_modified=modified
    ) or _send_bytes(request, path, found.st_size, _is_same(request, tag, modified))
    response.headers["ETag"] = tag
    response.headers["Last-Modified"] = http_date(modified)
    return response


def _send_bytes(request: HttpRequest, path: Path, size: int, is_the_same: bool) -> HttpResponseBase:
    part = range(size)
    status = HTTPStatus.OK
    headers = {"Accept-Ranges": "bytes"}
    # A part of another file than the browser has the beginning of would be of no use.
    if request.method == "GET" and is_the_same:
        asked = part_asked_for(request.headers.get("Range", ""), size)
        if asked is not None and not asked:
            return HttpResponse(
                status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                headers={**headers, "Content-Range": f"bytes */{size}"},
            )
        if asked is not None:
            part, status = asked, HTTPStatus.PARTIAL_CONTENT
            headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    headers["Content-Length"] = str(len(part))
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    return StreamingHttpResponse(_read(path, part), status=status, headers=headers)


def _is_same(request: HttpRequest, tag: str, modified: int) -> bool:
    """Return whether the file is the one that `If-Range` names; without that header it is."""
    named = request.headers.get("If-Range", "").strip()
    return not named or named == tag or parse_http_date_safe(named) == modified


def _read(path: Path, part: range) -> Iterator[bytes]:
    """Yield the bytes; open no file before somebody reads."""
    left = len(part)
    with path.open("rb") as file:
        file.seek(part.start)
        while left and (block := file.read(min(BLOCK, left))):
            yield block
            left -= len(block)
