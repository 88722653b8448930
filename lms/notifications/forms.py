"""The form of a rule: a lead time as people say it."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.notifications.labels import MINUTES_A_DAY, MINUTES_AN_HOUR, lead_parts
from lms.notifications.models import ReminderRule
from lms.scoped_admin.forms import ScopedModelForm

LONGEST_LEAD = 60 * MINUTES_A_DAY
UNITS = ((MINUTES_A_DAY, _("days")), (MINUTES_AN_HOUR, _("hours")), (1, _("minutes")))


class ReminderRuleForm(ScopedModelForm):
    number = forms.IntegerField(
        label=_("How long before"),
        min_value=0,
        help_text=_("Reminders that are already waiting move to the new time within a minute."),
    )
    unit = forms.TypedChoiceField(label=_("Unit of time"), choices=UNITS, coerce=int)

    class Meta:
        model = ReminderRule
        fields = ("enabled",)
        labels: ClassVar = {"enabled": _("Send these reminders")}
        help_texts: ClassVar = {
            "enabled": _("While this is off, planned reminders wait until they expire.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["number"], self.initial["unit"] = lead_parts(self.instance.lead_minutes)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "number" in cleaned and "unit" in cleaned:
            minutes = cleaned["number"] * cleaned["unit"]
            if minutes > LONGEST_LEAD:
                self.add_error("number", _("The longest lead time is 60 days."))
            self.instance.lead_minutes = minutes
        return cleaned
