"""A class is copied whole, in the Wagtail admin: looked at first, with what clashes."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.copying import CopyPlan, check_copy, copy_run, propose_code
from courses.domain.runs import check_plan
from courses.forms import DayField
from courses.models import CourseRun
from courses.permissions import host_units, trainers_for
from courses.views.run_actions import RunPage
from lms.accounts.models import User
from lms.core.requests import sign_of_preview
from lms.core.show_refusal import RefusalOnForm
from lms.scoped_admin.pages import FormPage

# What was looked at: another plan than this one is shown before it is written.
SEEN = "seen"


class CopyRunForm(forms.Form):
    """Where and when the copy is held; only places and trainers that the person may choose."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    code = forms.CharField(label=gettext_lazy("Class code"), max_length=40)
    unit = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Held by"), empty_label=None
    )
    place = forms.CharField(
        label=gettext_lazy("Venue"),
        max_length=200,
        help_text=gettext_lazy("Hall and address, so that people can find it."),
    )
    starts_on = DayField(
        label=gettext_lazy("First day"),
        help_text=gettext_lazy("All sessions move by as many days."),
    )
    trainers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("Trainers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, *, run: CourseRun, user: User) -> None:
        trainers = trainers_for(user).filter(pk__in=run.trainers.values("pk"))
        initial = {
            "title": run.title,
            "code": propose_code(run=run),
            "unit": run.unit_id,
            "place": run.place,
            "starts_on": run.starts_on,
            "trainers": [trainer.pk for trainer in trainers],
        }
        super().__init__(data, initial=initial)
        self.run = run
        fields: dict[str, Any] = self.fields
        fields["trainers"].queryset = trainers
        units = host_units(user).filter(edition=run.programme.edition_id)
        fields["unit"].queryset = units.order_by("path")

    def clean(self) -> dict[str, Any]:
        cleaned = {**(super().clean() or {})}
        if not self.errors:
            with RefusalOnForm(self):
                plan = self.plan()
                check_copy(plan=plan)
                draft = plan.draft()
                check_plan(
                    starts_on=draft.starts_on,
                    ends_on=draft.ends_on,
                    unit=draft.unit,
                    programme=draft.programme,
                )
        return cleaned

    def plan(self) -> CopyPlan:
        return CopyPlan(source=self.run, **self.cleaned_data)


class CopyRunView(RunPage, FormPage):
    template_name = "courses/admin/run_copy.html"
    page_title = gettext_lazy("Copy the class")
    copied: CourseRun | None = None

    def build_form(self, data: Any) -> CopyRunForm:
        return CopyRunForm(data, run=self.row, user=self.request.user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.form.is_valid() and request.POST.get(SEEN) != self._seen():
            return self.render_to_response(self.get_context_data())
        return super().post(request, *args, **kwargs)

    def perform(self) -> str:
        plan, by = self.form.plan(), self.request.user
        self.copied = copy_run(plan=plan, by=by, at=timezone.now())
        return _("The class has been copied. Enrol its trainees, then open it.")

    def get_success_url(self) -> str:
        return reverse("runs:inspect", args=(self.copied.pk,)) if self.copied else self.back_url

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_planned = self.request.method == "POST" and self.form.is_valid()
        return super().get_context_data(
            plan=self.form.plan() if is_planned else None,
            seen=self._seen() if is_planned else "",
            **kwargs,
        )

    def _seen(self) -> str:
        return sign_of_preview(self.form.plan())
