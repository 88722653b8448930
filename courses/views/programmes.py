"""A programme in its form: what a change would do to the figures is seen before it is saved."""

from typing import Any

from django.http import HttpResponse

from courses.domain.programme_changes import Asked, ProgrammeChange, asked_now
from courses.models import Programme
from courses.templatetags.course_panels import render_panels
from lms.core.requests import sign_of_preview
from lms.scoped_admin.views import ScopedEditView

# The field that holds what was looked at.
SEEN = "seen"


class ProgrammeEditView(ScopedEditView):
    """Saves what changes no figure; else shows the effect and asks once more.

    The answer is good for the effect that was shown: where it has become another, that is shown.
    """

    template_name = "courses/admin/programme_edit.html"

    def form_valid(self, form: Any) -> HttpResponse:
        change = ProgrammeChange(
            programme=Programme.objects.get(pk=form.instance.pk),
            asked=_asked(form),
            edition=form.cleaned_data["edition"],
        )
        if not change.changes_figures:
            return super().form_valid(form)
        told = render_panels(self.request, "programme_effect", change)
        sign = sign_of_preview(sorted(change.asked), change.edition.pk, told)
        if self.request.POST.get(SEEN) == sign:
            return super().form_valid(form)
        context = self.get_context_data(form=form, effect=told, seen=sign)
        return self.render_to_response(context)


def _asked(form: Any) -> frozenset[Asked]:
    """Return what is asked once the form is saved: what its rows ask, without those that are to be taken
    out, and what somebody else has added since it was opened, which saving it leaves as it is.
    """
    rows = form.formsets["requirements"]
    kept = [row.cleaned_data for row in rows.forms if row not in rows.deleted_forms]
    asked = {(row["cadre"], row["course"].pk) for row in kept if row}
    shown = [row.instance.pk for row in rows.initial_forms]
    return asked_now(programme=form.instance, besides=shown) | asked
