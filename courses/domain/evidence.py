"""What stands on pages of a course: whoever deletes them would delete the proof of learning."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from wagtail.models import Page, ReferenceIndex

from courses.models import (
    CourseDocument,
    CourseImage,
    CoursePage,
    CourseRun,
    EditionModule,
    EditionPoolQuestion,
    EditionQuestion,
    Enrolment,
    LessonCompletion,
    LessonPage,
    ModulePage,
    Question,
    QuizAnswer,
    QuizAttempt,
)
from lms.accounts.models import User


@dataclass(frozen=True)
class PageUse:
    """Rows of one kind that name the pages, and how many."""

    label: str
    count: int


@dataclass(frozen=True)
class PageEvidence:
    """Classes that need the pages, with their people; and everything that names them."""

    runs: list[CourseRun]
    people: int
    uses: list[PageUse]

    @property
    def is_protected(self) -> bool:
        return bool(self.runs)


@dataclass(frozen=True)
class Reach:
    """How far a piece of content has got: classes, their people, and questions that show it."""

    runs: int
    people: int
    questions: int = 0


def reach_of_pages(*, pages: Collection[Page]) -> Reach:
    """Return whom these pages and all below them have reached; two queries."""
    return _reach(_needs(_tree(pages)))


def reach_of_questions(*, questions: QuerySet[Question]) -> Reach:
    """Return whom these questions have reached: classes that ask them, or whose people answered."""
    return _reach(_asks(questions))


def reach_of_file(*, file: CourseImage | CourseDocument) -> Reach:
    """Return whom the pages and questions that show a picture or document have reached."""
    page_type = ContentType.objects.get_for_model(Page)
    references = ReferenceIndex.get_references_to(file).filter(base_content_type=page_type)
    pages = Page.objects.filter(
        pk__in=[int(pk) for pk in references.values_list("object_id", flat=True)]
    )
    questions = Question.objects.none()
    if isinstance(file, CourseImage):
        questions = Question.objects.filter(Q(picture=file) | Q(versions__picture=file)).distinct()
    return replace(_reach(_needs(_tree(pages)) | _asks(questions)), questions=questions.count())


def _reach(needs: Q) -> Reach:
    runs = CourseRun.objects.filter(needs)
    people = Enrolment.objects.filter(run__in=runs.values("pk")).values("user").distinct()
    return Reach(runs=runs.count(), people=people.count())


def _tree(pages: Collection[Page]) -> Q:
    return reduce(or_, (Q(path__startswith=page.path) for page in pages), Q(pk__in=[]))


def _asks(questions: QuerySet[Question]) -> Q:
    ids = questions.order_by().values("pk")
    asked = EditionQuestion.objects.filter(question__in=ids)
    pooled = EditionPoolQuestion.objects.filter(question__in=ids)
    answered = QuizAnswer.objects.filter(question__in=ids)
    return (
        Q(edition__in=asked.values("quiz__edition"))
        | Q(edition__in=pooled.values("draw__quiz__edition"))
        | Q(pk__in=answered.values("attempt__enrolment__run"))
    )


def evidence_of(*, pages: Collection[Page]) -> PageEvidence:
    """Return what stands on these pages and all below them; a constant number of queries."""
    tree = _tree(pages)
    runs = CourseRun.objects.filter(_needs(tree)).order_by("-starts_on", "code")
    people = User.objects.filter(pk__in=Enrolment.objects.filter(run__in=runs).values("user"))
    return PageEvidence(runs=list(runs), people=people.count(), uses=list(_uses(tree)))


def _needs(tree: Q) -> Q:
    lessons = LessonPage.objects.filter(tree).values("pk")
    modules = ModulePage.objects.filter(tree).values("pk")
    read = LessonCompletion.objects.filter(lesson__in=lessons)
    attempted = QuizAttempt.objects.filter(quiz__module__in=modules)
    editions = EditionModule.objects.filter(Q(page__in=modules) | Q(lessons__lesson__in=lessons))
    return (
        Q(edition__in=editions.values("edition"))
        | Q(course__in=CoursePage.objects.filter(tree).values("pk"))
        | Q(pk__in=read.values("enrolment__run"))
        | Q(pk__in=attempted.values("enrolment__run"))
    )


def _uses(tree: Q) -> Iterator[PageUse]:
    """Yield every relation of the page classes of a course that has rows, whoever brought it."""
    for model in (CoursePage, ModulePage, LessonPage):
        pages = model.objects.filter(tree).values("pk")
        for relation in model._meta.related_objects:
            # What all pages have, such as revisions, goes with the page.
            if relation.model is model:
                rows: QuerySet[Any] = relation.related_model._base_manager.filter(
                    **{f"{relation.field.name}__in": pages}
                )
                if count := rows.count():
                    yield PageUse(capfirst(str(rows.model._meta.verbose_name_plural)), count)
