"""What is asked when a parent or a core child is put on the register, and about a consent."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from lms.accounts.enums import ConsentPurpose
from lms.accounts.models import User
from lms.accounts.register.domain.consents import (
    GivenConsent,
    record_consent,
    require_consent,
    require_past,
)
from lms.accounts.register.domain.minimal import is_minimal_cadre, name_or_code, refused_details
from lms.core.show_refusal import RefusalOnForm
from lms.core.text import nfc

_CONSENT = ("guardian", "consent_on", "consent_kept_at")


def _guardian_field() -> forms.CharField:
    return forms.CharField(
        label=_("Guardian"),
        max_length=150,
        required=False,
        help_text=_("Who consents for a core child; a parent group member consents in person."),
    )


def _paper_field() -> forms.CharField:
    return forms.CharField(
        label=_("Where the paper is kept"),
        max_length=200,
        required=False,
        help_text=_("A few words are enough, such as: signed form, commune office."),
    )


class MinimalRecordMixin:
    """The part of a person's form that is about parents and core children.

    A new record asks for the consent; an existing minimal one has no fields for what is not kept.
    """

    fields: dict[str, Any]
    instance: User
    cleaned_data: dict[str, Any]
    for_user: Any
    errors: Any
    add_error: Any

    def fit_to_kind(self) -> None:
        """Fit the form to the kind; called when all other fields are there."""
        is_new = self.instance.pk is None
        self.fields["full_name"].required = not (is_new or self.instance.is_minimal)
        if self.instance.is_minimal:
            for name in ("phone", "email", "sex"):
                del self.fields[name]
            self.fields["staff_code"].help_text = _("This record cannot be used to log in.")
            self.fields["is_active"].label = _("In use")
            self.fields["is_active"].help_text = _(
                "Untick when the person leaves; everything is kept."
            )
        if not is_new:
            return
        self.fields["full_name"].help_text = _(
            "Family name, middle name, given name, with all diacritics. A core child may be "
            "entered by code alone: then leave this empty."
        )
        self.fields["guardian"] = _guardian_field()
        self.fields["consent_on"] = forms.DateField(
            label=_("Day of consent"),
            required=False,
            widget=AdminDateInput,
            help_text=_("Required for parent group members and core children; only for them."),
        )
        self.fields["consent_kept_at"] = _paper_field()

    def clean_kind(self, cleaned: dict[str, Any], cadre: str) -> None:
        """Call a core child without a name by the code; the rest is the rules' business."""
        if "full_name" in cleaned:
            self._name(cleaned, cadre)
        if self.instance.pk is not None:
            return
        self.instance.is_minimal = is_minimal_cadre(cadre)
        if self.instance.is_minimal:
            for name, sentence in refused_details(told=cleaned).items():
                self.add_error(name, sentence)
            self._clean_consent(cleaned, cadre)
            return
        for name in _CONSENT:
            if cleaned.get(name):
                self.add_error(
                    name, _("This is stored for parent group members and core children only.")
                )

    def save_consent(self, user: User) -> None:
        """Record what the post of a new minimal record stands on."""
        cleaned = self.cleaned_data
        record_consent(
            person=user,
            purpose=ConsentPurpose.TAKING_PART,
            given=GivenConsent(cleaned["consent_on"], cleaned["guardian"]),
            kept_at=cleaned["consent_kept_at"],
            today=timezone.localdate(),
            by=self.for_user,
        )

    def _name(self, cleaned: dict[str, Any], cadre: str) -> None:
        code = cleaned.get("staff_code", "")
        cleaned["full_name"] = name_or_code(
            full_name=cleaned["full_name"], staff_code=code, cadre=cadre
        )
        if not cleaned["full_name"]:
            self.add_error("full_name", _("Please enter the name."))

    def _clean_consent(self, cleaned: dict[str, Any], cadre: str) -> None:
        today = timezone.localdate()
        guardian = cleaned["guardian"] = nfc(cleaned.get("guardian", ""))
        day = cleaned.get("consent_on")
        given = GivenConsent(day, guardian) if day else None
        if "consent_on" in self.errors:
            return
        with RefusalOnForm(self, "consent_on"):
            if given is not None:
                require_past(given_on=given.given_on, today=today)
            require_consent(cadre=cadre, given=given, since=cleaned.get("since") or today)


class ConsentForm(forms.Form):
    """A consent as it stands on paper."""

    purpose = forms.ChoiceField(label=_("Consent to"), choices=ConsentPurpose.choices)
    given_on = forms.DateField(label=_("Day of consent"), widget=AdminDateInput)
    guardian = forms.CharField(
        label=_("Guardian"),
        max_length=150,
        required=False,
        help_text=_("Leave empty when the person has consented in person."),
    )
    kept_at = _paper_field()


class WithdrawConsentForm(forms.Form):
    withdrawn_on = forms.DateField(
        label=_("First day without consent"), initial=timezone.localdate, widget=AdminDateInput
    )
