from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.domain.decisions import REASON_LENGTH


class VerifyForm(forms.Form):
    """The code from the paper; what it means is `verify`'s business."""

    code = forms.CharField(
        label=_("Verification code"),
        help_text=_("12 letters and digits next to the QR code, such as 7K3M-HX42-PQ9C."),
        max_length=200,
        error_messages={"required": _("Please type the code that is printed on the certificate.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "autocorrect": "off",
                "spellcheck": "false",
                "enterkeyhint": "search",
            }
        ),
    )


class DecisionForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept permanently with the certificate, together with your name and the time."),
        max_length=REASON_LENGTH,
        error_messages={"required": _("Please give the reason for this decision.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
