"""When and where a session is held, as a trainer types it."""

from typing import Any, Final, cast

from django import forms
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance.domain.sessions.scheduling import SessionPlan, modules_of, moments_of
from attendance.models import Session
from courses.models import CourseRun, ModulePage
from lms.accounts.models import User
from lms.core.day_field import day_field

MOST_SEATS: Final = 5_000


def hour_field(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Please enter a time, such as 08:00.")},
    )


def seats_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Seats in the room"),
        required=False,
        min_value=1,
        max_value=MOST_SEATS,
        help_text=_("You are told when more people come. Leave empty if you do not know."),
    )


class SessionForm(forms.Form):
    title = forms.CharField(
        label=_("Name of the session"),
        max_length=200,
        help_text=_("What it is about, such as “Session 2: listening to children”."),
    )
    module: ModelChoiceField[ModulePage] = forms.ModelChoiceField(
        ModulePage.objects.none(),
        label=_("Module that it teaches"),
        required=False,
        empty_label=_("No module in particular"),
    )
    day = day_field(_("Day"))
    starts = hour_field(_("Starts at"))
    ends = hour_field(_("Ends at"))
    place = forms.CharField(
        label=_("Place of the session"),
        max_length=200,
        required=False,
        help_text=_("Leave empty if it is the same as the place of the class."),
    )
    room = forms.CharField(
        label=_("Room"),
        max_length=100,
        required=False,
        help_text=_("Such as Room 2, second floor."),
    )
    seats = seats_field()
    trainers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Trainers of the session"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick nobody if all trainers of the class teach it."),
    )
    break_minutes = forms.IntegerField(
        label=_("Breaks (minutes)"),
        required=False,
        min_value=0,
        max_value=600,
        help_text=_("All breaks of the session together; they count as nobody's hours."),
    )
    is_required = forms.BooleanField(
        label=_("Hours count towards completion"), required=False, initial=True
    )

    def __init__(self, *args: Any, run: CourseRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trainers = run.trainers.order_by("sort_key", "pk")
        cast("ModelMultipleChoiceField", self.fields["trainers"]).queryset = trainers
        cast("ModelChoiceField", self.fields["module"]).queryset = modules_of(run=run)
        if len(trainers) < 2:  # noqa: PLR2004 - nothing to choose
            del self.fields["trainers"]

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
            room=data["room"],
            module_id=data["module"].pk if data["module"] else None,
            trainer_ids=frozenset(one.pk for one in data.get("trainers", ())),
            break_minutes=data["break_minutes"] or 0,
            seats=data["seats"],
        )


class CancelSessionForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it does not take place"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Trainees and trainers read it, too."),
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
        "room": session.room,
        "module": session.module_id,
        "trainers": list(session.trainer_ids),
        "break_minutes": session.break_minutes or None,
        "seats": session.seats,
    }
