"""The page that stops all reminders, and lets them go on."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateTimeInput

from lms.notifications.domain.pausing import current_pause, pause_sending, resume_sending
from lms.notifications.enums import RULE_ROLES
from lms.scoped_admin.pages import FormPage


class PauseForm(forms.Form):
    until = forms.DateTimeField(label=gettext_lazy("Until"), widget=AdminDateTimeInput)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class PauseView(FormPage):
    """For those who look after the whole: nobody is reminded of anything until then."""

    page_title = gettext_lazy("Pause all reminders")
    template_name = "notifications/pause.html"
    form_class = PauseForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.request.user.scope.has_role(*RULE_ROLES):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def build_form(self, data: Any) -> Any:
        return PauseForm(data, initial={"until": timezone.now() + timedelta(days=1)})

    @cached_property
    def pause(self) -> Any:
        return current_pause(now=timezone.now())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "resume" in request.POST:
            resume_sending(by=self.request.user, now=timezone.now())
            return self.finish(_("Reminders are sent again."))
        return super().post(request, *args, **kwargs)

    def perform(self) -> str:
        pause_sending(by=self.request.user, now=timezone.now(), **self.form.cleaned_data)
        return _("No reminder is sent until then. Log-in codes go on.")

    def get_success_url(self) -> str:
        return reverse("reminder_rules:pause")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(pause=self.pause, **kwargs)
