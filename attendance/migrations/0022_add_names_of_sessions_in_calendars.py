import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0021_say_how_many_seats"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="calendar_uid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
    ]
