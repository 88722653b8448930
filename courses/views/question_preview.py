"""A question as a trainee will meet it, before it is published; and two versions side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from courses.domain.question_versions import content_of
from courses.enums import QuestionKind
from courses.models import Question, QuestionVersion, Quiz, QuizAnswer, QuizAttempt
from courses.views.question_panels import known_kind, panels_of
from courses.views.quiz_answers import AnswerSheet
from lms.scoped_admin.draft_views import (
    ScopedCompareView,
    ScopedPreviewOnCreate,
    ScopedPreviewOnEdit,
)


def show_question(request: HttpRequest, question: Question) -> HttpResponse:
    """Show the page of a quiz on which this question would stand alone; nothing can be sent."""
    content = content_of(question)
    # Answers that are not saved yet have no number, and fields need one.
    options = [option | {"id": place} for place, option in enumerate(content["options"], start=1)]
    version = QuestionVersion(question=question, **content | {"options": options})
    attempt = QuizAttempt(quiz=Quiz(title=question.key))
    put = QuizAnswer(attempt=attempt, question=question, version=version)
    step = (question.case_step or 1, question.case_step or 1) if question.case else None
    context = {
        "attempt": attempt,
        "question": version,
        "step": step,
        "number": 1,
        "count": 1,
        "answered_count": 0,
        "is_preview": True,
    }
    return render(request, "courses/quiz_question.html", context | AnswerSheet(put).context())


class _KindFormMixin:
    """What was typed is read by the form of its kind."""

    object: Any

    def get_form(self, query_dict: QueryDict) -> Any:
        kind = known_kind(query_dict.get("kind", self.object.kind))
        if self.object.pk is None:
            self.object.kind = kind
        self.form_class = panels_of(kind).get_form_class()
        return super().get_form(query_dict)  # type: ignore[misc]


class QuestionPreviewOnCreate(_KindFormMixin, ScopedPreviewOnCreate):
    pass


class QuestionPreviewOnEdit(_KindFormMixin, ScopedPreviewOnEdit):
    pass


class QuestionCompareView(ScopedCompareView):
    def get_edit_handler(self) -> Any:
        return panels_of(QuestionKind(self.object.kind))
