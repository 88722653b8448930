"""The editions of a course: its outline frozen, so that what a class asks holds still."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.domain.queries import live_lessons, live_modules
from courses.domain.question_versions import versions_of
from courses.domain.quiz_draws import Pool, check_pools, frozen_pools, pools_of
from courses.domain.quiz_pairs import check_purposes
from courses.models import (
    CourseEdition,
    CoursePage,
    EditionDraw,
    EditionLesson,
    EditionModule,
    EditionPoolQuestion,
    EditionQuestion,
    EditionQuiz,
    LessonPage,
    ModulePage,
    Question,
    Quiz,
    QuizQuestion,
)
from courses.models.titles import plain_title, title_column
from lms.accounts.models import User
from lms.core.refusal import Refusal


@dataclass(frozen=True)
class ModuleOutline:
    """A published module as it stands: its lessons, its quiz, the questions of that and what it
    draws from.
    """

    page: ModulePage
    lessons: list[LessonPage] = field(default_factory=list)
    quiz: Quiz | None = None
    questions: list[Question] = field(default_factory=list)
    pools: list[Pool] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        return bool(self.quiz and (self.questions or self.pools))


# What makes two outlines differ: module, lessons (id, minutes, counts), quiz (id, rules), questions, pools.
_Asked = list[
    tuple[
        int,
        list[tuple[int, int, bool]],
        tuple[int, dict[str, Any]] | None,
        list[int],
        list[tuple[int, list[int]]],
    ]
]


def live_outline(course: CoursePage) -> list[ModuleOutline]:
    """Return the published modules and lessons of a course with their quizzes; eight queries."""
    lessons: dict[str, list[LessonPage]] = defaultdict(list)
    for lesson in live_lessons(course).defer("body"):
        lessons[lesson.module_path].append(lesson)
    modules = list(live_modules(course))
    found = Quiz.objects.filter(module__in=modules).select_related("module")
    quizzes = {quiz.module_id: quiz for quiz in found}
    pools = pools_of(quizzes=quizzes.values())
    questions: dict[int, list[Question]] = defaultdict(list)
    links = QuizQuestion.objects.filter(quiz__in=quizzes.values(), question__live=True)
    links = links.order_by("sort_order", "pk")
    for link in links.select_related("question__case").prefetch_related("question__options"):
        questions[link.quiz_id].append(link.question)
    return [
        ModuleOutline(
            page=module,
            lessons=lessons[module.path],
            quiz=quiz,
            questions=questions[quiz.pk] if quiz else [],
            pools=pools.get(quiz.pk, []) if quiz else [],
        )
        for module in modules
        for quiz in [quizzes.get(module.pk)]
    ]


def check_edition(edition: CourseEdition) -> None:
    """Raise the Refusal that keeps a class from opening with it: `nothing_to_learn`,
    `quiz_without_questions`, or as `check_pools`.
    """
    if not edition.lessons.exists():
        raise Refusal(
            "nothing_to_learn",
            _(
                "The course “%(course)s” has no published lesson, so a class would have nothing to "
                "learn. Publish its modules and lessons first."
            )
            % {"course": plain_title(edition.course)},
        )
    # One of drafts alone asks nothing either.
    quizzes = Quiz.objects.filter(module__in=edition.modules.values("page"))
    empty = quizzes.exclude(quiz_questions__question__live=True).filter(draws__isnull=True)
    if empty:
        raise Refusal(
            "quiz_without_questions",
            _(
                "A quiz has no published question: %(quizzes)s. Choose and publish its questions or "
                "delete the quiz, then open the class."
            )
            % {"quizzes": ", ".join(plain_title(quiz) for quiz in empty)},
        )
    pools = frozen_pools(EditionDraw.objects.filter(quiz__edition=edition))
    titles = dict(edition.quizzes.filter(pk__in=pools).values_list("pk", title_column()))
    for quiz_id, of_quiz in pools.items():
        check_pools(title=titles[quiz_id], pools=of_quiz)


@transaction.atomic
def freeze_edition(*, course: CoursePage, at: datetime, by: User | None = None) -> CourseEdition:
    """Return the edition of the course as it stands: the last one while nothing differs,
    else a new one.

    What is asked makes the difference: modules, lessons, minutes, what counts, quizzes, how they
    are taken, and questions in their order. Wording does not. Raises Refusal as `check_purposes`.
    """
    # Held, so that two classes that open at once number one edition.
    CoursePage.objects.select_for_update(no_key=True, of=("self",)).get(pk=course.pk)
    outline = live_outline(course)
    check_purposes(one.quiz for one in outline if one.quiz and one.asks)
    last = last_edition(course)
    if last is not None and _asked_in(last) == _asked_by(outline):
        return last
    edition = CourseEdition.objects.create(
        course=course, number=last.number + 1 if last else 1, created_at=at, created_by=by
    )
    write_outline(edition=edition, outline=outline, at=at)
    return edition


@transaction.atomic
def make_edition(*, course: CoursePage, at: datetime, by: User) -> CourseEdition:
    """Make an edition before any class asks for it: from then on every class that opens gets it.

    Raises Refusal `edition_is_newest` when nothing differs from the last, and those of
    `check_edition`.
    """
    if not has_changed(course):
        raise Refusal(
            "edition_is_newest",
            _("The course asks nothing else than its newest edition, so no new one is needed."),
        )
    edition = freeze_edition(course=course, at=at, by=by)
    check_edition(edition)
    return edition


def has_changed(course: CoursePage) -> bool:
    """Return whether the course as it is published asks other things than its last edition."""
    last = last_edition(course)
    return last is None or differs(last, course)


def last_edition(course: CoursePage) -> CourseEdition | None:
    return CourseEdition.objects.filter(course=course).order_by("-number").first()


def differs(edition: CourseEdition, course: CoursePage) -> bool:
    """Return whether the course as it is published asks other things than this edition of it."""
    return _asked_in(edition) != _asked_by(live_outline(course))


def write_outline(*, edition: CourseEdition, outline: list[ModuleOutline], at: datetime) -> None:
    """Write the rows of a new edition; eight statements and those of new question versions."""
    modules = EditionModule.objects.bulk_create(
        EditionModule(
            edition=edition,
            page=one.page,
            position=position,
            title=one.page.title,
            title_en=one.page.title_en,
            code=one.page.code,
        )
        for position, one in enumerate(outline, start=1)
    )
    pairs = list(zip(modules, outline, strict=True))
    EditionLesson.objects.bulk_create(_lesson_rows(edition, pairs))
    with_questions = [(row, one) for row, one in pairs if one.asks]
    quizzes = EditionQuiz.objects.bulk_create(
        EditionQuiz(
            edition=edition,
            module=row,
            quiz=one.quiz,
            title=one.quiz.title,
            title_en=one.quiz.title_en,
            **one.quiz.rules(),
        )
        for row, one in with_questions
        if one.quiz
    )
    asked = [question for _row, one in with_questions for question in one.questions]
    versions = versions_of(questions=asked, at=at)
    EditionQuestion.objects.bulk_create(
        EditionQuestion(
            quiz=quiz, question=question, version=versions[question.pk], position=position
        )
        for quiz, (_row, one) in zip(quizzes, with_questions, strict=True)
        for position, question in enumerate(one.questions, start=1)
    )
    _write_pools([(quiz, one) for quiz, (_row, one) in zip(quizzes, with_questions, strict=True)])


def _write_pools(quizzes: list[tuple[EditionQuiz, ModuleOutline]]) -> None:
    pools = [
        (EditionDraw(quiz=quiz, position=position, count=pool.count), pool)
        for quiz, one in quizzes
        for position, pool in enumerate(one.pools, start=1)
    ]
    EditionDraw.objects.bulk_create(draw for draw, _pool in pools)
    EditionPoolQuestion.objects.bulk_create(
        EditionPoolQuestion(draw=draw, question_id=pk)
        for draw, pool in pools
        for pk in pool.questions
    )


def _lesson_rows(
    edition: CourseEdition, pairs: list[tuple[EditionModule, ModuleOutline]]
) -> list[EditionLesson]:
    """Number the lessons through the whole course."""
    lessons = [(row, lesson) for row, one in pairs for lesson in one.lessons]
    return [
        EditionLesson(
            edition=edition,
            module=row,
            lesson=lesson,
            revision_id=lesson.live_revision_id,
            position=position,
            title=lesson.title,
            title_en=lesson.title_en,
            minutes=lesson.minutes,
            is_required=lesson.is_required,
        )
        for position, (row, lesson) in enumerate(lessons, start=1)
    ]


def _asked_by(outline: list[ModuleOutline]) -> _Asked:
    return [
        (
            one.page.pk,
            [(lesson.pk, lesson.minutes, lesson.is_required) for lesson in one.lessons],
            (one.quiz.pk, one.quiz.rules()) if one.quiz and one.asks else None,
            [question.pk for question in one.questions],
            [(pool.count, pool.questions) for pool in one.pools],
        )
        for one in outline
    ]


def _asked_in(edition: CourseEdition) -> _Asked:
    modules = edition.modules.order_by("position").prefetch_related(
        "lessons", "quiz__questions", "quiz__draws__pool"
    )
    asked: _Asked = []
    for row in modules:
        quiz: EditionQuiz | None = getattr(row, "quiz", None)
        asked.append(
            (
                row.page_id,
                [(one.lesson_id, one.minutes, one.is_required) for one in row.lessons.all()],
                (quiz.quiz_id, quiz.rules()) if quiz else None,
                [one.question_id for one in quiz.questions.all()] if quiz else [],
                [_kept(draw) for draw in quiz.draws.all()] if quiz else [],
            )
        )
    return asked


def _kept(draw: EditionDraw) -> tuple[int, list[int]]:
    return draw.count, sorted(one.question_id for one in draw.pool.all())
