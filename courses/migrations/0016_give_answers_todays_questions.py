"""Give every answer the version of its question as it is today, and its place in the quiz.

What was right was stored when the attempt was handed in, and stays. Attempts that are still open
get a row for each question that has no answer yet.
"""

import hashlib
import json

from django.db import migrations
from django.db.models import Max
from django.utils import timezone

CONTENT = ("kind", "text", "explanation", "source", "as_of")


def give_versions(apps, schema_editor):
    answers = apps.get_model("courses", "QuizAnswer").objects
    questions = apps.get_model("courses", "Question").objects
    asked = questions.filter(pk__in=answers.order_by().values("question")) | questions.filter(
        pk__in=apps.get_model("courses", "QuizQuestion").objects.values("question")
    )
    versions = {}
    for question in asked:
        versions[question.pk] = _version(apps, question)
        answers.filter(question=question).update(version=versions[question.pk])
    for link in apps.get_model("courses", "QuizQuestion").objects.all():
        place = _place(apps, link)
        attempts = apps.get_model("courses", "QuizAttempt").objects.filter(quiz=link.quiz_id)
        answers.filter(question=link.question_id, attempt__in=attempts.values("pk")).update(
            position=place
        )
        for attempt in attempts.filter(submitted_at=None):
            answers.get_or_create(
                attempt=attempt,
                question_id=link.question_id,
                defaults={"version": versions[link.question_id], "position": place},
            )


def _place(apps, link):
    before = apps.get_model("courses", "QuizQuestion").objects.filter(quiz=link.quiz_id)
    ids = list(before.order_by("sort_order", "pk").values_list("pk", flat=True))
    return ids.index(link.pk) + 1


def _version(apps, question):
    options = apps.get_model("courses", "QuestionOption").objects.filter(question=question)
    content = {name: getattr(question, name) for name in CONTENT}
    content["options"] = [
        {"id": option.pk, "text": option.text, "is_correct": option.is_correct}
        for option in options.order_by("sort_order", "pk")
    ]
    written = json.dumps(content, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(written.encode()).hexdigest()
    versions = apps.get_model("courses", "QuestionVersion").objects
    known = versions.filter(question=question)
    last = known.aggregate(last=Max("number"))["last"] or 0
    return versions.get_or_create(
        question=question,
        digest=digest,
        defaults={"number": last + 1, "created_at": timezone.now(), **content},
    )[0]


class Migration(migrations.Migration):
    dependencies = [("courses", "0015_add_versions_of_answers")]

    operations = [migrations.RunPython(give_versions, migrations.RunPython.noop, elidable=True)]
