from typing import Any

from django.db import migrations


def mark(apps: Any, schema_editor: Any) -> None:
    """Let the one rule that each kind has stand for the default of its kind."""
    apps.get_model("notifications", "ReminderRule").objects.filter(shipped_as=None).update(
        shipped_as="standard"
    )


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_let_rules_say_when_to_whom_and_what")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
