"""Communes added up for each unit above them, and the latest found in an index."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0036_drop_index_within_another"),
        ("geography", "0004_add_unit_place"),
        ("reporting", "0007_read_one_cadre_of_all_units"),
    ]

    operations = [
        migrations.AddField(
            model_name="tallyplace",
            name="path",
            field=models.CharField(blank=True, max_length=255),
        ),
        migrations.AlterField(
            model_name="tallysum",
            name="kind",
            field=models.CharField(
                choices=[
                    ("state", "State"),
                    ("day", "Day"),
                    ("column", "Column"),
                    ("places", "Places"),
                ],
                max_length=6,
            ),
        ),
        migrations.AddIndex(
            model_name="tallyplace",
            index=models.Index(
                models.F("programme"),
                models.F("course"),
                models.F("cadre"),
                django.db.models.functions.text.Left("path", 4),
                models.F("is_unreached"),
                models.OrderBy(models.F("late_share"), descending=True),
                models.OrderBy(models.F("late"), descending=True),
                models.F("path"),
                condition=models.Q(("late__gt", 0)),
                name="place_latest_of_province",
            ),
        ),
    ]
