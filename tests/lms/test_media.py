"""Files about people are handed out by a view that asks, never by their path."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db.models import FileField
from django.test import Client

from courses.models import CourseDocument, CourseImage, CourseRendition
from tests.factories.accounts import UserFactory, browse
from tests.shared import shared

# Pictures and documents of lessons, also while they are uploaded, and Wagtail's portraits, for
# which no form is open.
LESSON_FILES = {"wagtailimages", "wagtaildocs", "wagtailcore", "wagtailusers"}
LESSON_MODELS = (CourseImage, CourseRendition, CourseDocument)


def file_fields():
    return [
        field
        for model in apps.get_models()
        if model._meta.app_label not in LESSON_FILES and model not in LESSON_MODELS
        for field in model._meta.get_fields()
        if isinstance(field, FileField)
    ]


def test_every_file_of_a_class_or_a_person_lies_in_the_private_storage():
    assert len(file_fields()) >= 2
    # By place and not by identity: a test that changes a setting of the storages renews them all.
    for field in file_fields():
        assert field.storage.location == storages["private"].location, field


def test_private_storage_lies_outside_of_media():
    private, media = Path(storages["private"].location), Path(settings.MEDIA_ROOT)

    assert media not in (private, *private.parents)
    assert private not in media.parents


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["certificates/giay.pdf", "imports/ds.csv", "documents/bai.pdf", "original_images/a.png"],
)
def test_media_hands_out_nothing_but_pictures_of_lessons(path):
    file = Path(settings.MEDIA_ROOT) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"kin")

    for address in (f"/media/{path}", f"/media/images/../{path}", f"/media/images/%2e%2e/{path}"):
        assert Client().get(address).status_code in (400, 404), address


def test_media_hands_out_pictures_of_lessons():
    file = Path(settings.MEDIA_ROOT) / "images" / "bai.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"hinh")

    response = Client().get("/media/images/bai.png")

    assert (response.status_code, b"".join(response.streaming_content)) == (200, b"hinh")


@shared
def document(db):
    return CourseDocument.objects.create(
        title="Tài liệu", file=ContentFile(b"%PDF-1.4 bai hoc", name="bai-hoc.pdf")
    )


def test_document_of_a_lesson_asks_who_reads(document):
    response = Client().get(document.url)

    assert response.status_code == 302
    assert response["Location"] == f"/tai-khoan/login/?next={document.url}"


def test_document_of_a_lesson_is_read_by_people_who_logged_in(document):
    response = browse(UserFactory()).get(document.url)

    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"%PDF-1.4 bai hoc"


def test_document_is_handed_over_in_parts_and_under_its_own_name_alone(document):
    client = browse(UserFactory())

    part = client.get(document.url, headers={"range": "bytes=-7"})

    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"bai hoc")
    assert client.get(document.url.replace("bai-hoc", "khac")).status_code == 404
