"""Somebody who is not on record, by what can be asked at the door."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from attendance.models import UnmatchedWalkIn


class UnmatchedForm(forms.ModelForm):
    class Meta:
        model = UnmatchedWalkIn
        fields = ("name", "phone", "unit_text", "note")
        help_texts: ClassVar = {
            "phone": _("Helps to find the person; emptied once the record is found."),
            "unit_text": _("Commune, village or school, as the person says it."),
            "note": _("Nothing about health or family."),
        }


class DismissForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)
