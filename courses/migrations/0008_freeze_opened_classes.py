"""Give every class that was ever opened the edition of its course as it stands.

Evaluates nobody: completions and certificates stay as they are.
"""

import hashlib
import json

from django.db import migrations
from django.utils import timezone

PLANNED, COMPLETED = "planned", "completed"
CONTENT = ("kind", "text", "explanation", "source", "as_of")


def freeze(apps, schema_editor):
    CourseRun = apps.get_model("courses", "CourseRun")
    CoursePage = apps.get_model("courses", "CoursePage")
    Enrolment = apps.get_model("courses", "Enrolment")
    opened = CourseRun.objects.exclude(status=PLANNED)
    for course in CoursePage.objects.filter(pk__in=opened.values("course")):
        edition = _freeze_course(apps, course)
        runs = opened.filter(course=course)
        runs.update(edition=edition)
        Enrolment.objects.filter(run__in=runs.values("pk"), status=COMPLETED).update(
            completed_edition=edition
        )
        for run in runs:
            _drop_empty_requirements(apps, run, edition)


def _freeze_course(apps, course):
    EditionModule = apps.get_model("courses", "EditionModule")
    edition = apps.get_model("courses", "CourseEdition").objects.create(
        course=course, number=1, created_at=timezone.now()
    )
    position = 0
    for place, (module, lessons) in enumerate(_outline(apps, course), start=1):
        row = EditionModule.objects.create(
            edition=edition, page=module, position=place, title=module.title, code=module.code
        )
        for lesson in lessons:
            position += 1
            apps.get_model("courses", "EditionLesson").objects.create(
                edition=edition,
                module=row,
                lesson=lesson,
                revision_id=lesson.live_revision_id,
                position=position,
                title=lesson.title,
                minutes=lesson.minutes,
                is_required=lesson.is_required,
            )
        _freeze_quiz(apps, edition, row, module)
    return edition


def _outline(apps, course):
    """Return the published modules with their published lessons.

    Of a course that was taken down, those that were ever published: its classes learned by them.
    """
    ModulePage = apps.get_model("courses", "ModulePage")
    LessonPage = apps.get_model("courses", "LessonPage")
    for conditions in ({"live": True}, {"first_published_at__isnull": False}):
        modules = ModulePage.objects.filter(
            path__startswith=course.path, depth=course.depth + 1, **conditions
        ).order_by("path")
        outline = [
            (
                module,
                list(
                    LessonPage.objects.filter(
                        path__startswith=module.path, depth=module.depth + 1, **conditions
                    ).order_by("path")
                ),
            )
            for module in modules
        ]
        if any(lessons for _module, lessons in outline):
            return outline
    return []


def _freeze_quiz(apps, edition, row, module):
    quiz = apps.get_model("courses", "Quiz").objects.filter(module=module).first()
    links = apps.get_model("courses", "QuizQuestion").objects.filter(quiz=quiz)
    questions = [
        link.question for link in links.select_related("question").order_by("sort_order", "pk")
    ]
    if not questions:
        return
    frozen = apps.get_model("courses", "EditionQuiz").objects.create(
        edition=edition, module=row, quiz=quiz, title=quiz.title, max_attempts=quiz.max_attempts
    )
    for position, question in enumerate(questions, start=1):
        apps.get_model("courses", "EditionQuestion").objects.create(
            quiz=frozen, question=question, version=_version(apps, question), position=position
        )


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
    return versions.get_or_create(
        question=question,
        digest=digest,
        defaults={"number": 1, "created_at": timezone.now(), **content},
    )[0]


def _drop_empty_requirements(apps, run, edition):
    """Add a version without what this class has nothing of.

    Until now such a line was passed over, so that people could complete by the others; from now
    on it is never met, and would take their completion back.
    """
    requirements = apps.get_model("courses", "CompletionRequirement").objects
    rows = requirements.filter(run=run)
    latest = rows.order_by("-version").values_list("version", flat=True).first()
    in_force = list(rows.filter(version=latest).order_by("pk"))
    has = {
        "lessons": edition.lessons.filter(is_required=True).exists(),
        "quizzes": edition.quizzes.exists(),
    }
    kept = [row for row in in_force if has.get(row.criterion, True)]
    if kept and len(kept) < len(in_force):
        for row in kept:
            requirements.create(
                run=run, version=latest + 1, criterion=row.criterion, params=row.params
            )
        apps.get_model("courses", "Enrolment").objects.filter(
            run=run, status=COMPLETED, completed_version=latest
        ).update(completed_version=latest + 1)


class Migration(migrations.Migration):
    dependencies = [("courses", "0007_add_course_editions")]

    operations = [migrations.RunPython(freeze, migrations.RunPython.noop, elidable=True)]
