"""What a person types to ask for a correction."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import CorrectionItem


class CorrectionForm(forms.Form):
    item = forms.ChoiceField(label=_("What is wrong?"), choices=CorrectionItem.choices)
    wanted = forms.CharField(
        label=_("What should it be?"),
        max_length=200,
        help_text=_("Only the correct value, such as the name or the number."),
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        required=False,
        help_text=_("A few words are enough: new number, misspelt in the list."),
    )
