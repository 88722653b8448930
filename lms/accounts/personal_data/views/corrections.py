"""A correction asked for by the person, and answered in the admin."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from lms.accounts.enums import CorrectionItem
from lms.accounts.models import CorrectionRequest, Posting, User
from lms.accounts.personal_data.domain.corrections import (
    apply_correction,
    ask_correction,
    is_written_at_once,
    refuse_correction,
    withdraw_correction,
)
from lms.accounts.personal_data.forms import CorrectionForm
from lms.core.display import NOTHING, phone_local
from lms.core.readers import SignedInRequest
from lms.core.show_refusal import RefusalAsMessage, RefusalOnForm
from lms.scoped_admin.pages import ActionPage
from lms.scoped_admin.views import ScopedIndexView, ScopedInspectView


@method_decorator(never_cache, name="dispatch")
class AskCorrectionView(LoginRequiredMixin, FormView):
    """Which item, what it should be, and why."""

    request: SignedInRequest
    form_class = CorrectionForm
    template_name = "accounts/own_correction.html"

    def form_valid(self, form: CorrectionForm) -> HttpResponse:
        person = self.request.user
        with RefusalOnForm(form, "wanted"):
            ask_correction(person=person, at=timezone.now(), **form.cleaned_data)
            messages.success(
                self.request, _("Your request has been sent. The answer will appear here.")
            )
            return redirect("own_data")
        return self.form_invalid(form)


@login_required
@require_POST
def own_correction_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    person = request.user
    asked = get_object_or_404(CorrectionRequest, pk=pk, user=person)
    with RefusalAsMessage(request, messages.WARNING):
        withdraw_correction(asked=asked, person=person, at=timezone.now())
        messages.success(request, _("The request has been withdrawn."))
    return redirect("own_data")


def held_now(asked: CorrectionRequest) -> str:
    """Return what the register says today of the item that is said to be wrong.

    Posts as `with_posts_today` has fetched them; nothing where no column is meant.
    """
    person: Any = asked.user
    if asked.item == CorrectionItem.POST:
        return "; ".join(str(posting) for posting in person.posts_today) or NOTHING
    shown = {
        CorrectionItem.FULL_NAME: person.full_name,
        CorrectionItem.YEAR_OF_BIRTH: str(person.year_of_birth or ""),
        CorrectionItem.SEX: person.get_sex_display(),
        CorrectionItem.PHONE: phone_local(person.phone) if person.phone else person.phone_raw,
        CorrectionItem.EMAIL: person.email,
    }
    return shown.get(CorrectionItem(asked.item)) or NOTHING


def with_posts_today(requests: models.QuerySet, *, reader: User) -> models.QuerySet:
    """Fetch the person and the posts held today, as far as they are the reader's business."""
    posts = Posting.objects.visible_to(reader).on(timezone.localdate()).select_related("unit")
    held = models.Prefetch("user__postings", posts, to_attr="posts_today")
    return requests.select_related("user").prefetch_related(held)


class CorrectionIndexView(ScopedIndexView):
    def get_base_queryset(self) -> models.QuerySet:
        return with_posts_today(super().get_base_queryset(), reader=self.request.user)


class CorrectionInspectView(ScopedInspectView):
    """Old and asked value side by side, with what can be done."""

    template_name = "accounts/correction_inspect.html"

    def scoped_rows(self) -> models.QuerySet:
        rows = super().scoped_rows().select_related("decided_by")
        return with_posts_today(rows, reader=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked: Any = self.object
        return super().get_context_data(
            asked=asked,
            held=held_now(asked),
            is_written=is_written_at_once(item=asked.item),
            person_url=reverse("wagtailusers_users:edit", args=(asked.user_id,)),
            **kwargs,
        )


class CorrectionDecideView(ActionPage):
    """Applies or refuses."""

    def perform(self) -> str:
        by = self.request.user
        now = timezone.now()
        if "refuse" in self.request.POST:
            answer = self.request.POST.get("answer", "")
            refuse_correction(asked=self.row, by=by, answer=answer, at=now)
            return _("Refused. The person sees your answer under “My data”.")
        apply_correction(asked=self.row, by=by, at=now)
        return _("Corrected. The person sees it under “My data”.")

    def get_success_url(self) -> str:
        return reverse("corrections:index")
