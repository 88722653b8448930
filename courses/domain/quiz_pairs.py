"""The pre-test and the post-test of a course: one of each, and in their order."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.enums import QuizPurpose
from courses.models import EditionQuiz, Enrolment, Quiz, QuizAttempt
from lms.core.refusal import Refusal


def check_purpose(*, quiz: Quiz) -> None:
    """Raise Refusal `purpose_taken` when another quiz of the course has the same purpose."""
    if not quiz.purpose:
        return
    course_path = quiz.module.path[: -Page.steplen]
    others = Quiz.objects.filter(module__path__startswith=course_path).exclude(pk=quiz.pk)
    check_purposes([*others.filter(purpose=quiz.purpose), quiz])


def check_purposes(quizzes: Iterable[Quiz]) -> None:
    """Raise Refusal `purpose_taken` when two quizzes of a course have the same purpose.

    A module may have come from another course, so that whoever freezes an edition asks, too.
    """
    taken: dict[str, Quiz] = {}
    for quiz in quizzes:
        known = taken.setdefault(quiz.purpose, quiz)
        if quiz.purpose and known is not quiz:
            raise Refusal(
                "purpose_taken",
                _(
                    "Of this course “%(quiz)s” is already marked as “%(purpose)s”. A course has one "
                    "of each; change that quiz first."
                )
                % {"quiz": known.title, "purpose": quiz.get_purpose_display()},
                field="purpose",
            )


def check_order(*, enrolment: Enrolment, asked: EditionQuiz) -> None:
    """Refuse a try that would spoil the comparison.

    Raises Refusal `pre_test_too_late` once the post-test was begun, and `pre_test_open` before the
    post-test while the pre-test is not handed in.
    """
    if not asked.purpose:
        return
    pair = EditionQuiz.objects.filter(edition=asked.edition_id).exclude(purpose="")
    tries = QuizAttempt.objects.filter(enrolment=enrolment, quiz__in=pair.values("quiz"))
    others = tries.exclude(quiz=asked.quiz_id)
    if asked.is_pre_test and others.exists():
        raise Refusal(
            "pre_test_too_late",
            _("You have begun the post-test, so the pre-test can no longer be taken."),
        )
    if asked.purpose == QuizPurpose.POST_TEST and others.filter(submitted_at=None).exists():
        raise Refusal(
            "pre_test_open",
            _("You have begun the pre-test. Hand it in first, then take the post-test."),
        )
