"""Figures kept before communes were added up hold no sums of them."""

from typing import Any

from django.db import migrations


def forget(apps: Any, schema_editor: Any) -> None:
    """Let all figures be counted anew; until then pages count the rows."""
    apps.get_model("reporting", "TallyState").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("reporting", "0008_keep_the_latest_communes")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop, elidable=True)]
