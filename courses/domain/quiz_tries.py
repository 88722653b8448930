"""Another try at a quiz: how many, after what time, and after reading again."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from courses.domain.pass_mark import pass_percent
from courses.models import EditionQuiz, LessonOpening, LessonPage, QuizAnswer, QuizAttempt
from courses.models.titles import plain_title
from lms.core.display import vi_date
from lms.core.refusal import Refusal


def check_another_try(*, last: QuizAttempt | None, asked: EditionQuiz, at: datetime) -> None:
    """Refuse a try that may not begin now.

    `last`: the last attempt of this person, handed in. Whoever has passed need not wait or read.
    Raises Refusal `attempts_used_up`, `retry_too_early` or `reread_first`.
    """
    if last is None:
        return
    if asked.max_attempts and last.number >= asked.max_attempts:
        raise Refusal(
            "attempts_used_up",
            _("You have used all %(count)d attempts of this quiz.") % {"count": asked.max_attempts},
        )
    if not (asked.wait_minutes or asked.must_reread) or _has_passed(last):
        return
    begins = next_try_at(last=last, asked=asked)
    if at < begins:
        raise Refusal(
            "retry_too_early",
            _("You can take this quiz again from %(time)s. Use the time to read the lessons again.")
            % {"time": vi_date(begins, "time")},
        )
    if asked.must_reread and (left := list(lessons_to_open(last=last))):
        raise Refusal(
            "reread_first",
            _("Before you take this quiz again, please open these lessons again: %(lessons)s.")
            % {"lessons": "; ".join(plain_title(lesson) for lesson in left)},
        )


def next_try_at(*, last: QuizAttempt, asked: EditionQuiz) -> datetime:
    """Return when another try may begin, to the minute, as the page tells it."""
    handed_in = last.submitted_at or last.started_at
    return (handed_in + timedelta(minutes=asked.wait_minutes)).replace(second=0, microsecond=0)


def lessons_to_open(*, last: QuizAttempt) -> QuerySet[LessonPage]:
    """Return the lessons of the class that teach what went wrong and have not been opened since."""
    wrong = QuizAnswer.objects.filter(attempt=last, is_correct=False)
    edition = last.enrolment.run.edition_id
    opened = LessonOpening.objects.filter(
        enrolment=last.enrolment_id, lesson=OuterRef("pk"), opened_at__gt=last.submitted_at
    )
    in_class = LessonPage.objects.filter(
        pk__in=wrong.values("question__lesson"), in_editions__edition=edition
    )
    return in_class.filter(~Exists(opened)).order_by("in_editions__position").defer("body")


def _has_passed(last: QuizAttempt) -> bool:
    mark = pass_percent(run=last.enrolment.run)
    tries = QuizAttempt.objects.filter(enrolment=last.enrolment_id, quiz=last.quiz_id)
    return tries.filter(percent__gte=mark).exists()
