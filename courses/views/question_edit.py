"""A question is changed: saved as a draft, or published.

Where publishing changes the key after people have answered, the editor asks first.
"""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.domain.judging import key_of
from courses.domain.question_publishing import publish_draft
from courses.domain.question_versions import option_content
from courses.domain.rejudging import key_as_stored, people_who_answered, preview_rejudging
from courses.enums import OldResults
from courses.models import Question
from courses.views.question_panels import KindPanelMixin
from lms.scoped_admin.draft_views import ScopedDraftEditView

# The decision about old results, and why.
DECISION, NOTE = "old_results", "note"
ASKED = (DECISION, NOTE, "csrfmiddlewaretoken")


class QuestionEditView(KindPanelMixin, ScopedDraftEditView):
    """Publishing a new key first shows who has answered and what judging again would do."""

    def form_valid(self, form: Any) -> HttpResponse:
        question: Question = form.instance
        may_ask = self.action == "publish" and not self._is_decided
        is_new_key = may_ask and _key_on(form) != key_as_stored(question)
        if is_new_key and people_who_answered(question):
            return self._ask(form, question)
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
        return response

    def get_page_subtitle(self) -> str:
        # The whole question as a heading would fill a phone.
        return str(self.object.key)

    def publish_action(self) -> None:
        self.object = publish_draft(
            revision=self.new_revision,
            by=self.request.user,
            at=timezone.now(),
            old_results=self._decision,
            note=self._note,
        )

    @property
    def _decision(self) -> OldResults | None:
        sent = self.request.POST.get(DECISION, "")
        return OldResults(sent) if sent in OldResults else None

    @property
    def _note(self) -> str:
        return self.request.POST.get(NOTE, "").strip()

    @property
    def _is_decided(self) -> bool:
        return self._decision == OldResults.LEAVE or bool(self._decision and self._note)

    def _ask(self, form: Any, question: Question) -> HttpResponse:
        """Return the page that asks, with all that was typed."""
        with transaction.atomic():
            # Saved to look at alone: what was typed is sent again with the decision.
            form.save()
            preview = preview_rejudging(question=question, at=timezone.now())
            transaction.set_rollback(True)
        decision = self._decision or OldResults.LEAVE
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
            "note_error": _("Please say why old results change.")
            if decision == OldResults.REJUDGE
            else "",
        }
        return TemplateResponse(self.request, "courses/admin/question_key_change.html", context)


def _key_on(form: Any) -> object:
    """Return what would decide which answers are right; a new answer has no id yet."""
    kept = [one.instance for one in form.formsets["options"].ordered_forms]
    return key_of(form.cleaned_data["kind"], [option_content(option) for option in kept])
