"""Reading: the text that counts, and a lesson marked as read."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from courses.domain.access import require_study
from courses.domain.completion import evaluate
from courses.domain.course_tree import CourseTree, LessonNode
from courses.models import EditionLesson, Enrolment, LessonCompletion, LessonOpening, LessonPage
from lms.core.refusal import Refusal

# The key of the criterion that asks for lessons read.
LESSONS_KEY = "lessons"
# Whoever comes back to the same lesson within this time has not left it. Short: a quiz may ask that
# a lesson is opened again after it was handed in.
SAME_VISIT: Final = timedelta(seconds=15)


def open_lesson(
    *, enrolment: Enrolment, tree: CourseTree, lesson: LessonNode, at: datetime
) -> None:
    """Note that the person opens this lesson of `tree`: the way back leads there.

    One query, none within the same visit. Whether reading counts now is the caller's question.
    """
    if lesson == tree.last_opened and lesson.opened_at and at - lesson.opened_at < SAME_VISIT:
        return
    LessonOpening.objects.bulk_create(
        [LessonOpening(enrolment=enrolment, lesson_id=lesson.pk, opened_at=at)],
        update_conflicts=True,
        unique_fields=["enrolment", "lesson"],
        update_fields=["opened_at"],
    )


def complete_lesson(*, enrolment: Enrolment, lesson: LessonPage, at: datetime) -> LessonCompletion:
    """Mark a lesson as read and evaluate the enrolment. A repeat returns the first mark.

    Raises Refusal as `require_study`, and `lesson_not_in_run` for a lesson that is not in the
    edition of the class, published or not.
    """
    require_study(enrolment)
    edition = enrolment.run.edition_id
    if not EditionLesson.objects.filter(edition=edition, lesson=lesson).exists():
        raise Refusal("lesson_not_in_run", _("This lesson is not part of your class."))
    with transaction.atomic():
        completion, created = LessonCompletion.objects.get_or_create(
            enrolment=enrolment, lesson=lesson, defaults={"completed_at": at}
        )
        if created:
            evaluate(enrolment_id=enrolment.pk, at=at)
    return completion


def published_text(page: Any) -> Any:
    """Return a page with the text that was published last, for people whose class needs it.

    A page that was taken down keeps the draft that somebody goes on with in its own row. Two
    queries for such a page, none for a published one.
    """
    if page.live or page.last_published_at is None:
        return page
    published = page.revisions.filter(created_at__lte=page.last_published_at)
    revision = published.order_by("-created_at", "-pk").first()
    return revision.as_object() if revision else page
