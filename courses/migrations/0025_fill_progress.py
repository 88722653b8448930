"""Write what everybody has and lacks as rows: lessons and quizzes, class by class.

The rules are those of this day, said in the migration's own words. Attendance fills its own; what
another plug-in asks `rebuild_progress` finds.
"""

from django.db import migrations
from django.db.models import Count, Max

BATCH = 2000


def fill(apps, schema_editor):
    asked = apps.get_model("courses", "CompletionRequirement").objects
    latest = asked.order_by().values("run").annotate(latest=Max("version"))
    in_force = dict(latest.values_list("run", "latest"))
    for requirement in asked.filter(criterion__in=RULES).select_related("run").order_by("pk"):
        if requirement.version == in_force[requirement.run_id]:
            _fill_criterion(apps, requirement)


def _fill_criterion(apps, requirement):
    required, achieved = RULES[requirement.criterion](apps, requirement.run, requirement.params)
    row = apps.get_model("courses", "CriterionProgress")
    people = apps.get_model("courses", "Enrolment").objects.filter(run=requirement.run_id)
    row.objects.bulk_create(
        (
            row(
                enrolment_id=pk,
                requirement=requirement,
                criterion=requirement.criterion,
                achieved=achieved.get(pk, 0),
                required=required,
                met=0 < required <= achieved.get(pk, 0),
            )
            for pk in people.order_by("pk").values_list("pk", flat=True)
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _lessons(apps, run, params):
    lessons = apps.get_model("courses", "EditionLesson").objects.filter(
        edition=run.edition_id, is_required=True
    )
    read = apps.get_model("courses", "LessonCompletion").objects.filter(
        enrolment__run=run, lesson__in=lessons.values("lesson")
    )
    counts = read.order_by().values_list("enrolment").annotate(n=Count("pk"))
    return (lessons.count() * params.get("percent", 100) + 99) // 100, dict(counts)


def _quizzes(apps, run, params):
    quizzes = apps.get_model("courses", "EditionQuiz").objects.filter(edition=run.edition_id)
    passed = apps.get_model("courses", "QuizAttempt").objects.filter(
        enrolment__run=run,
        quiz__in=quizzes.values("quiz"),
        percent__gte=params.get("pass_percent", 50),
    )
    counts = passed.order_by().values_list("enrolment").annotate(n=Count("quiz", distinct=True))
    return quizzes.count(), dict(counts)


RULES = {"lessons": _lessons, "quizzes": _quizzes}


class Migration(migrations.Migration):
    dependencies = [("courses", "0024_keep_progress_as_rows")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
