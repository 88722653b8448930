"""What a register that was signed should say of one person, and why."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from attendance.domain.roll.recording import REASON_LENGTH, RollEntry
from attendance.enums import AttendanceStatus


class CorrectionForm(forms.Form):
    status = forms.ChoiceField(label=_("Attendance"), choices=AttendanceStatus.choices)
    minutes_late = forms.IntegerField(
        label=_("Minutes late"), min_value=0, max_value=999, required=False
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        help_text=_("Stays readable beside the register, with your name."),
    )

    def entry(self, enrolment_id: int) -> RollEntry:
        return RollEntry(
            enrolment_id=enrolment_id,
            status=AttendanceStatus(self.cleaned_data["status"]),
            client_id=uuid.uuid4(),
            minutes_late=self.cleaned_data["minutes_late"] or 0,
            reason=self.cleaned_data["reason"],
        )
