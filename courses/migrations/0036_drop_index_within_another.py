"""Drop an index that another one begins with: the database took the wrong one of the two."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0035_infer_changes_before_they_were_kept"),
    ]

    operations = [
        migrations.AlterField(
            model_name="criterionprogress",
            name="enrolment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="progress",
                to="courses.enrolment",
            ),
        ),
    ]
