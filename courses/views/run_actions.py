"""What is done to a class in the Wagtail admin: its state, and who leaves it."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.enrolling import withdraw
from courses.domain.opening import findings_of
from courses.domain.runs import (
    cancel_run,
    classes_instead,
    close_run,
    open_run,
)
from courses.enums import FindingLevel
from courses.forms import CancelRunForm, WithdrawForm
from courses.models import CourseRun, Enrolment
from lms.core.dry_run import find_refusal
from lms.scoped_admin.pages import ActionPage, FormPage, ScopedPage


class RunPage(ScopedPage):
    """A page about one class that the person keeps; any other class is a 404."""

    row_name = "run"

    def scoped_rows(self) -> Any:
        return super().scoped_rows().select_related("programme", "course", "unit")


class RunStateView(RunPage, ActionPage):
    """Asks, then changes the state of the class."""

    template_name = "courses/admin/run_state.html"
    change: ClassVar[Callable[..., CourseRun]]
    question: str | Promise = ""
    button: str | Promise = ""
    success: str | Promise = ""
    is_serious = False

    def perform(self) -> str:
        type(self).change(run=self.row, at=timezone.now())
        return str(self.success)


class OpenRunView(RunStateView):
    """Shows what was looked at before the class opens, the worst first."""

    template_name = "courses/admin/run_open.html"
    page_title = gettext_lazy("Open the class")
    question = gettext_lazy(
        "Trainees will see this class under “My work” and can begin to read. The default "
        "requirements apply unless you have changed them."
    )
    button = gettext_lazy("Open the class")
    success = gettext_lazy("The class is now open.")

    def perform(self) -> str:
        open_run(run=self.row, at=timezone.now(), by=self.request.user)
        return str(self.success)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        findings = findings_of(run=self.row, reader=self.request.user)
        missing = any(one.level == FindingLevel.MISSING for one in findings)
        return super().get_context_data(findings=findings, is_kept_shut=missing, **kwargs)


class CloseRunView(RunStateView):
    change = staticmethod(close_run)
    page_title = gettext_lazy("Close the class")
    question = gettext_lazy(
        "After that, no reading or answers are recorded. Corrections to attendance still count."
    )
    button = gettext_lazy("Close the class")
    success = gettext_lazy("The class has been closed.")


class CancelRunView(RunPage, FormPage):
    """Asks why a class does not take place and what comes instead; its people are told."""

    template_name = "courses/admin/run_cancel.html"
    page_title = gettext_lazy("Cancel the class")

    def build_form(self, data: Any) -> CancelRunForm:
        watched = CourseRun.objects.watched_by(self.request.user).values("pk")
        return CancelRunForm(data, choices=classes_instead(run=self.row).filter(pk__in=watched))

    def perform(self) -> str:
        data = self.form.cleaned_data
        cancel_run(run=self.row, reason=data["reason"], instead=data["instead"], at=timezone.now())
        return _("The class has been cancelled. Its people will be told.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        count = self.row.enrolments.counted().count()
        return super().get_context_data(trainee_count=count, refusal=self._refusal(), **kwargs)

    def _refusal(self) -> str:
        """Return what keeps the class from being cancelled for whatever reason."""
        cancel = partial(cancel_run, run=self.row, reason="?", at=timezone.now())
        refusal = find_refusal(cancel)
        return refusal.message if refusal else ""


class WithdrawView(RunPage, FormPage):
    """Takes one trainee off the class, with a reason."""

    form_class = WithdrawForm
    template_name = "courses/admin/run_withdraw.html"
    page_title = gettext_lazy("Remove from the class")

    @cached_property
    def enrolment(self) -> Enrolment:
        # Who keeps the class sees its trainees of the own area, and no others.
        visible = Enrolment.objects.visible_to(self.request.user).filter(run=self.row)
        return get_object_or_404(
            visible.select_related("user", "unit"), pk=self.kwargs["enrolment_pk"]
        )

    def perform(self) -> str:
        by = self.request.user
        reason = self.form.cleaned_data["reason"]
        withdraw(enrolment=self.enrolment, by=by, reason=reason, at=timezone.now())
        name = self.enrolment.user.full_name
        return _("%(name)s is no longer in this class.") % {"name": name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(enrolment=self.enrolment, **kwargs)
