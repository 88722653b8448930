from django.db import migrations, models
from django.db.models import F, Min
from django.utils import timezone


def count_ended_sessions(apps, schema_editor):
    """Sessions that have ended count; where somebody had completed before, since that moment."""
    sessions = apps.get_model("attendance", "Session").objects
    sessions.filter(ends_at__lte=timezone.now()).update(counted_at=F("ends_at"))
    completed = apps.get_model("courses", "Enrolment").objects.filter(completed_at__isnull=False)
    firsts = completed.order_by().values("run").annotate(first=Min("completed_at"))
    for run, first in firsts.values_list("run", "first"):
        sessions.filter(run=run, counted_at__gt=first).update(counted_at=first)


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0005_fill_progress"),
        ("courses", "0026_add_notes_on_lessons"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="counted_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="counted at"
            ),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(
                condition=models.Q(("counted_at__isnull", True)),
                fields=["ends_at"],
                name="session_still_to_count",
            ),
        ),
        migrations.RunPython(count_ended_sessions, migrations.RunPython.noop, elidable=True),
    ]
