"""What people type at the door."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    ChangePasswordForm,
    ConfirmLoginCodeForm,
    LoginForm,
    ReauthenticateForm,
    SetPasswordForm,
)
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as MfaForm
from allauth.mfa.base.forms import ReauthenticateForm as MfaAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import User
from lms.accounts.register.domain.login_lookup import LOGIN_MAX_LENGTH, find_login
from lms.accounts.register.domain.phones import looks_like_phone, parse_phone
from lms.accounts.signin.domain.limits import CODE_ASKED_FOR
from lms.core.text import nfc


def _identifier_field() -> forms.CharField:
    return forms.CharField(
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


def clean_identifier(typed: str) -> str:
    """Refuse what only looks like a phone number; tell nothing about any account."""
    text = nfc(typed)
    problem = parse_phone(text).problem if looks_like_phone(text) else None
    if problem:
        raise forms.ValidationError(problem.label, code=problem.value)
    return text


class IdentifierLoginForm(LoginForm):
    """One box for phone number, staff code or e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = _identifier_field()
        password = self.fields["password"]
        password.label = _("Password")
        password.help_text = ""
        password.widget.attrs.pop("placeholder", None)
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        return clean_identifier(self.cleaned_data["login"])


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


class RequestCodeForm(forms.Form):
    """Asks for a code; the answer is the same whoever is typed.

    allauth reads `_user` and calls what was typed the phone.
    """

    _user: User | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = _identifier_field()

    def clean_phone(self) -> str:
        text = clean_identifier(self.cleaned_data["phone"])
        get_adapter().count_attempt(context.request, kind=CODE_ASKED_FOR, text=text)
        found = find_login(text=text)
        self._user = found if found and found.is_active else None
        return text


class _CodeForm(_WithoutPlaceholders):
    """One box of digits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("Code")
        code.widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class SentCodeForm(_CodeForm, ConfirmLoginCodeForm):
    """The six digits that were sent."""


class FactorForm(_CodeForm, MfaForm):
    """The digits of the app, or a recovery code."""


class FactorAgainForm(_CodeForm, MfaAgainForm):
    """The same once more, before a change."""


class NewFactorForm(_CodeForm, ActivateTOTPForm):
    """The first digits of a new app."""
