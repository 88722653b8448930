from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0013_note_addresses_that_do_not_work"),
    ]

    operations = [
        migrations.AddField(
            model_name="reminder",
            name="rest_until",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
