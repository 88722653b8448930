"""A question is changed: where the key changes after people have answered, the editor asks first."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.domain.judging import key_of
from courses.domain.question_versions import option_content
from courses.domain.rejudging import (
    key_as_stored,
    people_who_answered,
    preview_rejudging,
    rejudge_answers,
)
from courses.models import Question
from courses.views.question_panels import KindPanelMixin
from lms.scoped_admin.views import ScopedEditView

# The decision about old results, and why.
DECISION, LEAVE, REJUDGE, NOTE = "old_results", "leave", "rejudge", "note"
ASKED = (DECISION, NOTE, "csrfmiddlewaretoken")


class QuestionEditView(KindPanelMixin, ScopedEditView):
    """Saves as any form; a new key first shows who has answered and what judging again would do."""

    def form_valid(self, form: Any) -> HttpResponse:
        question: Question = form.instance
        is_new_key = _key_on(form) != key_as_stored(question)
        decision, note = self.request.POST.get(DECISION), self.request.POST.get(NOTE, "")
        is_decided = decision == LEAVE or (decision == REJUDGE and note.strip())
        if is_new_key and not is_decided and people_who_answered(question):
            return self._ask(form, question)
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            if is_new_key and decision == REJUDGE:
                rejudge_answers(
                    question=question, note=note, by=self.request.user, at=timezone.now()
                )
        return response

    def _ask(self, form: Any, question: Question) -> HttpResponse:
        """Return the page that asks, with all that was typed."""
        with transaction.atomic():
            # Saved to look at alone: what was typed is sent again with the decision.
            form.save()
            preview = preview_rejudging(question=question, at=timezone.now())
            transaction.set_rollback(True)
        decision = self.request.POST.get(DECISION, LEAVE)
        context = {
            "question": question,
            "preview": preview,
            "effect": preview.effect,
            "posted": [
                (name, value)
                for name, values in self.request.POST.lists()
                if name not in ASKED
                for value in values
            ],
            "decision": decision,
            "note_error": _("Please say why old results change.") if decision == REJUDGE else "",
        }
        return TemplateResponse(self.request, "courses/admin/question_key_change.html", context)


def _key_on(form: Any) -> object:
    """Return what would decide which answers are right; a new answer has no id yet."""
    kept = [one.instance for one in form.formsets["options"].ordered_forms]
    return key_of(form.cleaned_data["kind"], [option_content(option) for option in kept])
