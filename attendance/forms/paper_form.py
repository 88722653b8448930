"""A sign-in sheet on paper as somebody types it: the exceptions by number, a reason for changes."""

from typing import Final
from uuid import UUID, uuid4, uuid5

from django import forms
from django.utils.translation import gettext_lazy as _

from attendance.domain.paper.typed_sheet import PaperMark, PaperReading, read_paper
from attendance.domain.roll.recording import REASON_LENGTH, RollEntry
from attendance.enums import AttendanceStatus
from courses.models import Enrolment

# A number and a sign for each of five hundred people.
LONGEST: Final = 8_000


class PaperForm(forms.Form):
    marks = forms.CharField(
        label=_("From the sheet"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True, "spellcheck": "false"}),
        help_text=_(
            "Number on the sheet, then x (present), m (late, with minutes), s (left early, with "
            "minutes), p (excused) or v (absent): 3 v, 7 m 15, 9 s 20, 12-14 p."
        ),
    )
    others_signed = forms.BooleanField(
        label=_("Everybody else has signed: present"), required=False, initial=True
    )
    reason = forms.CharField(
        label=_("Reason, where something else was noted before"),
        max_length=REASON_LENGTH,
        required=False,
        initial=_("As on the signed sheet."),
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def read(self, *, count: int) -> PaperReading:
        """Return what a valid form says about a sheet of `count` lines."""
        reading = read_paper(self.cleaned_data["marks"], count=count)
        if self.cleaned_data["others_signed"]:
            for number in range(1, count + 1):
                reading.marks.setdefault(number, PaperMark(AttendanceStatus.PRESENT))
        return reading

    def entry(self, enrolment: Enrolment, mark: PaperMark) -> RollEntry:
        """Return what is to be noted; the same form sent twice notes it once."""
        token: UUID = self.cleaned_data["token"] or uuid4()
        reason = self.cleaned_data["reason"]
        return RollEntry(
            enrolment_id=enrolment.pk,
            status=mark.status,
            client_id=uuid5(token, f"{enrolment.pk}:{mark}:{reason}"),
            minutes_late=mark.minutes_late,
            minutes_left_early=mark.minutes_left_early,
            reason=reason,
        )
