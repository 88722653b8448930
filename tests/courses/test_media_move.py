"""Pictures and documents of before, moved to the classes of the suite."""

from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from taggit.models import Tag, TaggedItem
from wagtail.documents.models import Document
from wagtail.images.models import Image, Rendition

from courses.models import CourseDocument, CourseImage, CourseRendition

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite("it counts the next number")]
MOVE = import_module("courses.migrations.0014_move_pictures_and_documents").move
THEN = datetime(2014, 5, 6, tzinfo=UTC)


def move():
    state = MigrationExecutor(connection).loader.project_state(
        [
            ("courses", "0013_add_own_pictures_and_documents"),
            (
                "taggit",
                "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx",
            ),
            ("wagtailcore", "0098_apitoken"),
            ("wagtaildocs", "0014_alter_document_file_size"),
            ("wagtailimages", "0027_image_description"),
        ]
    )
    MOVE(state.apps, SimpleNamespace(connection=connection))


def old_picture(pk):
    Image.objects.bulk_create(
        [
            Image(
                pk=pk,
                title="Lớp học",
                file="original_images/a.png",
                description="Buổi học",
                width=9,
                height=6,
            )
        ]
    )
    Image.objects.update(created_at=THEN)
    Rendition.objects.bulk_create(
        [
            Rendition(
                image_id=pk,
                filter_spec="width-320",
                file="images/a.width-320.png",
                width=9,
                height=6,
            )
        ]
    )


def test_pictures_keep_their_numbers_sizes_words_and_day():
    old_picture(41)
    tag = Tag.objects.create(name="lop")
    TaggedItem.objects.create(
        tag=tag, object_id=41, content_type=ContentType.objects.get_for_model(Image)
    )

    move()

    picture = CourseImage.objects.get()
    assert (picture.pk, picture.title, picture.description) == (41, "Lớp học", "Buổi học")
    assert (picture.file.name, picture.created_at) == ("original_images/a.png", THEN)
    assert [*picture.tags.names()] == ["lop"]
    assert CourseRendition.objects.get().file.name == "images/a.width-320.png"
    assert not Image.objects.exists()


def test_documents_keep_their_numbers_and_the_next_one_is_new():
    Document.objects.bulk_create([Document(pk=17, title="Mẫu", file="documents/mau.pdf")])

    move()

    assert CourseDocument.objects.get().pk == 17
    new = CourseDocument.objects.create(title="Mới", file=ContentFile(b"x", name="moi.pdf"))
    assert new.pk > 17


def test_move_of_nothing_changes_nothing():
    move()

    assert not CourseImage.objects.exists()
