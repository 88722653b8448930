"""Sums and places in the order in which a page reads them: one cadre, of all its rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0036_drop_index_within_another"),
        ("geography", "0004_add_unit_place"),
        ("reporting", "0006_keep_figures_by_course"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="tallyplace",
            name="tally_place_once",
        ),
        migrations.RemoveIndex(
            model_name="tallysum",
            name="sum_by_course_and_unit",
        ),
        migrations.AddIndex(
            model_name="tallysum",
            index=models.Index(
                fields=["programme", "course", "cadre", "unit"], name="sum_by_cadre_and_unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="tallyplace",
            constraint=models.UniqueConstraint(
                fields=("programme", "course", "cadre", "unit"), name="tally_place_once"
            ),
        ),
    ]
