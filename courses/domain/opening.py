"""What opening a class would do, looked at before anybody opens it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum

from courses.domain.runs import default_requirements, lock_run, prepare_opening
from courses.enums import FindingLevel
from courses.extensions import OpeningFinding, opening_checks
from courses.models import CourseRun, EditionLesson, EditionQuiz
from lms.accounts.models import User
from lms.core.refusal import CatchRefusal, Refusal


@dataclass(frozen=True)
class OpeningPreview:
    """What the class would ask. `refusal`: why it cannot open, None when nothing keeps it.

    `minutes`: of all lessons; `unmeasured`: lessons that say 0. `without_quiz`: modules without one.
    `defaults`: requirements by the key of the criterion, as if none were set.
    """

    refusal: Refusal | None
    lessons: int
    minutes: int
    unmeasured: int
    quizzes: int
    without_quiz: int
    defaults: dict[str, dict[str, Any]]


def preview_opening(*, run: CourseRun, at: datetime) -> OpeningPreview:
    """Return what `open_run` would find in a planned class; writes nothing."""
    with transaction.atomic():
        locked = lock_run(run)
        with CatchRefusal() as asked:
            prepare_opening(locked, at=at)
        preview = _read(locked, refusal=asked.refusal)
        # The edition that was frozen to look at goes again.
        transaction.set_rollback(True)
    return preview


def _read(run: CourseRun, *, refusal: Refusal | None) -> OpeningPreview:
    lessons = EditionLesson.objects.filter(edition=run.edition_id).aggregate(
        count=Count("pk"), total=Sum("minutes", default=0), unmeasured=Count("pk", Q(minutes=0))
    )
    quizzes = EditionQuiz.objects.filter(edition=run.edition_id).count()
    return OpeningPreview(
        refusal=refusal,
        lessons=lessons["count"],
        minutes=lessons["total"],
        unmeasured=lessons["unmeasured"],
        quizzes=quizzes,
        without_quiz=run.edition.modules.count() - quizzes if run.edition else 0,
        defaults=default_requirements(run=run),
    )


def findings_of(*, run: CourseRun, reader: User) -> list[OpeningFinding]:
    """Return what every app has to say before this class opens, what matters most first."""
    findings = [one for check in opening_checks for one in check.find(run, reader=reader)]
    levels = list(FindingLevel)
    return sorted(findings, key=lambda one: levels.index(one.level))
