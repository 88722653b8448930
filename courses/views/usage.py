"""What Wagtail's page of uses says about people: how many, in how many classes, never who."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import ngettext
from wagtail.models import Page

from courses.domain.evidence import Reach, reach_of_file, reach_of_pages, reach_of_questions
from courses.models import CourseDocument, CourseImage, Question, QuestionCase, Quiz
from lms.core.display import vi_number
from lms.scoped_admin.wagtail_fixes.wagtail_usage import UsageNote, usage_notes


def register_usage_notes() -> None:
    """Register what the app adds; called once, when the app is ready."""
    usage_notes.register(
        UsageNote("page", Page, lambda page: _sentences(reach_of_pages(pages=[page]))),
        UsageNote("picture", CourseImage, _of_file),
        UsageNote("document", CourseDocument, _of_file),
        UsageNote("question", Question, _of_question),
        UsageNote("case", QuestionCase, _of_case),
        UsageNote("quiz", Quiz, _of_quiz),
    )


def _of_file(file: Any) -> list[str]:
    return _sentences(reach_of_file(file=file))


def _of_question(question: Question) -> list[str]:
    return _sentences(reach_of_questions(questions=Question.objects.filter(pk=question.pk)))


def _of_case(case: QuestionCase) -> list[str]:
    return _sentences(reach_of_questions(questions=Question.objects.filter(case=case)))


def _of_quiz(quiz: Quiz) -> list[str]:
    return _sentences(reach_of_pages(pages=[quiz.module]))


def _sentences(reach: Reach) -> list[str]:
    return list(_told(reach))


def _told(reach: Reach) -> Iterator[str]:
    if reach.questions:
        yield ngettext(
            "%(count)s question shows it.", "%(count)s questions show it.", reach.questions
        ) % {"count": vi_number(reach.questions)}
    if reach.runs:
        yield ngettext("%(count)s class needs it.", "%(count)s classes need it.", reach.runs) % {
            "count": reach.runs
        }
    if reach.people:
        yield ngettext(
            "%(count)s person learns or has learned in these classes.",
            "%(count)s people learn or have learned in these classes.",
            reach.people,
        ) % {"count": vi_number(reach.people)}
