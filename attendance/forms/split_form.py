"""Where a session is cut in two."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance.domain.sessions.splitting import SplitPlan
from attendance.forms.session_form import hour_field
from attendance.models import Session


class SplitForm(forms.Form):
    first_ends = hour_field(_("The first part ends at"))
    first_break_minutes = forms.IntegerField(
        label=_("Breaks in the first part (minutes)"), required=False, min_value=0, max_value=600
    )
    second_title = forms.CharField(label=_("Name of the second part"), max_length=200)
    second_starts = hour_field(_("The second part begins at"))
    second_break_minutes = forms.IntegerField(
        label=_("Breaks in the second part (minutes)"), required=False, min_value=0, max_value=600
    )

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._session = session
        self.fields["second_title"].initial = session.title

    def plan(self) -> SplitPlan:
        """Return what a valid form asks for."""
        data = self.cleaned_data
        return SplitPlan(
            first_ends=self._moment(data["first_ends"]),
            second_starts=self._moment(data["second_starts"]),
            second_title=data["second_title"],
            first_break_minutes=data["first_break_minutes"] or 0,
            second_break_minutes=data["second_break_minutes"] or 0,
        )

    def _moment(self, hour: time) -> datetime:
        """Return the first moment of this hour after the session has begun."""
        begin = timezone.localtime(self._session.starts_at)
        moment = timezone.make_aware(datetime.combine(begin.date(), hour))
        if moment > begin:
            return moment
        return timezone.make_aware(datetime.combine(begin.date() + timedelta(days=1), hour))
