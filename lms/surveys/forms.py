from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.surveys.enums import Rating, Statement

LONGEST_COMMENT = 1000


class SurveyForm(forms.Form):
    """One choice for each statement, none of which has to be made, and a free text."""

    comment = forms.CharField(
        label=_("What should be done differently?"),
        help_text=_("Please write no names: neither your own nor that of a child or family."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_COMMENT,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for statement in Statement:
            self.fields[statement.value] = forms.TypedChoiceField(
                label=statement.label,
                choices=Rating.choices,
                coerce=int,
                widget=forms.RadioSelect,
                required=False,
                empty_value=None,
            )
        self.order_fields([*Statement.values, "comment"])

    @property
    def ratings(self) -> dict[str, int]:
        """The statements that were rated."""
        chosen = {name: self.cleaned_data.get(name) for name in Statement.values}
        return {name: rating for name, rating in chosen.items() if rating is not None}
