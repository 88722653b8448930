"""What people type at the door."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    SetPasswordForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.domain.phones import looks_like_phone, parse_phone
from lms.core.text import nfc

# Longer than any e-mail address.
LOGIN_MAX_LENGTH = 254


class IdentifierLoginForm(LoginForm):
    """One box for phone number, staff code or e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Phone number, staff code or e-mail"),
            max_length=LOGIN_MAX_LENGTH,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "username",
                    "autocapitalize": "none",
                    "autocorrect": "off",
                    "spellcheck": "false",
                    "autofocus": True,
                }
            ),
        )
        password = self.fields["password"]
        password.label = _("Password")
        password.help_text = ""
        password.widget.attrs.pop("placeholder", None)
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        """Refuses what only looks like a phone number; tells nothing about any account."""
        text = nfc(self.cleaned_data["login"])
        problem = parse_phone(text).problem if looks_like_phone(text) else None
        if problem:
            raise forms.ValidationError(problem.label, code=problem.value)
        return text


class _WithoutPlaceholders(forms.Form):
    """Each box has a label above it; allauth's pale repetition inside looks like something typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class OwnPasswordForm(_WithoutPlaceholders, ChangePasswordForm):
    """The password changed by the person who has it."""


class ConfirmForm(_WithoutPlaceholders, ReauthenticateForm):
    """The password once more, before a change."""


class InvitationCodeForm(forms.Form):
    """The code of a printed card; whether it is good is a question to the rule."""

    code = forms.CharField(
        label=_("Invitation code"),
        # Room for spaces and dashes, typed as on the card.
        max_length=40,
        help_text=_("Twelve letters and digits, such as 7K3M-HX42-PQ9C."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "autocorrect": "off",
                "spellcheck": "false",
            }
        ),
    )


class FirstPasswordForm(_WithoutPlaceholders, SetPasswordForm):
    """A password of one's own, chosen with an invitation in the hand."""
