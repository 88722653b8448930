"""Files in a bucket: private, never overwritten, and away for a while without harm."""

import re
import time
import urllib.error
import urllib.request
from io import BytesIO
from pathlib import Path, PurePosixPath
from urllib.parse import quote

import pytest
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from courses.models import CourseDocument
from lms.core import outages
from lms.core.handover import SIGNED_SECONDS
from lms.core.object_store import store_outage
from lms.core.stored_files import StoreAwayError, local_path
from lms.importing.models import ImportBatch
from lms.ops.files import file_members, put_back
from lms.settings.files import origins_of, storages_at
from tests.factories.accounts import UserFactory


@pytest.fixture
def private(bucket):
    return storages["private"]


def fetch(address, **headers):
    try:
        request = urllib.request.Request(address, headers=headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


def test_file_is_kept_found_listed_and_deleted(private, bucket):
    name = private.save("imports/danh sách.csv", ContentFile(b"ho ten"))

    assert list(bucket.objects) == [f"site/private/{name}"]
    assert (private.exists(name), private.size(name)) == (True, 6)
    with private.open(name) as file:
        assert file.read() == b"ho ten"
    assert private.listdir("imports") == ([name.split("/")[1]], [])
    private.delete(name)
    assert (bucket.objects, private.exists(name)) == ({}, False)
    with pytest.raises(FileNotFoundError):
        private.open(name)


def test_two_files_of_one_name_do_not_overwrite_each_other(private, bucket):
    names = {private.save("imports/list.csv", ContentFile(b"x")) for _ in range(3)}

    assert len(names) == len(bucket.objects) == 3
    assert {Path(name).name for name in names} == {"list.csv"}
    # And nobody had to ask for that.
    assert {command for command, _key in bucket.asked} == {"PUT"}


@pytest.mark.parametrize(
    ("name", "most", "pattern"),
    [
        ("a/b.pdf", None, r"a/[0-9a-f]{16}/b\.pdf"),
        ("b.pdf", None, r"[0-9a-f]{16}/b\.pdf"),
        ("a/" + "x" * 200 + ".pdf", 60, r"a/[0-9a-f]{16}/x{37}\.pdf"),
        (
            "a/0b0e7a34-6f0c-4f0c-9d0a-0f5a6b1c2d3e.pdf",
            100,
            r"a/0b0e7a34-6f0c-4f0c-9d0a-0f5a6b1c2d3e\.pdf",
        ),
    ],
)
def test_name_is_unlike_any_other_and_not_too_long(private, name, most, pattern):
    found = private.get_available_name(name, most)

    assert re.fullmatch(pattern, found), found
    assert most is None or len(found) <= most


def test_name_leads_nowhere_else(private):
    with pytest.raises(SuspiciousFileOperation):
        private.get_available_name("imports/../../media/a.pdf")


def test_address_is_signed_for_a_short_time_and_strangers_get_nothing(private, bucket):
    name = private.save("certificates/a.pdf", ContentFile(b"%PDF"))
    address = private.url(name)

    assert f"X-Amz-Expires={SIGNED_SECONDS}&" in address
    assert fetch(address) == (200, b"%PDF")
    assert fetch(address, Range="bytes=1-2") == (206, b"PD")
    assert fetch(address.partition("?")[0])[0] == 403
    assert fetch(address.replace("Signature=", "Signature=0"))[0] == 403
    assert fetch(address.replace("a.pdf", "b.pdf"))[0] == 403
    old = private.url(name, expire=-10)
    assert fetch(old)[0] == 403


@pytest.mark.parametrize("fault", ["error", "denied", "cut"])
def test_store_that_fails_is_away(private, bucket, fault):
    name = private.save("imports/list.csv", ContentFile(b"ho ten" * 100))
    bucket.fault = fault

    with pytest.raises(StoreAwayError):
        private.open(name)
    if fault != "cut":
        for call in (private.exists, private.size, private.listdir, private.delete):
            with pytest.raises(StoreAwayError):
                call(name)
        with pytest.raises(StoreAwayError):
            private.save("imports/list.csv", ContentFile(b"x"))


def test_store_that_is_not_there_is_away_at_once(private, bucket):
    bucket.server_close()
    begun = time.monotonic()

    with pytest.raises(StoreAwayError):
        private.save("imports/list.csv", ContentFile(b"x"))
    assert time.monotonic() - begun < 6


def test_store_that_hangs_is_waited_for_once(private, bucket, monkeypatch):
    for name in ("connect_timeout", "read_timeout"):
        monkeypatch.setattr(private.client_config, name, 0.2)
    bucket.fault = "hang"
    begun = time.monotonic()

    for _ in range(4):
        with pytest.raises(StoreAwayError):
            private.exists("imports/list.csv")

    assert len(bucket.asked) == 2
    assert time.monotonic() - begun < 5
    bucket.end_hang()
    store_outage.begin(Exception("as long ago"))
    monkeypatch.setattr(outages.time, "monotonic", lambda: begun + 60)
    assert not private.exists("imports/list.csv")
    assert not store_outage.is_on


def test_list_in_a_bucket_is_read_from_a_passing_copy(private):
    batch = ImportBatch(file_name="list.csv")
    batch.file.save("list.csv", ContentFile(b"ho ten"), save=False)

    with local_path(batch.file) as path:
        assert (path.suffix, path.read_bytes()) == (".csv", b"ho ten")
    assert not path.exists()


@pytest.fixture
def picture(bucket):
    name = storages["renditions"].save("images/bài.png", ContentFile(b"hinh"))
    return storages["renditions"].url(name)


def test_backup_reads_the_bucket_and_puts_a_file_back(private, bucket, tmp_path):
    name = private.save("imports/list.csv", ContentFile(b"ho ten"))
    hashes = {}

    kept = {one.name: b"".join(one.chunks) for one in file_members(tmp_path, hashes)}
    private.delete(name)

    assert kept == {f"private/{name}": b"ho ten"}
    assert put_back(f"private/{name}", BytesIO(b"ho ten"), hashes[f"private/{name}"])
    assert bucket.objects[f"site/private/{name}"][0] == b"ho ten"


def test_picture_has_an_address_of_this_site_that_leads_to_the_bucket(client, picture):
    response = client.get(picture)

    assert (response.status_code, fetch(response["Location"])) == (302, (200, b"hinh"))
    kept = int(re.search(r"max-age=(\d+)", response["Cache-Control"])[1])
    assert "public" in response["Cache-Control"]
    # Whoever keeps the way to it may not find it closed.
    assert kept < int(re.search(r"X-Amz-Expires=(\d+)", response["Location"])[1])


@pytest.mark.parametrize("name", ["documents/bai.pdf", "original_images/a.png"])
def test_nothing_but_pictures_of_lessons_is_public(db, client, bucket, name):
    bucket.objects[f"site/media/{name}"] = (b"kin", {})

    for address in (f"/media/{name}", f"/media/images/../{name}", f"/media/images/%2e%2e/{name}"):
        answer = client.get(address)
        assert answer.status_code in (302, 400, 404), address
        assert answer.status_code != 302 or fetch(answer["Location"])[0] == 404, address


def test_document_is_fetched_from_the_bucket_under_its_own_name(db, client, bucket):
    document = CourseDocument.objects.create(
        title="Bài", file=ContentFile(b"%PDF", name="bài giảng.pdf")
    )
    assert client.get(document.url)["Location"].startswith("/tai-khoan/login/")
    client.force_login(UserFactory())

    address = client.get(document.url)["Location"]

    with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
        told = {name: answer.headers[name] for name in ("Content-Type", "Content-Disposition")}
    assert told["Content-Type"] == "application/pdf"
    assert quote(PurePosixPath(document.file.name).name) in told["Content-Disposition"]


def test_captions_come_from_this_site(db, client, bucket):
    """A browser takes none from another one."""
    document = CourseDocument.objects.create(
        title="Phụ đề", file=ContentFile(b"WEBVTT", name="phu-de.vtt")
    )
    client.force_login(UserFactory())

    answer = client.get(document.url)

    assert (answer.status_code, answer.content) == (200, b"WEBVTT")
    assert answer["Content-Type"] == "text/vtt"
    bucket.objects.clear()
    assert client.get(document.url).status_code == 404


@pytest.mark.parametrize(
    ("place", "origins"),
    [
        ("/srv/files", []),
        ("s3://suite/a?endpoint=https://files.example.vn/x", ["https://files.example.vn"]),
        ("s3://suite?region=ap-1", ["https://suite.s3.ap-1.amazonaws.com"]),
        ("s3://suite", ["https://suite.s3.amazonaws.com"]),
    ],
)
def test_origins_of_files(place, origins):
    assert origins_of(place) == origins


@pytest.mark.parametrize("place", ["s3://", "s3:suite", "s3://suite?ednpoint=https://a.vn"])
def test_wrong_place_stops_the_start(place):
    with pytest.raises(ImproperlyConfigured):
        storages_at(place)
