"""Files that are cut off, too large or something else than they say: a sentence, once, and no 500."""

import random
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.images.fields import WagtailImageField
from wagtail.models import Collection

from courses.models import CourseDocument as Document
from courses.models import CourseImage as StoredImage
from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import ensure_role_groups
from tests.factories.accounts import log_in

MEGABYTE = 1024 * 1024
WAYS_OF_DOCUMENTS = [
    ("wagtaildocs:add", ""),
    ("wagtaildocs:add_multiple", ""),
    ("wagtaildocs_chooser:create", "document-chooser-upload-"),
]


def picture(kind):
    # Noise, since nothing of it can be packed: there is an end to cut off.
    picture = Image.frombytes("RGB", (120, 80), random.Random(1).randbytes(120 * 80 * 3))
    file = BytesIO()
    picture.save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_picture_that_was_cut_off_is_refused(kind, part):
    whole = picture(kind)
    sent = SimpleUploadedFile(f"anh.{kind.lower()}", whole[: int(len(whole) * part)])

    with pytest.raises(ValidationError) as refused:
        WagtailImageField().clean(sent)

    assert refused.value.code in ("cut_off", "invalid_image")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_whole_picture_is_taken_and_its_file_can_still_be_read(kind):
    sent = SimpleUploadedFile(f"anh.{kind.lower()}", picture(kind))

    assert WagtailImageField().clean(sent).read() == picture(kind)


@pytest.fixture
def author(edition):
    ensure_role_groups()
    return log_in(Role.TRAINER, "350")


def send(client, name, file, prefix=""):
    """What a form, the drop zone for many files, or the window of a chooser sends."""
    many = name.endswith("add_multiple")
    values = {"title": "Tệp", "collection": Collection.objects.get().pk}
    values = {f"{prefix}{key}": value for key, value in values.items()}
    answer = client.post(reverse(name), values | {"files[]" if many else f"{prefix}file": file})
    if many:
        return [answer.json().get("error_message")]
    return answer.context["form"].errors["file"]


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("wagtailimages:add", ""),
        ("wagtailimages:add_multiple", ""),
        ("wagtailimages_chooser:create", "image-chooser-upload-"),
    ],
)
def test_each_way_to_send_a_picture_says_that_it_was_cut_off(author, name, prefix):
    whole = picture("JPEG")

    errors = send(author, name, SimpleUploadedFile("anh.jpg", whole[: len(whole) // 2]), prefix)

    assert len(errors) == 1
    assert not StoredImage.objects.exists()


@pytest.mark.parametrize(("name", "prefix"), WAYS_OF_DOCUMENTS)
def test_each_way_to_send_a_document_says_in_a_sentence_what_is_too_large_or_no_such_file(
    author, name, prefix
):
    large = SimpleUploadedFile("bai.pdf", b"%PDF" + bytes(11 * MEGABYTE))
    for file, told in ((large, ""), (SimpleUploadedFile("giong-doc.mp3", b"ID3"), "giong-doc.mp3")):
        [sentence] = send(author, name, file, prefix)
        assert told in sentence
        assert "\n" not in sentence
    assert not Document.objects.exists()


def test_document_whose_title_is_changed_keeps_its_file(author):
    kept = Document.objects.create(
        title="Cũ",
        file=ContentFile(b"ID3", name="cu.mp3"),
        uploaded_by_user_id=author.session["_auth_user_id"],
    )
    values = {"title": "Mới", "collection": kept.collection_id, "file": ""}

    author.post(reverse("wagtaildocs:edit", args=[kept.pk]), values)

    kept.refresh_from_db()
    assert kept.title == "Mới"


def test_document_of_a_kind_that_is_not_taken_is_told_so(author):
    errors = send(author, "wagtaildocs:add", SimpleUploadedFile("bai.exe", b"MZ"))

    assert len(errors) == 1
    assert "exe" in errors[0]
