"""Whom a sheet of invitations is for."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.extensions import people_groups
from lms.accounts.models import Posting, User
from lms.accounts.register.domain.unit_choices import usual_units
from lms.accounts.register.forms.people import UnitChoiceField
from lms.accounts.signin.domain.invitations import people_of_unit, people_to_invite
from lms.geography.models import AdministrativeUnit


class WhomForm(forms.Form):
    """A unit, or one group that an upper layer offers."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Posting.objects.filter(valid_to=None).values("unit__edition")
        seen = AdministrativeUnit.objects.visible_to(user).filter(edition__in=held)
        units = usual_units(by=user, on=timezone.localdate(), units=seen)
        self.fields["unit"] = UnitChoiceField(
            label=_("Unit"), queryset=units.select_related("edition"), required=False
        )
        for group in people_groups:
            self.fields[group.key] = forms.ModelChoiceField(
                label=str(group.label), queryset=group.choices(user), required=False
            )
        self.fields["again"] = forms.BooleanField(
            label=_("Also people who have logged in before"), required=False
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        sources = [key for key in self.fields if key != "again" and cleaned.get(key)]
        if not self.errors and len(sources) != 1:
            raise forms.ValidationError(_("Please choose one unit or one group."), code="source")
        return cleaned

    def people(self, *, by: User) -> QuerySet[User]:
        """Return those chosen whom `by` may invite."""
        cleaned = self.cleaned_data
        if cleaned["unit"]:
            chosen = people_of_unit(unit=cleaned["unit"], on=timezone.localdate())
        else:
            group = next(group for group in people_groups if cleaned[group.key])
            chosen = group.people(cleaned[group.key])
        allowed = people_to_invite(by=by, again=cleaned["again"])
        return allowed.filter(pk__in=chosen.values("pk"))
