"""What a register that was signed should say of one person, and why."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from attendance.domain.roll.recording import REASON_LENGTH, RollEntry
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceRecord


def values_of(record: AttendanceRecord | None) -> dict[str, Any]:
    """Return what is noted of a person in the fields of the form."""
    if record is None:
        return {}
    mark = record.mark
    return {
        "status": record.status,
        "minutes_late": mark.minutes_late or None,
        "minutes_left_early": mark.minutes_left_early or None,
    }


class CorrectionForm(forms.Form):
    status = forms.ChoiceField(label=_("Attendance"), choices=AttendanceStatus.choices)
    minutes_late = forms.IntegerField(
        label=_("Minutes late"), min_value=0, max_value=999, required=False
    )
    minutes_left_early = forms.IntegerField(
        label=_("Minutes left early"), min_value=0, max_value=999, required=False
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
            minutes_left_early=self.cleaned_data["minutes_left_early"] or 0,
            reason=self.cleaned_data["reason"],
        )
