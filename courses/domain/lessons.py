"""Reading: the text that counts, and a lesson marked as read."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.domain.access import require_study
from courses.domain.completion import evaluate
from courses.models import EditionLesson, Enrolment, LessonCompletion, LessonPage
from lms.core.refusal import Refusal

# The key of the criterion that asks for lessons read.
LESSONS_KEY = "lessons"


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
