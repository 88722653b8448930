"""What a report is asked for, and the form of a target."""

from collections.abc import Collection
from datetime import date
from functools import cache, partial
from typing import Any, Final, cast

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from courses.models import Programme
from lms.accounts.enums import Cadre
from lms.core.show_refusal import RefusalOnForm
from lms.geography.models import BoundaryEdition
from lms.reporting.domain.queries import required_courses
from lms.reporting.domain.targets import check_target
from lms.reporting.domain.thresholds import Threshold
from lms.reporting.enums import CountedAt
from lms.scoped_admin.forms import ScopedModelForm

# Nobody was trained by the suite before; what stands in an address may be any day.
_EARLIEST: Final = date(2000, 1, 1)


class DayInput(forms.DateInput):
    """A day as every browser sends it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CompletionFilterForm(forms.Form):
    """Programme, map, cadre and the place to count at. Whatever cannot be read falls back to the
    programme's own.
    """

    programme = forms.ModelChoiceField(
        Programme.objects.none(), label=_("Programme"), required=False, empty_label=None
    )
    edition = forms.ModelChoiceField(
        BoundaryEdition.objects.none(), label=_("Map"), required=False, empty_label=None
    )
    cadre = forms.ChoiceField(
        choices=[("", _("All cadres")), *Cadre.choices], label=_("Cadre"), required=False
    )
    counted = forms.ChoiceField(choices=CountedAt.choices, label=_("Count people"), required=False)
    on = forms.DateField(label=_("As of (empty: today)"), required=False, widget=DayInput())

    def __init__(self, data: Any, *, programmes: Any, editions: Any) -> None:
        super().__init__(data)
        for name, known in (("programme", programmes), ("edition", editions)):
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            field.queryset = known
            # A select asks for its choices twice, and each time a query would answer.
            field.choices = cache(partial(_choices, known))

    def clean_on(self) -> date | None:
        """Return a day that is over: today's figures are the live ones, and nobody knows tomorrow's."""
        day: date | None = self.cleaned_data["on"]
        is_past = day is not None and _EARLIEST <= day < localdate()
        return day if is_past else None

    def offer_cadres(self, trained: Collection[str]) -> None:
        """Offer the cadres that the programme trains: nobody else is in any figure."""
        field = cast("forms.ChoiceField", self.fields["cadre"])
        offered = [choice for choice in Cadre.choices if choice[0] in trained]
        field.choices = [("", _("All cadres")), *offered]


def _choices(known: Any) -> list[tuple[int, str]]:
    return [(one.pk, str(one)) for one in known]


class CoverageTargetForm(ScopedModelForm):
    """A target, for the units on the maps of programmes that one plans for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = self.fields["unit"].queryset.filter(edition__programmes__isnull=False)
        self.fields["unit"].queryset = units.distinct().order_by("path")
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
