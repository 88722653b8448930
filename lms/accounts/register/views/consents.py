"""Consents of one person in the admin: recorded, and withdrawn from a day on."""

from datetime import date
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from lms.accounts.enums import ConsentPurpose
from lms.accounts.models import Consent
from lms.accounts.register.domain.consents import (
    GivenConsent,
    Withdrawal,
    record_consent,
    withdraw_consent,
)
from lms.accounts.register.forms.minimal import ConsentForm, WithdrawConsentForm
from lms.core.display import vi_date
from lms.core.show_refusal import RefusalOnForm
from lms.scoped_admin.views import ScopedMixin


class _ConsentPage(PermissionCheckedMixin, ScopedMixin, WagtailAdminTemplateMixin, FormView):
    """A form about a person whose record one may change."""

    permission_required = "change"
    header_icon = "clipboard-list"
    template_name = "accounts/consent_form.html"
    index_url_name = ""
    request: Any

    @cached_property
    def person(self) -> Any:
        return self.scoped_object()

    def get_page_subtitle(self) -> str:
        return str(self.person)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": gettext("People")},
            {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"person": self.person, "back_url": self.back, "consent": self.consent}
        return {**super().get_context_data(**kwargs), **context}

    @property
    def consent(self) -> Consent | None:
        """The one that the page is about, where there is one."""
        return None

    @property
    def back(self) -> str:
        return reverse("wagtailusers_users:inspect", args=(self.person.pk,))


class ConsentAddView(_ConsentPage):
    form_class = ConsentForm
    page_title = _("Record a consent")

    def form_valid(self, form: ConsentForm) -> HttpResponse:
        typed = form.cleaned_data
        with RefusalOnForm(form):
            record_consent(
                person=self.person,
                purpose=ConsentPurpose(typed["purpose"]),
                given=GivenConsent(typed["given_on"], typed["guardian"]),
                kept_at=typed["kept_at"],
                today=timezone.localdate(),
                by=self.request.user,
            )
            messages.success(self.request, _("The consent is on record."))
            return redirect(self.back)
        return self.form_invalid(form)


class ConsentWithdrawView(_ConsentPage):
    """Says what ends with the consent, then ends it."""

    form_class = WithdrawConsentForm
    page_title = _("Withdraw a consent")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.consent.withdrawn_on is not None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def consent(self) -> Consent:
        found = Consent.objects.filter(user=self.person, pk=self.kwargs["consent_pk"]).first()
        if found is None:
            raise Http404
        return found

    def form_valid(self, form: WithdrawConsentForm) -> HttpResponse:
        on = form.cleaned_data["withdrawn_on"]
        with RefusalOnForm(form, "withdrawn_on"):
            done = withdraw_consent(
                consent=self.consent, on=on, today=timezone.localdate(), by=self.request.user
            )
            return self._withdrawn(done, on)
        return self.form_invalid(form)

    def _withdrawn(self, done: Withdrawal, on: date) -> HttpResponse:
        sentences = [
            gettext("The consent is no longer in force from %(day)s on.") % {"day": vi_date(on)},
            *done.ended,
            gettext("What was recorded until then is kept."),
        ]
        messages.success(self.request, " ".join(sentences))
        return redirect(self.back)


def consent_lines(*, person: Any, may_change: bool) -> SafeString:
    """The consents of a person, the newest first, each that holds with the way to withdraw it."""
    rows: models.QuerySet[Consent] = person.consents.select_related("recorded_by", "withdrawn_by")
    return format_html_join(
        "", "<p>{}{}</p>", ((_said(row), _link(row, may_change)) for row in rows)
    )


def _said(consent: Consent) -> str:
    parts = [
        gettext("%(purpose)s: %(giver)s, %(day)s")
        % {
            "purpose": consent.get_purpose_display(),
            "giver": consent.guardian or consent.get_giver_display(),
            "day": vi_date(consent.given_on),
        }
    ]
    if consent.kept_at:
        parts.append(gettext("paper: %(where)s") % {"where": consent.kept_at})
    if consent.recorded_by:
        parts.append(gettext("recorded by %(name)s") % {"name": consent.recorded_by})
    if consent.withdrawn_on:
        parts.append(gettext("withdrawn on %(day)s") % {"day": vi_date(consent.withdrawn_on)})
    return "; ".join(parts)


def _link(consent: Consent, may_change: bool) -> SafeString | str:
    if consent.withdrawn_on is not None or not may_change:
        return ""
    url = reverse("wagtailusers_users:consent_withdraw", args=(consent.user_id, consent.pk))
    return format_html(' <a href="{}">{}</a>', url, gettext("Withdraw…"))
