"""Outlines of courses without anybody's marks: as frozen in an edition, or as published now.

What an edition asks never changes, so each process keeps it by the edition's id; only titles and
addresses may become others, and the stamp says when.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from wagtail.models import Page

from courses.models import (
    ContentStamp,
    CourseEdition,
    EditionDraw,
    EditionQuestion,
    Quiz,
    QuizDraw,
    QuizQuestion,
)
from lms.core.counting import count_of

# Editions that a process keeps: those of the classes that learn at the same time.
KEPT: Final = 64


class OutlineRow(NamedTuple):
    """One lesson with its module and course; a module without lessons has one row as well."""

    course_title: str
    course_url: str
    module: int | None = None
    module_title: str = ""
    module_url: str = ""
    quiz: int | None = None
    quiz_title: str = ""
    question_count: int = 0
    max_attempts: int = 0
    purpose: str = ""
    lesson: int | None = None
    lesson_title: str = ""
    lesson_url: str = ""
    is_required: bool = False
    minutes: int = 0
    course_title_en: str = ""
    module_title_en: str = ""
    quiz_title_en: str = ""
    lesson_title_en: str = ""


def renew_stamp() -> None:
    """Let every process read titles and addresses anew; in the transaction that changes them."""
    ContentStamp.objects.update_or_create(pk=1, defaults={"value": uuid4()})


def edition_outline(*, edition_id: int, stamp: UUID | None) -> Sequence[OutlineRow]:
    """Return the outline of an edition with the titles of now; at least one row.

    One query, none while this process has it with this stamp. `stamp`: as it was read before, so
    that what is kept is never older; None keeps nothing.
    """
    return _read_edition(edition_id) if stamp is None else _keep_edition(edition_id, stamp)


def published_outline(*, course_path: str) -> Sequence[OutlineRow]:
    """Return the course at this tree path as it is published; one query, no row when it is not.

    Lessons of an unpublished module are left out, and quizzes without a question.
    """
    return list(_published_rows(course_path))


@lru_cache(maxsize=KEPT)
def _keep_edition(edition_id: int, stamp: UUID) -> Sequence[OutlineRow]:
    return _read_edition(edition_id)


def _read_edition(edition_id: int) -> Sequence[OutlineRow]:
    lesson, quiz = "modules__lessons__lesson", "modules__quiz__quiz"
    questions = EditionQuestion.objects.filter(quiz=OuterRef("modules__quiz"))
    draws = EditionDraw.objects.filter(quiz=OuterRef("modules__quiz"))
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
            count_of(questions) + _sum_of(draws),
            "modules__quiz__max_attempts",
            "modules__quiz__purpose",
            lesson,
            f"{lesson}__title",
            f"{lesson}__url_path",
            "modules__lessons__is_required",
            "modules__lessons__minutes",
            "course__title_en",
            "modules__page__title_en",
            f"{quiz}__title_en",
            f"{lesson}__title_en",
        )
    )
    return tuple(map(OutlineRow._make, rows))


def _sum_of(draws: QuerySet[Any]) -> Coalesce:
    """Return how many questions are drawn from the bank."""
    total = draws.order_by().values("quiz").annotate(drawn=Sum("count")).values("drawn")
    return Coalesce(Subquery(total, output_field=IntegerField()), Value(0))


def _published_rows(course_path: str) -> Iterator[OutlineRow]:
    """Yield rows of the published tree: the pages come in the order of their paths."""
    known: dict[str, OutlineRow] = {}
    for page in _published_pages(course_path):
        parent = known.get(page.path[: -Page.steplen])
        if page.path == course_path:
            known[page.path] = OutlineRow(
                course_title=page.title,
                course_url=page.url_path,
                course_title_en=page.course_title_en or "",
            )
            yield known[page.path]
        elif parent is not None and parent.module is None:
            known[page.path] = parent._replace(
                module=page.pk,
                module_title=page.title,
                module_title_en=page.module_title_en or "",
                module_url=page.url_path,
                quiz=page.quiz,
                quiz_title=page.quiz_title or "",
                quiz_title_en=page.quiz_title_en or "",
                question_count=page.question_count,
                max_attempts=page.max_attempts or 0,
                purpose=page.purpose or "",
            )
            yield known[page.path]
        elif parent is not None:
            yield parent._replace(
                lesson=page.pk,
                lesson_title=page.title,
                lesson_title_en=page.lesson_title_en or "",
                lesson_url=page.url_path,
                is_required=bool(page.is_required),
                minutes=page.minutes or 0,
            )


class _PublishedPage(NamedTuple):
    path: str
    pk: int
    title: str
    url_path: str
    is_required: bool | None
    minutes: int | None
    quiz: int | None
    quiz_title: str | None
    question_count: int
    max_attempts: int | None
    purpose: str | None
    course_title_en: str | None
    module_title_en: str | None
    quiz_title_en: str | None
    lesson_title_en: str | None


def _published_pages(course_path: str) -> Iterator[_PublishedPage]:
    questions = QuizQuestion.objects.filter(quiz__module=OuterRef("pk"))
    draws = QuizDraw.objects.filter(quiz__module=OuterRef("pk"))
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
            count_of(questions) + _sum_of(draws),
            "modulepage__quiz__max_attempts",
            "modulepage__quiz__purpose",
            "coursepage__title_en",
            "modulepage__title_en",
            "modulepage__quiz__title_en",
            "lessonpage__title_en",
        )
    )
    return map(_PublishedPage._make, pages)
