"""Consents of one person in the admin: recorded, and withdrawn from a day on."""

from typing import Any

from django.db import models
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import ConsentPurpose
from lms.accounts.models import Consent, User
from lms.accounts.register.domain.consent_withdrawal import withdraw_consent
from lms.accounts.register.domain.consents import GivenConsent, record_consent
from lms.accounts.register.forms.minimal import ConsentForm, WithdrawConsentForm
from lms.core.display import vi_date
from lms.scoped_admin.pages import FormPage


class ConsentAddView(FormPage):
    row_name = "person"
    form_class = ConsentForm
    page_title = _("Record a consent")
    template_name = "accounts/consent_form.html"

    def perform(self) -> str:
        typed = self.form.cleaned_data
        by = self.request.user
        record_consent(
            person=self.row,
            purpose=ConsentPurpose(typed["purpose"]),
            given=GivenConsent(typed["given_on"], typed["guardian"]),
            kept_at=typed["kept_at"],
            today=timezone.localdate(),
            by=by,
        )
        return gettext("The consent is on record.")


class ConsentWithdrawView(FormPage):
    """Says what ends with the consent, then ends it."""

    row_name = "person"
    form_class = WithdrawConsentForm
    refusal_field = "withdrawn_on"
    page_title = _("Withdraw a consent")
    template_name = "accounts/consent_form.html"

    def get_row(self) -> Any:
        person: Any = super().get_row()
        not_ended = Consent.objects.filter(user=person, withdrawn_on=None)
        self.consent = get_object_or_404(not_ended, pk=self.kwargs["consent_pk"])
        return person

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consent=self.consent, **kwargs)

    def perform(self) -> str:
        on = self.form.cleaned_data["withdrawn_on"]
        by = self.request.user
        done = withdraw_consent(consent=self.consent, on=on, today=timezone.localdate(), by=by)
        sentences = [
            gettext("The consent is no longer in force from %(day)s on.") % {"day": vi_date(on)},
            *done.ended,
            gettext("What was recorded until then is kept."),
        ]
        return " ".join(sentences)


def consent_lines(*, person: User, may_change: bool) -> SafeString:
    """Return the consents of a person, the newest first,
    each that holds with the way to withdraw it.
    """
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
