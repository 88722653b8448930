"""Reading: what is there, what has been read, what comes next."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, FilteredRelation, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from courses.domain.access import require_study
from courses.domain.completion import evaluate
from courses.domain.queries import live_lessons, live_modules, required_quizzes
from courses.domain.quizzes import pass_percent
from courses.models import Enrolment, LessonCompletion, LessonPage, ModulePage, Quiz
from lms.core.refusal import Refusal

# The key of the criterion that asks for lessons read.
LESSONS_KEY = "lessons"


@dataclass(frozen=True)
class LessonLine:
    """One lesson of the outline; its body is not loaded."""

    lesson: LessonPage
    is_read: bool


@dataclass(frozen=True)
class QuizLine:
    """How a person stands with a quiz. `best_percent` is None before the first result."""

    quiz: Quiz
    pass_percent: int
    best_percent: int | None
    submitted_count: int
    has_open_attempt: bool

    @property
    def is_passed(self) -> bool:
        return self.best_percent is not None and self.best_percent >= self.pass_percent

    @property
    def attempts_left(self) -> int | None:
        """None: as many as one likes."""
        if not self.quiz.max_attempts:
            return None
        return max(0, self.quiz.max_attempts - self.submitted_count)


@dataclass(frozen=True)
class ModuleLine:
    module: ModulePage
    lessons: list[LessonLine] = field(default_factory=list)
    quiz: QuizLine | None = None

    @property
    def read_count(self) -> int:
        return sum(line.is_read for line in self.lessons)


def complete_lesson(*, enrolment: Enrolment, lesson: LessonPage, at: datetime) -> LessonCompletion:
    """Mark a lesson as read and evaluate the enrolment. A repeat returns the first mark.

    Raises Refusal as `require_study`, and `lesson_not_in_run` for a lesson that is not published
    in the class's course.
    """
    require_study(enrolment)
    if not live_lessons(enrolment.run.course).filter(pk=lesson.pk).exists():
        raise Refusal("lesson_not_in_run", _("This lesson is not part of your class."))
    with transaction.atomic():
        completion, created = LessonCompletion.objects.get_or_create(
            enrolment=enrolment, lesson=lesson, defaults={"completed_at": at}
        )
        if created:
            evaluate(enrolment_id=enrolment.pk, at=at)
    return completion


def outline(*, enrolment: Enrolment) -> list[ModuleLine]:
    """Return the course as this person sees it: modules, lessons with a mark when read,
    quizzes.

    Four queries, when `enrolment.run.course` is loaded.
    """
    course = enrolment.run.course
    quizzes = _quiz_lines(enrolment)
    lessons: dict[str, list[LessonLine]] = {}
    for lesson in _lessons_with_mark(enrolment):
        line = LessonLine(lesson=lesson, is_read=lesson.is_read)
        lessons.setdefault(lesson.module_path, []).append(line)
    return [
        ModuleLine(module=module, lessons=lessons.get(module.path, []), quiz=quizzes.get(module.pk))
        for module in live_modules(course)
    ]


def _lessons_with_mark(enrolment: Enrolment) -> QuerySet[LessonPage]:
    read = LessonCompletion.objects.filter(enrolment=enrolment, lesson=OuterRef("pk"))
    return live_lessons(enrolment.run.course).annotate(is_read=Exists(read)).defer("body")


def _quiz_lines(enrolment: Enrolment) -> dict[int, QuizLine]:
    """Return the lines of the quizzes by module id."""
    quizzes = required_quizzes(enrolment.run.course).annotate(
        # A condition of the join: what others answered is never touched.
        mine=FilteredRelation("attempts", condition=Q(attempts__enrolment=enrolment)),
        best_percent=Max("mine__percent"),
        submitted_count=Count("mine__submitted_at"),
        open_count=Count("mine", filter=Q(mine__submitted_at__isnull=True)),
    )
    percent = pass_percent(run=enrolment.run)
    return {
        quiz.module_id: QuizLine(
            quiz=quiz,
            pass_percent=percent,
            best_percent=quiz.best_percent,
            submitted_count=quiz.submitted_count,
            has_open_attempt=quiz.open_count > 0,
        )
        for quiz in quizzes
    }
