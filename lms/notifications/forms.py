"""The form of a rule: when, to whom, by which ways, and in which words."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import MINIMAL_CADRES, Cadre
from lms.accounts.register.domain.unit_choices import usual_units
from lms.core.day_field import day_field
from lms.core.show_refusal import RefusalOnForm
from lms.geography.enums import Level
from lms.messaging.extensions import configured_channels
from lms.notifications.domain.preferences import EVERY_KIND
from lms.notifications.domain.texts import check_texts
from lms.notifications.enums import RULE_ROLES, SITE
from lms.notifications.extensions import ReminderKind, audience_parts, reminder_kinds
from lms.notifications.labels import MINUTES_A_DAY, MINUTES_AN_HOUR, kind_choices, lead_parts
from lms.notifications.models import ReminderRule
from lms.scoped_admin.forms import ScopedModelForm

LONGEST_LEAD: Final = 60 * MINUTES_A_DAY
MOST_TIMES: Final = 10
LONGEST_PAUSE: Final = 60
UNITS: Final = ((MINUTES_A_DAY, _("days")), (MINUTES_AN_HOUR, _("hours")), (1, _("minutes")))
_CHECKBOXES: Final = forms.CheckboxSelectMultiple


class ReminderRuleForm(ScopedModelForm):
    number = forms.IntegerField(
        label=_("How long before or after"),
        min_value=0,
        help_text=_("Reminders that are already waiting move to the new time within a minute."),
    )
    unit_of_time = forms.TypedChoiceField(label=_("Unit of time"), choices=UNITS, coerce=int)
    cadres = forms.MultipleChoiceField(
        label=_("Only these cadres"),
        choices=[(one.value, one.label) for one in Cadre if one not in MINIMAL_CADRES],
        required=False,
        widget=_CHECKBOXES,
    )
    ways = forms.MultipleChoiceField(
        label=_("Only these ways"),
        required=False,
        widget=_CHECKBOXES,
        help_text=_("If none is ticked, the order of ways that is set for this site."),
    )

    field_order: ClassVar = (
        *("kind", "name", "number", "unit_of_time", "repeat_times", "repeat_days"),
        *("unit", "cadres", "about_programme", "about_course", "about_class", "ways"),
    )

    class Meta:
        model = ReminderRule
        fields = (
            *("kind", "name", "repeat_times", "repeat_days", "unit", "cadres", "ways"),
            *("subject_vi", "body_vi", "short_vi", "subject_en", "body_en", "short_en"),
        )
        help_texts: ClassVar = {"unit": _("If empty, the whole province.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            # Switched on from its preview.
            self.instance.enabled = False
            self.fields["kind"] = forms.ChoiceField(label=_("kind"), choices=kind_choices())
        else:
            del self.fields["kind"]
        lead = lead_parts(self.instance.lead_minutes or 0)
        self.initial["number"], self.initial["unit_of_time"] = lead
        self.fields["repeat_times"] = forms.IntegerField(
            label=_("How many times more"), min_value=0, max_value=MOST_TIMES, initial=0
        )
        self.fields["repeat_days"] = forms.IntegerField(
            label=_("Each time after so many days"), min_value=1, max_value=LONGEST_PAUSE, initial=1
        )
        # What stands in the site stands there besides any way.
        ways = [(one.key, one.label) for one in configured_channels() if one.key != SITE]
        self.fields["ways"].choices = ways
        self._offer_units()
        self._offer_classes()
        self.order_fields(self.field_order)

    def _offer_units(self) -> None:
        field: Any = self.fields["unit"]
        units = field.queryset.filter(level__in=(Level.DISTRICT, Level.COMMUNE))
        kept = self.instance.unit_id
        field.queryset = usual_units(
            by=self.for_user, on=timezone.localdate(), units=units, keep=kept
        )
        field.required = not self.for_user.scope.has_role(*RULE_ROLES)

    def _offer_classes(self) -> None:
        for part in audience_parts:
            name, chosen = f"about_{part.key}", self.instance.about.get(part.key, [])
            # What was chosen stays so although it would not be offered: without it the rule would
            # speak to more people, or to everybody.
            offered = dict(part.choices(by=self.for_user))
            offered |= dict(part.named(ids=chosen)) if chosen else {}
            self.fields[name] = forms.TypedMultipleChoiceField(
                label=str(part.label),
                choices=list(offered.items()),
                coerce=int,
                required=False,
                widget=_CHECKBOXES,
            )
            self.initial[name] = chosen

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "number" in cleaned and "unit_of_time" in cleaned:
            minutes = cleaned["number"] * cleaned["unit_of_time"]
            if minutes > LONGEST_LEAD:
                too_long = ValidationError(_("The longest lead time is 60 days."), code="too_long")
                self.add_error("number", too_long)
            self.instance.lead_minutes = minutes
        self.instance.about = {
            part.key: chosen
            for part in audience_parts
            if (chosen := cleaned.get(f"about_{part.key}"))
        }
        return cleaned

    def _post_clean(self) -> None:
        """Check the words once they stand on the rule."""
        super()._post_clean()
        kind = reminder_kinds.get(self.instance.kind)
        if kind is not None:
            with RefusalOnForm(self):
                check_texts(rule=self.instance, kind=kind)


class DeliveryForm(forms.Form):
    """Which days the report of what became of messages tells of, and by what."""

    first = day_field(_("From"))
    last = day_field(_("To"))
    by = forms.ChoiceField(
        choices=[(key, key) for key in ("way", "kind", "run", "district")],
        widget=forms.HiddenInput,
    )

    @property
    def asked(self) -> dict[str, Any]:
        """Return what can be read and fits together; what is wrong stays marked."""
        self.is_valid()
        return self.cleaned_data

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "first" in cleaned and "last" in cleaned and cleaned["last"] < cleaned["first"]:
            self.add_error("last", _("The last day lies before the first."))
            del cleaned["first"]
        return cleaned


class WaysForm(forms.Form):
    """A choice for all kinds together, one for each that may be kept to the site, and the language."""

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[ReminderKind],
        chosen: Mapping[str, str],
        language: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"),
            choices=settings.LANGUAGES,
            initial=language,
            help_text=_("Of messages and of the pages."),
        )
        ways = [(one.key, one.label) for one in configured_channels() if one.key != SITE]
        usual = ("", _("as usual here"))
        self.kinds = {"all": EVERY_KIND}
        self.fields["all"] = forms.ChoiceField(
            label=_("All messages"),
            choices=[usual, *ways],
            required=False,
            initial=chosen.get(EVERY_KIND, ""),
            help_text=_("This way first; the next one where it does not work."),
        )
        like_all = ("", _("like all messages"))
        in_site = (SITE, _("in the site alone"))
        for number, kind in enumerate(kinds):
            self.kinds[f"kind-{number}"] = kind.key
            self.fields[f"kind-{number}"] = forms.ChoiceField(
                label=str(kind.label),
                choices=[like_all, *ways, in_site],
                required=False,
                initial=chosen.get(kind.key, ""),
            )

    @property
    def ways(self) -> dict[str, str]:
        """Return the way of each kind; nothing where none comes first."""
        return {kind: self.cleaned_data[name] for name, kind in self.kinds.items()}
