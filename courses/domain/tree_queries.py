"""The tree of a course, read in one query.

Titles and addresses are always those of the pages as they are now; which pages there are, what
counts and how often one may try is the edition's, once the class has one.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    DateTimeField,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from wagtail.models import Page

from courses.domain.course_tree import CourseTree, LessonNode, ModuleNode, QuizNode
from courses.domain.pass_mark import DEFAULT_PASS_PERCENT, QUIZZES_KEY
from courses.models import (
    CompletionRequirement,
    CourseEdition,
    EditionLesson,
    EditionQuestion,
    Enrolment,
    LessonCompletion,
    LessonOpening,
    Quiz,
    QuizAttempt,
)
from lms.core.counting import count_of


def tree_of(*, enrolment: Enrolment) -> CourseTree:
    """Return the course as the class asks it, with what this person has done; one query when
    `enrolment.run` is loaded.

    Before the class opens that is the course as it stands; empty while it is not published.
    """
    run = enrolment.run
    if run.edition_id is not None:
        return _build(list(_edition_rows(run.edition_id, enrolment)))
    course = run.course
    published = live_tree(course_path=course.path, enrolment=enrolment)
    return published or CourseTree(course.title, course.url_path)


def live_tree(*, course_path: str, enrolment: Enrolment | None = None) -> CourseTree | None:
    """Return the course at this tree path as it is published now; one query. None when it is not.

    Lessons of an unpublished module are left out, and quizzes without a question.
    """
    rows = list(_live_rows(course_path, enrolment))
    return _build(rows) if rows else None


def annotate_reading(enrolments: QuerySet[Enrolment]) -> QuerySet[Any]:
    """Add `lessons_read` and `lessons_total`, both of the lessons that count in the class."""
    counting = EditionLesson.objects.filter(edition=OuterRef("run__edition"), is_required=True)
    read = LessonCompletion.objects.filter(
        enrolment=OuterRef("pk"),
        lesson__in_editions__edition=OuterRef("run__edition"),
        lesson__in_editions__is_required=True,
    )
    return enrolments.annotate(lessons_read=count_of(read), lessons_total=count_of(counting))


class _Row(NamedTuple):
    """One lesson with its module and course; a module without lessons has one row as well."""

    course_title: str
    course_url: str
    module: int | None
    module_title: str
    module_url: str
    quiz: int | None
    quiz_title: str
    question_count: int
    max_attempts: int
    lesson: int | None
    lesson_title: str
    lesson_url: str
    is_required: bool
    minutes: int
    is_read: bool
    opened_at: datetime | None
    best: int | None
    submitted: int
    begun: bool
    pass_percent: int | None


def _build(rows: Sequence[_Row]) -> CourseTree:
    """Build the tree of at least one row: a course without modules has one."""
    tree = CourseTree(rows[0].course_title, rows[0].course_url)
    modules: dict[int, ModuleNode] = {}
    for row in rows:
        if row.module is None:
            continue
        if row.module not in modules:
            modules[row.module] = _module(row, number=len(modules) + 1)
            tree.modules.append(modules[row.module])
        if row.lesson is not None:
            lesson = LessonNode(
                row.lesson,
                row.lesson_title,
                row.lesson_url,
                row.is_required,
                row.minutes,
                row.is_read,
                row.opened_at,
            )
            modules[row.module].lessons.append(lesson)
    return tree


def _module(row: _Row, *, number: int) -> ModuleNode:
    quiz = row.quiz and QuizNode(
        pk=row.quiz,
        title=row.quiz_title,
        question_count=row.question_count,
        max_attempts=row.max_attempts,
        pass_percent=row.pass_percent or DEFAULT_PASS_PERCENT,
        best_percent=row.best,
        submitted_count=row.submitted,
        has_open_attempt=row.begun,
    )
    return ModuleNode(row.module or 0, number, row.module_title, row.module_url, quiz=quiz or None)


def _edition_rows(edition_id: int, enrolment: Enrolment) -> Iterator[_Row]:
    lesson, quiz = "modules__lessons__lesson", "modules__quiz__quiz"
    questions = EditionQuestion.objects.filter(quiz=OuterRef("modules__quiz"))
    rows = (
        CourseEdition.objects.filter(pk=edition_id)
        .order_by("modules__position", "modules__lessons__position")
        .values_list(
            "course__title",
            "course__url_path",
            "modules__page",
            "modules__page__title",
            "modules__page__url_path",
            quiz,
            f"{quiz}__title",
            count_of(questions),
            "modules__quiz__max_attempts",
            lesson,
            f"{lesson}__title",
            f"{lesson}__url_path",
            "modules__lessons__is_required",
            "modules__lessons__minutes",
            *_marks(enrolment, lesson=lesson, quiz=quiz),
        )
    )
    return map(_Row._make, rows)


def _live_rows(course_path: str, enrolment: Enrolment | None) -> Iterator[_Row]:
    """Yield rows of the published tree: the pages come in the order of their paths."""
    known: dict[str, _Row] = {}
    for path, page, marks in _live_pages(course_path, enrolment):
        parent = known.get(path[: -Page.steplen])
        if path == course_path:
            known[path] = _NOTHING._replace(course_title=page.title, course_url=page.url_path)
            yield known[path]
        elif parent is not None and parent.module is None:
            known[path] = parent._replace(
                module=page.pk,
                module_title=page.title,
                module_url=page.url_path,
                quiz=page.quiz,
                quiz_title=page.quiz_title or "",
                question_count=page.question_count,
                max_attempts=page.max_attempts or 0,
                **marks._replace(is_read=False, opened_at=None)._asdict(),
            )
            yield known[path]
        elif parent is not None:
            yield parent._replace(
                lesson=page.pk,
                lesson_title=page.title,
                lesson_url=page.url_path,
                is_required=bool(page.is_required),
                minutes=page.minutes or 0,
                is_read=marks.is_read,
                opened_at=marks.opened_at,
            )


class _Page(NamedTuple):
    pk: int
    title: str
    url_path: str
    is_required: bool | None
    minutes: int | None
    quiz: int | None
    quiz_title: str | None
    question_count: int
    max_attempts: int | None


class _Marks(NamedTuple):
    is_read: bool
    opened_at: datetime | None
    best: int | None
    submitted: int
    begun: bool
    pass_percent: int | None


_NOTHING = _Row(
    *("", "", None, "", "", None, "", 0, 0, None, "", ""),
    *(False, 0, False, None, None, 0, False, None),
)


def _live_pages(
    course_path: str, enrolment: Enrolment | None
) -> Iterator[tuple[str, _Page, _Marks]]:
    with_questions = Quiz.objects.filter(
        Q(quiz_questions__isnull=False) | Q(draws__isnull=False), module=OuterRef("pk")
    )
    pages = (
        Page.objects.filter(path__startswith=course_path, live=True)
        .order_by("path")
        .annotate(asked_quiz=Subquery(with_questions.values("pk")[:1]))
        .values_list(
            "path",
            "pk",
            "title",
            "url_path",
            "lessonpage__is_required",
            "lessonpage__minutes",
            "asked_quiz",
            "modulepage__quiz__title",
            count_of(with_questions),
            "modulepage__quiz__max_attempts",
            *_marks(enrolment, lesson="pk", quiz="asked_quiz"),
        )
    )
    fields = len(_Page._fields)
    for path, *rest in pages:
        yield path, _Page(*rest[:fields]), _Marks(*rest[fields:])


def _marks(enrolment: Enrolment | None, *, lesson: str, quiz: str) -> list[Combinable]:
    """Return what this person has done: read, last opened, best percent, results, begun,
    and the pass mark.
    """
    if enrolment is None:
        nothing = Value(None, IntegerField())
        never = Value(False, BooleanField())
        return [never, Value(None, DateTimeField()), nothing, Value(0), never, nothing]
    read = LessonCompletion.objects.filter(enrolment=enrolment, lesson=OuterRef(lesson))
    opened = LessonOpening.objects.filter(enrolment=enrolment, lesson=OuterRef(lesson))
    mine = QuizAttempt.objects.filter(enrolment=enrolment, quiz=OuterRef(quiz))
    best = mine.order_by().values("quiz").annotate(best=Max("percent")).values("best")
    return [
        Exists(read),
        Subquery(opened.values("opened_at")[:1]),
        Subquery(best),
        count_of(mine.submitted()),
        Exists(mine.filter(submitted_at__isnull=True)),
        Subquery(_pass_mark(enrolment.run_id)),
    ]


def _pass_mark(run_id: int) -> QuerySet[Any]:
    in_force = CompletionRequirement.objects.filter(run=run_id).order_by("-version")
    return CompletionRequirement.objects.filter(
        run=run_id, criterion=QUIZZES_KEY, version=Subquery(in_force.values("version")[:1])
    ).values(mark=Cast(KeyTextTransform("pass_percent", "params"), IntegerField()))[:1]
