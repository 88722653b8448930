"""Kept figures of one course alone beside those of all; all of it is counted anew after the migration."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0036_drop_index_within_another"),
        ("geography", "0003_add_first_name_of_units"),
        ("reporting", "0005_keep_sums_of_figures"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="tallycolumn",
            name="tally_column_once",
        ),
        migrations.RemoveConstraint(
            model_name="tallyplace",
            name="tally_place_once",
        ),
        migrations.RemoveIndex(
            model_name="completiontally",
            name="tally_by_unit",
        ),
        migrations.RemoveIndex(
            model_name="tallysum",
            name="sum_by_unit",
        ),
        migrations.AddField(
            model_name="completiontally",
            name="course",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="tallycolumn",
            name="course",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="tallyplace",
            name="course",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="tallysum",
            name="course",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="completiontally",
            index=models.Index(
                fields=["programme", "course", "unit"], name="tally_by_course_and_unit"
            ),
        ),
        migrations.AddIndex(
            model_name="tallysum",
            index=models.Index(
                fields=["programme", "course", "unit"], name="sum_by_course_and_unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="tallycolumn",
            constraint=models.UniqueConstraint(
                fields=("programme", "course", "unit", "cadre", "key"), name="tally_column_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="tallyplace",
            constraint=models.UniqueConstraint(
                fields=("programme", "course", "unit", "cadre"), name="tally_place_once"
            ),
        ),
    ]
