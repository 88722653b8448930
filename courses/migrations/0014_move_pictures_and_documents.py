"""Pictures and documents move to the classes of the suite, with the numbers that texts know them by."""

from django.core.management.color import no_style
from django.db import migrations
from django.db.models import OuterRef, Subquery

PAIRS = (("wagtailimages", "Image", "CourseImage"), ("wagtaildocs", "Document", "CourseDocument"))
# Rows elsewhere that say of which class a picture or a document is.
POINTERS = (
    ("taggit", "TaggedItem", "content_type"),
    ("wagtailcore", "ModelLogEntry", "content_type"),
    ("wagtailcore", "ReferenceIndex", "to_content_type"),
    ("wagtailcore", "ReferenceIndex", "content_type"),
    ("wagtailcore", "ReferenceIndex", "base_content_type"),
)


def move(apps, schema_editor):
    types = apps.get_model("contenttypes", "ContentType").objects
    for app, old_name, new_name in PAIRS:
        old, new = apps.get_model(app, old_name), apps.get_model("courses", new_name)
        _copy(old, new)
        _point_to(
            apps, types.filter(app_label=app, model=old_name.lower()).first(), types, new_name
        )
    renditions = (
        apps.get_model("wagtailimages", "Rendition"),
        apps.get_model("courses", "CourseRendition"),
    )
    _copy(*renditions)
    for model in (renditions[0], *(apps.get_model(app, name) for app, name, _new in PAIRS)):
        # Without signals: the files stay, and belong to the new rows.
        model.objects.all().delete()
    _set_sequences(apps, schema_editor)


def _copy(old, new):
    columns = [field.attname for field in old._meta.concrete_fields]
    rows = old.objects.values(*columns).iterator(chunk_size=500)
    new.objects.bulk_create((new(**row) for row in rows), batch_size=500)
    if "created_at" in columns:
        # Django writes the moment of the copy into such a column.
        same = old.objects.filter(pk=OuterRef("pk"))
        new.objects.update(created_at=Subquery(same.values("created_at")))


def _point_to(apps, old_type, types, new_name):
    if old_type is None:
        return
    new_type, _is_new = types.get_or_create(app_label="courses", model=new_name.lower())
    for app, model, column in POINTERS:
        rows = apps.get_model(app, model).objects.filter(**{column: old_type})
        rows.update(**{column: new_type})


def _set_sequences(apps, schema_editor):
    """Numbers were given, not taken: PostgreSQL counts on from the highest."""
    connection = schema_editor.connection
    models = [
        apps.get_model("courses", name)
        for name in ("CourseImage", "CourseRendition", "CourseDocument")
    ]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0013_add_own_pictures_and_documents"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
