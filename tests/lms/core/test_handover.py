"""A stored file leaves by one function: whole, in parts, by the proxy or from the object store."""

import os
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.http import Http404
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from lms.core.handover import StoredFile, hand_over, part_asked_for

CONTENT = bytes(range(256)) * 40
SIZE = len(CONTENT)


@pytest.mark.parametrize(
    ("asked", "size", "part"),
    [
        ("bytes=0-1", 10, range(2)),
        ("bytes=5-5", 10, range(5, 6)),
        ("bytes=4-", 10, range(4, 10)),
        ("bytes=4-99", 10, range(4, 10)),
        ("bytes=-3", 10, range(7, 10)),
        ("bytes=-30", 10, range(10)),
        (" Bytes=2-3 ", 10, range(2, 4)),
        # Not to be had: no byte at all.
        ("bytes=10-", 10, range(0)),
        ("bytes=999999999999999999999-", 10, range(0)),
        ("bytes=-0", 10, range(0)),
        ("bytes=0-", 0, range(0)),
        # Not understood, or more than one part: the whole file.
        ("bytes=0-1,4-5", 10, None),
        ("bytes=5-2", 10, None),
        ("bytes=-", 10, None),
        ("bytes=a-b", 10, None),
        ("bytes=+1-2", 10, None),
        ("bytes=١-٢", 10, None),
        ("bytes=" + "9" * 5000 + "-", 10, None),
        ("pages=0-1", 10, None),
        ("", 10, None),
    ],
)
def test_part_that_is_asked_for(asked, size, part):
    assert part_asked_for(asked, size) == part


@given(st.from_regex(re.compile(r"bytes=[0-9,-]*", re.ASCII), fullmatch=True), st.integers(0, 50))
def test_part_lies_within_the_file_whatever_is_asked(asked, size):
    part = part_asked_for(asked, size)

    assert part is None or part == range(0) or 0 <= part.start < part.stop <= size


@pytest.fixture
def storage(db, tmp_path, settings):
    settings.SUITE_FILES = str(tmp_path)
    storage = FileSystemStorage(location=tmp_path / "private", base_url=None)
    storage.save("certificates/Giấy 1.mp4", ContentFile(CONTENT))
    return storage


def ask(storage, *, method="get", name="certificates/Giấy 1.mp4", etag="", **headers):
    request = getattr(RequestFactory(), method)("/", headers=headers)
    file = StoredFile(storage, name)
    return hand_over(request, file, as_attachment=True, file_name="Giấy.mp4", etag=etag)


def body_of(response):
    content = b"".join(response) if response.streaming else response.content
    response.close()
    return content


def test_whole_file(storage):
    response = ask(storage)

    assert (response.status_code, body_of(response)) == (200, CONTENT)
    assert response["Content-Length"] == str(SIZE)
    assert response["Content-Type"] == "video/mp4"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Gi%E1%BA%A5y.mp4"
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    # Whatever it is, it is no page of this site.
    assert response["Content-Security-Policy"] == "default-src 'none'"


def test_packed_file_is_not_taken_for_what_it_holds(storage):
    storage.save("list.csv.gz", ContentFile(b"packed"))

    assert ask(storage, name="list.csv.gz")["Content-Type"] == "application/octet-stream"


def test_head_says_the_same_and_sends_nothing(storage):
    whole, head = ask(storage), ask(storage, method="head", range="bytes=0-1")

    assert (head.status_code, body_of(head)) == (200, b"")
    assert dict(head.items()) == dict(whole.items())


@pytest.mark.parametrize(
    ("asked", "status", "part", "told"),
    [
        ("bytes=0-1", 206, CONTENT[:2], f"bytes 0-1/{SIZE}"),
        ("bytes=-500", 206, CONTENT[-500:], f"bytes {SIZE - 500}-{SIZE - 1}/{SIZE}"),
        ("bytes=999999999-", 416, b"", f"bytes */{SIZE}"),
        # Of several parts the whole.
        ("bytes=0-1,5-9", 200, CONTENT, None),
    ],
)
def test_part_of_a_file(storage, asked, status, part, told):
    response = ask(storage, range=asked)
    assert (response.status_code, body_of(response)) == (status, part)
    assert response.get("Content-Range") == told
    assert status == 416 or response["Content-Length"] == str(len(part))


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_broken_download_goes_on_while_the_file_is_the_same(storage, header):
    condition = ask(storage)[header]
    asked = {"range": "bytes=100-", "if-range": condition}
    assert ask(storage, **asked).status_code == 206
    os.utime(storage.path("certificates/Giấy 1.mp4"), (0, 0))

    response = ask(storage, **asked)

    assert (response.status_code, body_of(response)) == (200, CONTENT)


@pytest.mark.parametrize("condition", ['W/"abc"', '"other"', "nonsense"])
def test_part_only_under_a_condition_that_holds(storage, condition):
    asked = {"range": "bytes=0-1", "if-range": condition}

    assert ask(storage, etag="abc", **asked).status_code == 200


def test_file_that_the_browser_has_is_not_sent_again(storage):
    assert ask(storage, etag="abc")["ETag"] == '"abc"'

    answer = ask(storage, etag="abc", **{"if-none-match": '"abc"'})

    assert (answer.status_code, body_of(answer)) == (304, b"")


def test_file_that_is_lost(storage):
    with pytest.raises(Http404):
        ask(storage, name="certificates/none.pdf")


def test_proxy_sends_the_file(storage, settings):
    settings.SUITE_FILES_BY_PROXY = True

    response = ask(storage, range="bytes=0-1", etag="abc")

    # Parts, conditions and the lengths of both are the proxy's own business.
    assert (response.status_code, body_of(response)) == (200, b"")
    assert response["X-Accel-Redirect"] == "/_files/private/certificates/Gi%E1%BA%A5y%201.mp4"
    assert response["Content-Type"] == "video/mp4"
    assert response["Content-Disposition"].startswith("attachment")
    assert not response.has_header("ETag")


def test_object_store_sends_the_file_itself(bucket):
    response = ask(storages["private"], name="a.pdf")

    assert response.status_code == 302
    assert response["Location"].startswith(f"{bucket.endpoint}/suite/site/private/a.pdf?")
    assert "response-content-disposition=attachment%3B" in response["Location"]
    assert not bucket.asked
