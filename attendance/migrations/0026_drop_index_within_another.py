"""Drop an index that another one begins with: the database took the wrong one of the two."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0025_add_calendar_addresses"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attendancerecord",
            name="session",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="records",
                to="attendance.session",
            ),
        ),
    ]
