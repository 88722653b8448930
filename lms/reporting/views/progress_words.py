"""How the progress of a person is told: the look of a state, what a course still asks."""

from collections.abc import Iterable

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.domain.due import lacks_of
from courses.models.titles import plain_title
from lms.accounts.models import User
from lms.core.display import vi_date
from lms.reporting.domain.course_progress import CourseProgress
from lms.reporting.domain.person_lines import PersonLine
from lms.reporting.enums import PersonState

STATE_STYLE = {
    PersonState.COMPLETED: ("success", "check"),
    PersonState.LEARNING: ("warning", "clock"),
    PersonState.NOT_COMPLETED: ("danger", "warning"),
    PersonState.TO_COME: ("info", "calendar"),
    PersonState.NO_CLASS: ("neutral", "info"),
}


def reachable(reader: User, lines: Iterable[PersonLine]) -> set[int]:
    """Return those of them whose phone the reader may see:
    somebody counted here may be posted elsewhere.
    """
    seen = User.objects.visible_to(reader).filter(pk__in=[line.user.pk for line in lines])
    return set(seen.order_by().values_list("pk", flat=True))


def missing_of(progress: CourseProgress) -> list[str]:
    """Return what one course still asks of a person, in sentences;
    nothing when it is completed.
    """
    course = plain_title(progress.course)
    if progress.state == PersonState.COMPLETED:
        return []
    if progress.state == PersonState.NO_CLASS:
        return [_("No class of “%(course)s” yet.") % {"course": course}]
    if progress.is_elsewhere:
        return [_("In a class of another area: “%(course)s”.") % {"course": course}]
    if progress.state == PersonState.TO_COME and progress.enrolment:
        day = vi_date(progress.enrolment.run.starts_on)
        return [_("The class begins on %(day)s.") % {"day": day}]
    return [result.explanation for result in progress.missing]


def missing_in_short(courses: Iterable[CourseProgress]) -> str:
    """Return what all of these courses still ask of a person in few words, for the two lines of a row
    on paper; "" when nothing is missing.
    """
    open_ones = [one for one in courses if one.state != PersonState.COMPLETED]
    words = [text for one in open_ones if (text := _short_of(one))]
    begun = [one for one in open_ones if one.state != PersonState.TO_COME]
    words += lacks_of(results=[result for one in begun for result in one.missing])
    if in_none := sum(one.state == PersonState.NO_CLASS for one in open_ones):
        text = ngettext(
            "%(count)s course without a class", "%(count)s courses without a class", in_none
        )
        words.append(text % {"count": in_none})
    return capfirst("; ".join(f"{text[:1].lower()}{text[1:]}" for text in words))


def _short_of(progress: CourseProgress) -> str:
    """Return why a course that somebody has a class of asks nothing yet; "" where it does."""
    if progress.is_elsewhere:
        return _("in a class of another area")
    if progress.state == PersonState.TO_COME and progress.enrolment:
        return _("from %(day)s on") % {"day": vi_date(progress.enrolment.run.starts_on)}
    return ""
