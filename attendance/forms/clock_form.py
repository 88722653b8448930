"""When one person came and left, by the clock."""

from django import forms
from django.utils.translation import gettext_lazy as _

from attendance.domain.roll.recording import REASON_LENGTH


class ClockForm(forms.Form):
    arrived = forms.CharField(
        label=_("Arrived at"),
        max_length=20,
        required=False,
        help_text=_("Like 8:40, 8h40 or 0840."),
    )
    left = forms.CharField(
        label=_("Left at"), max_length=20, required=False, help_text=_("Like 10:55.")
    )
    reason = forms.CharField(
        label=_("Reason for the change"),
        max_length=REASON_LENGTH,
        required=False,
        help_text=_("Only when something else was recorded: leaving early needs none."),
    )
