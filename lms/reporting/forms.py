"""What a report is asked for."""

from functools import cache, partial
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Programme
from lms.accounts.enums import Cadre
from lms.geography.models import BoundaryEdition
from lms.reporting.enums import CountedAt


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

    def __init__(self, data: Any, *, programmes: Any, editions: Any) -> None:
        super().__init__(data)
        for name, known in (("programme", programmes), ("edition", editions)):
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            field.queryset = known
            # A select asks for its choices twice, and each time a query would answer.
            field.choices = cache(partial(_choices, known))


def _choices(known: Any) -> list[tuple[int, str]]:
    return [(one.pk, str(one)) for one in known]
