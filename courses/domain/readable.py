"""The pages of courses that a person may read, as `courses.views.access` lets them be read.

Restricted pages are left out. A page that a class asks stays readable for its people when it is
taken down, with the text that was published last: its row may hold a draft.
"""

import json
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Greatest, Length, Substr
from wagtail.models import Page, Revision

from courses.models import (
    CoursePage,
    EditionLesson,
    EditionModule,
    Enrolment,
    LessonPage,
    ModulePage,
)
from lms.accounts.enums import Role
from lms.accounts.models import User


def readable_lessons(user: User) -> QuerySet[LessonPage]:
    asked = EditionLesson.objects.filter(edition__in=_classes_of(user).values("run__edition"))
    return _readable(LessonPage.objects.public(), user, asked.values("lesson"), above=2)


def readable_titles(user: User) -> QuerySet[Page]:
    """Return the courses and modules."""
    classes = _classes_of(user)
    asked = EditionModule.objects.filter(edition__in=classes.values("run__edition"))
    modules = _readable(ModulePage.objects.all(), user, asked.values("page"), above=1)
    courses = _readable(CoursePage.objects.all(), user, classes.values("run__course"), above=0)
    # Who may pass a restriction is asked once: it is a query.
    return Page.objects.public().filter(
        Q(pk__in=modules.values("pk")) | Q(pk__in=courses.values("pk"))
    )


def published_blocks(lesson_ids: Collection[int]) -> dict[int, tuple[str, Any]]:
    """Return summary and stored blocks of lessons that were taken down, as published last; two
    queries.
    """
    published = Revision.objects.filter(
        object_id=Cast(OuterRef("pk"), Revision._meta.get_field("object_id")),
        base_content_type__app_label="wagtailcore",
        base_content_type__model="page",
        created_at__lte=OuterRef("last_published_at"),
    ).order_by("-created_at", "-pk")
    lessons = LessonPage.objects.filter(pk__in=lesson_ids)
    rows = list(lessons.annotate(published=Subquery(published.values("pk")[:1])))
    revisions = Revision.objects.in_bulk([row.published for row in rows if row.published])
    found = {}
    for row in rows:
        content = revisions[row.published].content if row.published else None
        if content is None:
            found[row.pk] = (row.summary, row.body.raw_data)
        else:
            found[row.pk] = (content["summary"], json.loads(content["body"]))
    return found


def _classes_of(user: User) -> QuerySet[Enrolment]:
    return Enrolment.objects.in_held_classes().filter(user=user)


def _readable(
    pages: QuerySet[Any], user: User, asked: QuerySet[Any], *, above: int
) -> QuerySet[Any]:
    """Return what one's classes ask, and what is published for those to whom that is shown.

    `above`: how many levels the course stands above these pages.
    """
    down = Q()
    for level in range(1, above + 1):
        down |= Q(path=_above(OuterRef("path"), level))
    published = Q(live=True)
    if above:
        published &= ~Q(Exists(Page.objects.filter(down, live=False)))
    pages = pages.annotate(course_path=_above(F("path"), above))
    if user.scope.has_role(*Role):
        return pages.filter(Q(pk__in=asked) | published)
    # Before it opens, a class shows the course as it stands.
    planned = _classes_of(user).filter(run__edition=None).values("run__course__path")
    return pages.filter(Q(pk__in=asked) | (published & Q(course_path__in=planned)))


def _above(path: Combinable, levels: int) -> Substr:
    """Return the tree path so many levels further up, of pages that have as many above them."""
    # PostgreSQL may ask it of pages that a later condition leaves out.
    return Substr(path, 1, Greatest(Length(path) - levels * Page.steplen, 0))
