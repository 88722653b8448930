"""What a report is asked for, and the form of a target."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache, partial
from itertools import chain
from typing import Any, Final, cast

from django import forms
from django.core.validators import RegexValidator
from django.forms import CheckboxSelectMultiple
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from courses.models import Programme
from lms.accounts.enums import OVERSIGHT_ROLES, Cadre, Sex
from lms.accounts.models import User
from lms.core.day_field import DayInput, day_field
from lms.core.display import vi_date
from lms.core.models import site_details
from lms.core.show_refusal import RefusalOnForm
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.periods import periods_over, read_period
from lms.reporting.domain.queries import required_courses
from lms.reporting.domain.schedules import is_reader
from lms.reporting.domain.snapshot_facts import Office
from lms.reporting.domain.snapshots import units_to_report
from lms.reporting.domain.targets import check_target
from lms.reporting.domain.thresholds import Threshold
from lms.reporting.enums import AgeGroup, CountedAt, PeriodKind
from lms.reporting.models import ReportSchedule, ReportSnapshot
from lms.scoped_admin.forms import ScopedModelForm

# Nobody was trained by the suite before; what stands in an address may be any day.
_EARLIEST: Final = date(2000, 1, 1)

# What leaves somebody, or some completion, out; a past day is told without it.
_OF_A_PART: Final = ("course", "run", "sex", "age", "since", "until")
NOT_OF_A_PART: Final = _(
    "A past day is told for everybody. Take away course, class, sex, age and period, or leave the "
    "day empty; what is shown is as of today."
)

_DASH: Final = re.compile(r"^\s*[-–•+*]?\s*")

# How many periods that are over a form offers.
_OFFERED: Final = {
    PeriodKind.MONTH: 12,
    PeriodKind.MID_MONTH: 12,
    PeriodKind.QUARTER: 8,
    PeriodKind.HALF_YEAR: 4,
    PeriodKind.YEAR: 5,
}


class _ListedChoice(forms.ModelChoiceField):
    """One of few rows, which the select lists anyway: one query answers for the choice and the list; none
    where it is `near`, which is read already, and nobody looks at the list.
    """

    known: Any = ()
    near: Any = ()

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        for one in chain(self.near, self.known):
            if str(one.pk) == str(value):
                return one
        raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")


class CompletionFilterForm(forms.Form):
    """Programme, map, place to count at, and which people. Whatever cannot be read falls back to
    the programme's own, and to everybody.
    """

    programme = _ListedChoice(
        Programme.objects.none(), label=_("Programme"), required=False, empty_label=None
    )
    edition = _ListedChoice(
        BoundaryEdition.objects.none(), label=_("Map"), required=False, empty_label=None
    )
    cadre = forms.ChoiceField(
        choices=[("", _("All cadres")), *Cadre.choices], label=_("Cadre"), required=False
    )
    counted = forms.ChoiceField(choices=CountedAt.choices, label=_("Count people"), required=False)
    on = forms.DateField(label=_("As of (empty: today)"), required=False, widget=DayInput())
    course = forms.IntegerField(label=_("Course"), required=False, widget=forms.Select())
    run = forms.CharField(
        label=_("Class code"), required=False, max_length=40, help_text=_("Its people alone.")
    )
    sex = forms.ChoiceField(choices=[("", _("All")), *Sex.choices], label=_("Sex"), required=False)
    age = forms.ChoiceField(
        choices=[("", _("All")), *AgeGroup.choices], label=_("Age"), required=False
    )
    since = day_field(_("Completed from"), required=False)
    until = day_field(_("Completed until"), required=False)

    def __init__(
        self, data: Any, *, programmes: Any, editions: Any, unit: AdministrativeUnit | None = None
    ) -> None:
        super().__init__(data)
        cast("_ListedChoice", self.fields["edition"]).near = [unit.edition] if unit else []
        for name, known in (("programme", programmes), ("edition", editions)):
            field = cast("_ListedChoice", self.fields[name])
            field.queryset = field.known = known
            # A select asks for its choices twice, and each time a query would answer.
            field.choices = cache(partial(_choices, known))

    def clean_on(self) -> date | None:
        """Return a day that is over, None for today: its figures are the live ones."""
        day: date | None = self.cleaned_data["on"]
        if day is not None and not _EARLIEST <= day <= localdate():
            raise forms.ValidationError(
                _("A day until today, from 2000 on: what is shown is as of today."),
                code="no_past_day",
            )
        return None if day == localdate() else day

    def clean(self) -> dict[str, Any]:
        """Refuse a past day of a part of the people: what is kept of that day tells of everybody."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        if cleaned.get("on") and any(self.data.get(name) for name in _OF_A_PART):
            self.add_error(
                "on", forms.ValidationError(_("Not with these filters."), code="not_of_a_part")
            )
        return cleaned

    def offer(self, *, trained: Collection[str], courses: Mapping[int, str]) -> None:
        """Offer the cadres that the programme trains, nobody else is in any figure, and what it
        asks of them.
        """
        select = cast("forms.Select", self.fields["course"].widget)
        select.choices = [("", _("All courses")), *courses.items()]
        field = cast("forms.ChoiceField", self.fields["cadre"])
        offered = [choice for choice in Cadre.choices if choice[0] in trained]
        field.choices = [("", _("All cadres")), *offered]


def _choices(known: Any) -> list[tuple[int, str]]:
    return [(one.pk, str(one)) for one in known]


