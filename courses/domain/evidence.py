"""What stands on pages of a course: whoever deletes them would delete the proof of learning."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from wagtail.models import Page

from courses.models import (
    CoursePage,
    CourseRun,
    EditionModule,
    Enrolment,
    LessonCompletion,
    LessonPage,
    ModulePage,
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


def evidence_of(*, pages: Collection[Page]) -> PageEvidence:
    """Return what stands on these pages and all below them; a constant number of queries."""
    tree = reduce(or_, (Q(path__startswith=page.path) for page in pages), Q(pk__in=[]))
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
