"""Work out, once, how enrolments and classes came to stand as they do.

Days are those that rows and the log tell. What neither tells (a completion that was taken back, a
second enrolment, a first day that was put off) is lost: rows of this migration are `is_inferred`.
"""

from datetime import UTC, datetime, time, timedelta

from django.db import migrations
from django.utils import timezone

_BATCH = 1000
# Before anybody can have been enrolled.
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def _logged(apps, action):
    """Return when this was done last, by the pk of the row."""
    entries = apps.get_model("wagtailcore", "ModelLogEntry").objects.filter(action=action)
    pairs = entries.order_by("timestamp").values_list("object_id", "timestamp")
    return {int(pk): at for pk, at in pairs if pk.isdigit()}


def _in_batches(rows, model):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) >= _BATCH:
            model.objects.bulk_create(batch)
            batch = []
    model.objects.bulk_create(batch)


def _enrolment_rows(model, enrolments, withdrawn, now):
    for one in enrolments.order_by("pk").iterator(_BATCH):
        facts = {
            "enrolment_id": one.pk,
            "unit_id": one.unit_id,
            "cadre": one.cadre,
            "enrolled_at": one.enrolled_at,
            "recorded_at": now,
            "is_inferred": True,
        }
        yield model(status="active", at=one.enrolled_at, **facts)
        if one.status == "completed":
            yield model(
                status="completed", at=one.completed_at, completed_at=one.completed_at, **facts
            )
        elif one.status == "withdrawn":
            yield model(status="withdrawn", at=withdrawn.get(one.pk, now), **facts)


def _run_rows(model, runs, closed, cancelled, now):
    for run in runs.order_by("pk").iterator(_BATCH):
        facts = {
            "run_id": run.pk,
            "starts_on": run.starts_on,
            "recorded_at": now,
            "is_inferred": True,
        }
        is_planned = run.status == "planned"
        yield model(status="planned" if is_planned else "open", at=_BEGINNING, **facts)
        if run.status == "closed":
            over = timezone.make_aware(datetime.combine(run.ends_on + timedelta(days=1), time.min))
            yield model(status="closed", at=closed.get(run.pk, min(over, now)), **facts)
        elif run.status == "cancelled":
            at = run.cancelled_at or cancelled.get(run.pk, now)
            yield model(status="cancelled", at=at, **facts)


def infer(apps, schema_editor):
    now = timezone.now()
    model = apps.get_model("courses", "EnrolmentChange")
    enrolments = apps.get_model("courses", "Enrolment").objects.all()
    withdrawn = _logged(apps, "courses.withdraw")
    _in_batches(_enrolment_rows(model, enrolments, withdrawn, now), model)
    model = apps.get_model("courses", "RunChange")
    runs = apps.get_model("courses", "CourseRun").objects.all()
    closed, cancelled = _logged(apps, "courses.close_run"), _logged(apps, "courses.cancel_run")
    _in_batches(_run_rows(model, runs, closed, cancelled, now), model)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0034_keep_changes_of_enrolments_and_classes"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(infer, migrations.RunPython.noop)]
