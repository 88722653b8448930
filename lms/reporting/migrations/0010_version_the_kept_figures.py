"""Figures are known by their version, so that what was read of them may be remembered."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0009_count_all_figures_anew"),
    ]

    operations = [
        migrations.AddField(
            model_name="tallystate",
            name="version",
            field=models.UUIDField(default=uuid.uuid4),
        ),
    ]
