"""Write the hours that everybody has and lacks as rows, class by class: the rule of this day."""

from collections import defaultdict
from datetime import UTC

from django.db import migrations
from django.db.models import Max

KEY = "attendance_hours"
BATCH = 2000
# Of a class without sessions.
UNPLANNED_MINUTES = 1


def fill(apps, schema_editor):
    asked = apps.get_model("courses", "CompletionRequirement").objects
    latest = asked.order_by().values("run").annotate(latest=Max("version"))
    in_force = dict(latest.values_list("run", "latest"))
    for requirement in asked.filter(criterion=KEY).order_by("pk"):
        if requirement.version == in_force[requirement.run_id]:
            _fill_class(apps, requirement)


def _fill_class(apps, requirement):
    sessions = list(
        apps.get_model("attendance", "Session")
        .objects.filter(run=requirement.run_id, is_required=True)
        .order_by("starts_at", "pk")
    )
    total = sum(_minutes(session) for session in sessions)
    required = (
        -(-total * requirement.params.get("percent", 100) // 100) if total else UNPLANNED_MINUTES
    )
    attended = defaultdict(dict)
    records = apps.get_model("attendance", "AttendanceRecord").objects.filter(session__in=sessions)
    for enrolment, session, minutes in records.values_list("enrolment", "session", "minutes"):
        attended[enrolment][session] = minutes
    row = apps.get_model("courses", "CriterionProgress")
    people = apps.get_model("courses", "Enrolment").objects.filter(run=requirement.run_id)
    row.objects.bulk_create(
        (
            _row(row, requirement, required, pk, sessions, attended[pk])
            for pk in people.order_by("pk").values_list("pk", flat=True)
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _row(row, requirement, required, enrolment, sessions, minutes):
    achieved = sum(minutes.values())
    met = achieved >= required
    lacking = [] if met else [s for s in sessions if minutes.get(s.pk, 0) < _minutes(s)]
    return row(
        enrolment_id=enrolment,
        requirement=requirement,
        criterion=KEY,
        achieved=achieved,
        required=required,
        met=met,
        details=[
            {
                "subject": session.title,
                "at": session.starts_at.astimezone(UTC).isoformat(),
                "why": _why(minutes.get(session.pk)),
            }
            for session in lacking
        ],
    )


def _why(minutes):
    if minutes is None:
        return "unrecorded"
    return "partly" if minutes else "missed"


def _minutes(session):
    return int((session.ends_at - session.starts_at).total_seconds() // 60)


class Migration(migrations.Migration):
    dependencies = [("attendance", "0004_protect_evidence"), ("courses", "0025_fill_progress")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
