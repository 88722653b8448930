"""Many sessions at once, as a trainer types them: which days, which hours."""

from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from attendance.domain.sessions.series import MOST_SESSIONS, SeriesPlan
from attendance.domain.wording import WEEKDAYS
from attendance.forms.session_form import hour_field, seats_field
from courses.models import CourseRun
from lms.core.day_field import day_field

NUMBERED, BY_MODULE = "numbered", "modules"
DAY_FORMS: Final = ("%d/%m/%Y", "%Y-%m-%d")


class SeriesForm(forms.Form):
    subject = forms.ChoiceField(
        label=_("Sessions"),
        choices=[
            (BY_MODULE, _("One for each module of the course")),
            (NUMBERED, _("Numbered: session 1, session 2 …")),
        ],
        widget=forms.RadioSelect,
    )
    first_day = day_field(_("First day of the series"))
    last_day = day_field(_("Last day of the series"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        coerce=int,
        choices=list(enumerate(WEEKDAYS)),
        widget=forms.CheckboxSelectMultiple,
    )
    starts = hour_field(_("Starts at"))
    ends = hour_field(_("Ends at"))
    count = forms.IntegerField(
        label=_("Number of sessions"),
        required=False,
        min_value=1,
        max_value=MOST_SESSIONS,
        help_text=_("Leave empty for every such day. Modules: there are as many as modules."),
    )
    skipped = forms.CharField(
        label=_("Days without a session"),
        max_length=500,
        required=False,
        help_text=_("Such as 30/04/2026, 01/05/2026."),
    )
    place = forms.CharField(
        label=_("Place of the session"),
        max_length=200,
        required=False,
        help_text=_("Leave empty if it is the same as the place of the class."),
    )
    room = forms.CharField(label=_("Room"), max_length=100, required=False)
    seats = seats_field()
    is_required = forms.BooleanField(
        label=_("Hours count towards completion"), required=False, initial=True
    )

    def __init__(self, *args: Any, run: CourseRun, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _first_values(run))
        super().__init__(*args, **kwargs)
        self.fields["weekdays"].choices = [  # type: ignore[attr-defined]
            (number, capfirst(str(name))) for number, name in enumerate(WEEKDAYS)
        ]

    def clean_skipped(self) -> frozenset[date]:
        words = self.cleaned_data["skipped"].replace(";", ",").split(",")
        return frozenset(_day_of(word.strip()) for word in words if word.strip())

    def series(self) -> SeriesPlan:
        """Return what a valid form asks for."""
        data = {**self.cleaned_data}
        by_module = data.pop("subject") == BY_MODULE
        return SeriesPlan(**data | {"weekdays": frozenset(data["weekdays"])}, by_module=by_module)


def _first_values(run: CourseRun) -> dict[str, Any]:
    return {
        "subject": NUMBERED,
        "first_day": run.starts_on,
        "last_day": run.ends_on,
        "weekdays": [run.starts_on.weekday()],
        "starts": "08:00",
        "ends": "11:30",
        "is_required": True,
    }


def _day_of(word: str) -> date:
    for form in DAY_FORMS:
        try:
            return timezone.make_aware(datetime.strptime(word, form)).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise forms.ValidationError(
        _("“%(text)s” is not a date. Please enter dates such as 24/11/2026."),
        code="invalid",
        params={"text": word},
    )
