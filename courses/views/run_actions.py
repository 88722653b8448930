"""What is done to a class in the Wagtail admin: its state, who leaves it, what it asks."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from courses.domain.completion import evaluate_many
from courses.domain.enrolling import withdraw
from courses.domain.runs import (
    cancel_run,
    close_run,
    open_run,
    requirements_in_force,
    set_requirements,
)
from courses.enums import EnrolmentStatus
from courses.forms import RequirementsForm, WithdrawForm
from courses.models import CourseRun, Enrolment
from lms.core.show_refusal import RefusalAsMessage, RefusalOnForm
from lms.scoped_admin.views import ScopedMixin


class RunActionView(ScopedMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page about one class that the person keeps; any other class is a 404."""

    model = CourseRun
    scope_method = "manageable_by"
    permission_policy: Any = None
    permission_required = "change"
    header_icon = "group"
    _show_breadcrumbs = True

    @cached_property
    def run(self) -> CourseRun:
        run: Any = self.scoped_object()
        return run

    def scoped_rows(self) -> Any:
        return super().scoped_rows().select_related("programme", "course", "unit")

    @property
    def run_url(self) -> str:
        return reverse("runs:inspect", args=(self.run.pk,))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("runs:index"), "label": _("Classes")},
            {"url": self.run_url, "label": self.run.title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(run=self.run, run_url=self.run_url, **kwargs)

    def done(self, message: str) -> HttpResponse:
        messages.success(self.request, message)
        return redirect(self.run_url)


class RunStateView(RunActionView):
    """Asks, then changes the state of the class."""

    template_name = "courses/admin/run_state.html"
    change: ClassVar[Callable[..., CourseRun]]
    question: str | Promise = ""
    button: str | Promise = ""
    success: str | Promise = ""
    is_serious = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with RefusalAsMessage(request):
            type(self).change(run=self.run, at=timezone.now())
            return self.done(str(self.success))
        return redirect(self.run_url)


class OpenRunView(RunStateView):
    change = staticmethod(open_run)
    page_title = gettext_lazy("Open the class")
    question = gettext_lazy(
        "Trainees will see this class under “My work” and can begin to read. The default "
        "requirements apply unless you have changed them."
    )
    button = gettext_lazy("Open the class")
    success = gettext_lazy("The class is now open.")


class CloseRunView(RunStateView):
    change = staticmethod(close_run)
    page_title = gettext_lazy("Close the class")
    question = gettext_lazy(
        "After that, no reading or answers are recorded. Corrections to attendance still count."
    )
    button = gettext_lazy("Close the class")
    success = gettext_lazy("The class has been closed.")


class CancelRunView(RunStateView):
    change = staticmethod(cancel_run)
    page_title = gettext_lazy("Cancel the class")
    question = gettext_lazy("The class will not take place. This cannot be undone.")
    button = gettext_lazy("Cancel the class")
    success = gettext_lazy("The class has been cancelled.")
    is_serious = True


class WithdrawView(RunActionView):
    """Takes one trainee off the class, with a reason."""

    template_name = "courses/admin/run_withdraw.html"
    page_title = gettext_lazy("Remove from the class")

    @cached_property
    def enrolment(self) -> Enrolment:
        # Who keeps the class sees its trainees of the own area, and no others.
        visible = Enrolment.objects.visible_to(self.request.user).filter(run=self.run)
        return get_object_or_404(
            visible.select_related("user", "unit"), pk=self.kwargs["enrolment_pk"]
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = WithdrawForm(request.POST)
        if form.is_valid():
            user: Any = request.user
            with RefusalOnForm(form):
                withdraw(
                    enrolment=self.enrolment,
                    by=user,
                    reason=form.cleaned_data["reason"],
                    at=timezone.now(),
                )
                name = self.enrolment.user.full_name
                return self.done(_("%(name)s is no longer in this class.") % {"name": name})
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", WithdrawForm())
        return super().get_context_data(enrolment=self.enrolment, **kwargs)


class RequirementsView(RunActionView):
    """What the class asks; saving adds a version and judges everybody by it."""

    template_name = "courses/admin/run_requirements.html"
    page_title = gettext_lazy("Class requirements")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = RequirementsForm(request.POST, in_force=requirements_in_force(run=self.run))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        now = timezone.now()
        set_requirements(run=self.run, requirements=form.requirements, at=now)
        everybody = self.run.enrolments.counted().values_list("pk", flat=True)
        changed = evaluate_many(run=self.run, enrolment_ids=list(everybody), at=now)
        completed = sum(e.status == EnrolmentStatus.COMPLETED for e in changed)
        return self.done(
            _(
                "Saved. Under these requirements %(completed)d more trainees have completed and "
                "%(withdrawn)d no longer have."
            )
            % {"completed": completed, "withdrawn": len(changed) - completed}
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "form" not in kwargs:
            kwargs["form"] = RequirementsForm(in_force=requirements_in_force(run=self.run))
        return super().get_context_data(**kwargs)
