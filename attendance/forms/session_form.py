"""When and where a session is held, as a trainer types it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance.domain.scheduling import SessionPlan, moments_of
from attendance.models import Session


class SessionForm(forms.Form):
    title = forms.CharField(label=_("Name of the session"), max_length=200)
    day = forms.DateField(
        label=_("Day"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Please enter a date, such as 24/11/2026.")},
    )
    starts = forms.TimeField(
        label=_("Starts at"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Please enter a time, such as 08:00.")},
    )
    ends = forms.TimeField(
        label=_("Ends at"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Please enter a time, such as 08:00.")},
    )
    place = forms.CharField(
        label=_("Place of the session"),
        max_length=200,
        required=False,
        help_text=_("Leave empty if it is the same as the place of the class."),
    )
    is_required = forms.BooleanField(
        label=_("Hours count towards completion"), required=False, initial=True
    )

    def plan(self) -> SessionPlan:
        """Return what a valid form asks for."""
        data = self.cleaned_data
        begin, end = moments_of(day=data["day"], starts=data["starts"], ends=data["ends"])
        return SessionPlan(
            title=data["title"],
            starts_at=begin,
            ends_at=end,
            place=data["place"],
            is_required=data["is_required"],
        )


def values_of(session: Session | SessionPlan) -> dict[str, Any]:
    """Return a session, or what one is to be, in the fields of the form."""
    begin, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return {
        "title": session.title,
        "day": begin.date(),
        "starts": begin.time(),
        "ends": end.time(),
        "place": session.place,
        "is_required": session.is_required,
    }
