"""A day that somebody types into a form of the site."""

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.core.local_time import NEAR_YEARS

NOT_A_DATE: Final = _("Please enter a date, such as 24/11/2026.")


class DayInput(forms.DateInput):
    """A day as every browser sends it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: Any, **options: Any) -> forms.DateField:
    """Return a field of a day near today, as a browser sends it or as it is written by hand."""
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=DayInput(),
        error_messages={"invalid": NOT_A_DATE},
        validators=[_require_near],
        **options,
    )


def _require_near(day: date) -> None:
    if day.year not in NEAR_YEARS:
        raise forms.ValidationError(NOT_A_DATE, code="invalid")
