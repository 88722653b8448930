from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0014_rest_after_a_try"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="reminder", name="reminder_once"),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("unique_key", "rule", "occurrence"), name="reminder_once"
            ),
        ),
    ]
