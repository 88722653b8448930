"""Files of names were stored with the names of their day, whatever became of these people since."""

from typing import Any

from django.db import migrations


def forget(apps: Any, schema_editor: Any) -> None:
    """Remove them from the store; they are written anew when somebody asks."""
    stored = apps.get_model("reporting", "SnapshotFile").objects.filter(kind="xlsx")
    for one in stored:
        one.file.delete(save=False)
    stored.delete()


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_add_frozen_reports")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
