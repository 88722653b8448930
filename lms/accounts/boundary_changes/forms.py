"""What is asked when a boundary edition takes effect."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from lms.accounts.boundary_changes.domain.apply_edition import usual_day
from lms.accounts.boundary_changes.domain.split_units import SplitUnit
from lms.accounts.register.forms.people import UnitChoiceField
from lms.geography.models import AdministrativeUnit, BoundaryEdition


class EditionDayForm(forms.Form):
    on = forms.DateField(
        label=_("First day on the new map"),
        widget=AdminDateInput,
        help_text=_("Posts on the old map end the day before."),
    )

    def __init__(self, *args: Any, edition: BoundaryEdition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = usual_day(edition=edition)


class DecideForm(forms.Form):
    """Which of the waiting posts go on where."""

    posts = forms.MultipleChoiceField(
        error_messages={"required": _("Please tick at least one person.")}
    )
    to_unit = UnitChoiceField(
        label=_("They belong to"), queryset=None, empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, split: SplitUnit, posts: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticked = cast("forms.MultipleChoiceField", self.fields["posts"])
        ticked.choices = [(str(pk), str(pk)) for pk in posts]
        units = AdministrativeUnit.objects.filter(pk__in=[one.pk for one in split.successors])
        chosen = cast("forms.ModelChoiceField[Any]", self.fields["to_unit"])
        chosen.queryset = units.select_related("edition")