class CoverageTargetForm(ScopedModelForm):
    """A target, for the units on the maps of programmes that one plans for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = _on_maps_of_programmes(self.fields["unit"].queryset)
        self.fields["cadre"].choices = [("", _("All cadres")), *Cadre.choices]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        programme, unit = cleaned.get("programme"), cleaned.get("unit")
        if programme and unit and not self.errors:
            with RefusalOnForm(self):
                check_target(
                    programme=programme,
                    unit_edition_id=unit.edition_id,
                    cadre=cleaned["cadre"],
                    people=cleaned["people"],
                    threshold=Threshold(cleaned["percent"], cleaned["each_commune"]),
                    trained=required_courses(programme=programme),
                )
        return cleaned


def _on_maps_of_programmes(units: Any) -> Any:
    """Return the units that a report may be of: it is told on the map of its programme alone."""
    return units.filter(edition__programmes__isnull=False).distinct().order_by("path")


def _unit_on_map(unit: AdministrativeUnit) -> str:
    """Return the unit with its map: a province has the same name on each."""
    values = {"unit": unit, "day": vi_date(unit.edition.valid_from)}
    return str(_("%(unit)s (map of %(day)s)") % values)


class SnapshotForm(forms.Form):
    """What a report is made of: programme, unit, period, and the words of the office."""

    programme = forms.ModelChoiceField(
        Programme.objects.none(), label=_("Programme"), empty_label=None
    )
    unit = forms.ModelChoiceField(
        AdministrativeUnit.objects.none(), label=_("Unit"), empty_label=None
    )
    period = forms.ChoiceField(label=_("Period"))
    parent = forms.CharField(label=_("Superior body"), max_length=150)
    name = forms.CharField(label=_("Office that reports"), max_length=150)
    code = forms.CharField(
        label=_("Code of the office"),
        max_length=30,
        validators=[
            RegexValidator(r"^[^\W_]+(-[^\W_]+)*$", _("Letters and digits, with hyphens."))
        ],
        help_text=_(
            "Behind the number: 12/BC-SLĐTBXH. Each code has a series of its own each year."
        ),
    )
    place = forms.CharField(label=_("Place on the paper"), max_length=100)
    signer_position = forms.CharField(
        label=_("Position of the signer"),
        max_length=150,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Line breaks are kept."),
    )
    signer_name = forms.CharField(label=_("Name of the signer"), max_length=100, required=False)
    recipients = forms.CharField(
        label=_("Recipients"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on each line."),
    )

    def __init__(self, data: Any, *, by: User, units: Any) -> None:
        super().__init__(data, initial=_last_words(by))
        fields: Any = self.fields
        fields["programme"].queryset = Programme.objects.select_related("edition").order_by(
            "-starts_on", "pk"
        )
        fields["unit"].queryset = _on_maps_of_programmes(units)
        fields["unit"].label_from_instance = _unit_on_map
        fields["period"].choices = _periods()

    def clean_recipients(self) -> str:
        """Return the lines without the dashes that offices write: the paper puts its own."""
        lines = str(self.cleaned_data["recipients"]).splitlines()
        return "\n".join(_DASH.sub("", line).rstrip() for line in lines if _DASH.sub("", line))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        programme, unit = cleaned.get("programme"), cleaned.get("unit")
        if programme and unit and unit.edition_id != programme.edition_id:
            self.add_error("unit", _("This unit is not on the map of the programme."))
        return cleaned

    @property
    def asked(self) -> dict[str, Any]:
        """Return what `draft_snapshot` asks for. Raises Refusal as `read_period`."""
        cleaned = self.cleaned_data
        return {
            "programme": cleaned["programme"],
            "unit": cleaned["unit"],
            "period": read_period(key=cleaned["period"], today=localdate()),
            "office": Office(**{name: cleaned[name] for name in Office.__annotations__}),
        }


def _last_words(by: User) -> dict[str, Any]:
    """Return the words of the office on the last report of the reader's area."""
    last = ReportSnapshot.objects.manageable_by(by).order_by("-pk").first()
    if last is not None:
        return dict(last.facts["office"])
    return {"name": site_details().unit}


def _periods() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the last periods of each kind that are over."""
    today = localdate()
    return [
        (
            str(kind.label),
            [
                (one.key, str(one))
                for one in periods_over(kind=kind, today=today, count=_OFFERED[kind])
            ],
        )
        for kind in PeriodKind
    ]


class WithdrawalForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ReportScheduleForm(ScopedModelForm):
    """A schedule, for a province or district; its recipients oversee the whole of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = _on_maps_of_programmes(units_to_report(by=self.for_user))
        fields["unit"].label_from_instance = _unit_on_map
        readers = User.objects.filter(
            is_active=True, role_assignments__role__in=OVERSIGHT_ROLES
        ).visible_to(self.for_user)
        # The widget first: a field hands its choices to the widget that it has at that moment.
        fields["recipients"].widget = CheckboxSelectMultiple()
        fields["recipients"].queryset = readers.distinct().order_by("sort_key", "staff_code")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        programme, unit = cleaned.get("programme"), cleaned.get("unit")
        if not (programme and unit):
            return cleaned
        if unit.edition_id != programme.edition_id:
            self.add_error("unit", _("This unit is not on the map of the programme."))
        schedule = ReportSchedule(programme=programme, unit=unit)
        others = [
            str(one)
            for one in cleaned.get("recipients", ())
            if not is_reader(schedule=schedule, user=one)
        ]
        if others:
            sentence = _("They do not oversee the whole unit: %(names)s.")
            self.add_error("recipients", sentence % {"names": ", ".join(others)})
        return cleaned
