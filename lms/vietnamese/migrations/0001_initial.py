"""Vietnamese names for the rows that Wagtail's own migrations make."""

from django.db import migrations


def name_rows(apps, schema_editor):
    page = apps.get_model("wagtailcore", "Page")
    page.objects.filter(depth=1, title="Root").update(title="Gốc", draft_title="Gốc")
    collection = apps.get_model("wagtailcore", "Collection")
    collection.objects.filter(depth=1, name="Root").update(name="Gốc")
    for model in ("Workflow", "Task"):
        rows = apps.get_model("wagtailcore", model).objects.filter(name="Moderators approval")
        rows.update(name="Duyệt bài")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("wagtailcore", "0091_remove_revision_submitted_for_moderation")]
    operations = [migrations.RunPython(name_rows, migrations.RunPython.noop)]
