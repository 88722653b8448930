"""Each session gets a name of its own in everybody's calendar."""

import uuid

from django.db import migrations

BATCH = 500


def name_sessions(apps, schema_editor):
    Session = apps.get_model("attendance", "Session")
    last = 0
    while rows := list(Session.objects.filter(pk__gt=last).order_by("pk").only("pk")[:BATCH]):
        for row in rows:
            row.calendar_uid = uuid.uuid4()
        Session.objects.bulk_update(rows, ["calendar_uid"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0022_add_names_of_sessions_in_calendars"),
    ]

    operations = [migrations.RunPython(name_sessions, migrations.RunPython.noop)]
