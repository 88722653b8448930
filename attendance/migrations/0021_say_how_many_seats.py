from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0020_tell_pages_of_sheets_apart"),
        ("courses", "0035_infer_changes_before_they_were_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="seats",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="seats"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(seats__isnull=True) | models.Q(seats__gt=0),
                name="session_has_some_seats",
            ),
        ),
    ]
