"""What happens below that ends something in a class."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.signals import post_page_move

from courses.domain.enrolling import withdraw_from_all
from courses.domain.outlines import renew_stamp
from courses.models import CourseIndexPage, CoursePage, LessonPage, ModulePage, Quiz
from lms.accounts.models import User
from lms.accounts.signals import taking_part_withdrawn
from lms.core.display import vi_date

# Columns of pages and quizzes that an outline shows.
_SHOWN: Final = frozenset({"title", "title_en", "slug", "url_path"})


def leave_classes(
    sender: Any, *, person: User, on: date, by: User | None, **kwargs: Any
) -> str | None:
    """Leave the classes: without consent nobody goes on learning;
    return a sentence about the classes that were left.
    """
    reason = _("The consent was withdrawn from %(day)s on.") % {"day": vi_date(on)}
    left = withdraw_from_all(user=person, by=by, reason=reason, at=timezone.now())
    if not left:
        return None
    titles = ", ".join(enrolment.run.title for enrolment in left)
    return _("Removed from these classes: %(classes)s.") % {"classes": titles}


def titles_may_change(
    sender: Any, *, update_fields: Collection[str] | None = None, **kwargs: Any
) -> None:
    """Let processes read titles and addresses anew; not for a draft, which changes none of them.

    Of each save and each move: a page may be renamed by a form, a command or a shell.
    """
    if update_fields is None or _SHOWN.intersection(update_fields):
        renew_stamp()


def listen() -> None:
    """Register what the app adds; called once, when the app is ready."""
    taking_part_withdrawn.connect(leave_classes, dispatch_uid="courses.leave_classes")
    for model in (Page, CourseIndexPage, CoursePage, ModulePage, LessonPage, Quiz):
        post_save.connect(
            titles_may_change, sender=model, dispatch_uid=f"courses.titles.{model.__name__}"
        )
    # Moves and new slugs write the addresses of all that lies below in SQL.
    post_page_move.connect(titles_may_change, dispatch_uid="courses.titles.move")
