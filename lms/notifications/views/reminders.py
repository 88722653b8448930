"""The list of reminders in the Wagtail admin, one reminder, and "send again"."""

from datetime import datetime
from typing import Any

import django_filters
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.widgets.button import BaseButton, HeaderButton

from lms.accounts.models import User
from lms.accounts.register.views.people import DistrictFilter, districts_of
from lms.core.display import NOTHING, phone_local
from lms.core.readers import SignedInRequest
from lms.geography.models import AdministrativeUnit
from lms.messaging.enums import Outcome
from lms.messaging.extensions import channels
from lms.notifications.domain.delivery import in_figure
from lms.notifications.domain.transitions import send_again
from lms.notifications.domain.uncertain import settle_uncertain
from lms.notifications.enums import (
    PEOPLE,
    RESENDABLE_STATES,
    UNDELIVERED_STATES,
    DeliveryFigure,
    ReminderState,
)
from lms.notifications.labels import (
    kind_choices,
    kind_label,
    next_step,
    outcome_label,
    time_label,
    way_label,
)
from lms.notifications.models import Reminder
from lms.notifications.permissions import SENDING_ROLES
from lms.scoped_admin.columns import DayColumn
from lms.scoped_admin.pages import ActionPage
from lms.scoped_admin.views import ScopedFilterSet, ScopedIndexView, ScopedInspectView

SEND_AGAIN = "reminders:send_again"
SETTLE = "reminders:settle"
PERSON = "wagtailusers_users:inspect"


def is_resendable(reminder: Reminder) -> bool:
    return reminder.state in RESENDABLE_STATES and reminder.expires_at > timezone.now()


def may_send(request: SignedInRequest, reminder: Reminder) -> bool:
    """Return whether “Send again” is offered."""
    user = request.user
    return is_resendable(reminder) and bool(user.scope.has_role(*SENDING_ROLES))


def may_settle(request: SignedInRequest, reminder: Reminder) -> bool:
    """Return whether it is asked if the message arrived."""
    may = request.user.scope.has_role(*SENDING_ROLES)
    return bool(may) and reminder.state == ReminderState.UNCERTAIN


def classes_of(request: SignedInRequest) -> list[tuple[int, str]]:
    """Return the classes that the reader's reminders are about."""
    rows = Reminder.objects.visible_to(request.user).exclude(run_number=None)
    found = rows.order_by("run_title").values_list("run_number", "run_title").distinct()
    # Once each: a class that was renamed stands in older rows under its former title.
    return list({number: title for number, title in found if number is not None}.items())


def ways() -> list[tuple[str, str]]:
    return [(key, way_label(key)) for key in (*(one.key for one in channels), PEOPLE)]


class RecipientDistrictFilter(DistrictFilter):
    """Reminders to people with a post held today in the district or below it."""

    def filter(self, qs: models.QuerySet, value: AdministrativeUnit | None) -> models.QuerySet:
        if value is None:
            return qs
        return qs.filter(user__in=super().filter(User.objects.all(), value).values("pk"))


class ReminderFilterSet(ScopedFilterSet):
    district = RecipientDistrictFilter(label=gettext_lazy("District"), queryset=districts_of)
    run_number = django_filters.ChoiceFilter(label=gettext_lazy("Class"), choices=())
    way = django_filters.ChoiceFilter(label=gettext_lazy("Way"), choices=ways)
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"),
        choices=ReminderState.choices,
        widget=CheckboxSelectMultiple,
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind of reminder"), field_name="rule__kind", choices=kind_choices
    )

    outcome = django_filters.ChoiceFilter(
        label=gettext_lazy("In the delivery report"),
        choices=DeliveryFigure.choices,
        method="in_figure",
    )
    due_at = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Due"), widget=DateRangePickerWidget
    )

    class Meta:
        model = Reminder
        fields = ("district", "run_number", "state", "way", "kind", "outcome", "due_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["run_number"].extra["choices"] = classes_of(self.request)

    def in_figure(self, rows: models.QuerySet, _name: str, value: str) -> models.QuerySet:
        return rows.filter(in_figure(DeliveryFigure(value)))


class ReminderIndexView(ScopedIndexView):
    def get_base_queryset(self) -> models.QuerySet:
        return super().get_base_queryset().select_related("user", "rule")

    @cached_property
    def columns(self) -> list[Column]:
        title_class = self._get_title_column_class(TitleColumn)
        return [
            title_class(
                "user",
                label=_("Recipient"),
                accessor="user.full_name",
                sort_key="user__sort_key",
                get_url=self.get_inspect_url,
            ),
            Column(
                "kind", label=_("Kind of reminder"), accessor=lambda row: kind_label(row.rule.kind)
            ),
            Column("run_title", label=_("Class")),
            Column("session_title", label=_("Session")),
            Column("place", label=_("Venue")),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor="get_state_display",
                primary=lambda row: row.state == ReminderState.SENT,
            ),
            Column("way", label=_("Way"), accessor=lambda row: way_label(row.way)),
            DayColumn("due_at", label=_("Due"), form="time", sort_key="due_at"),
            DayColumn("sent_at", label=_("Sent at"), form="time", accessor=_sent_at),
            Column("next_step", label=_("What to do"), accessor=_to_do),
        ]

    def get_list_more_buttons(self, instance: Reminder) -> list[BaseButton]:
        offered = [(_("Did it arrive?"), SETTLE)] if may_settle(self.request, instance) else []
        offered += [(_("Send again"), SEND_AGAIN)] if may_send(self.request, instance) else []
        return [
            BaseButton(
                label,
                url=reverse(name, args=(instance.pk,)),
                attrs={"aria-label": f"{label}: {instance.user.full_name}"},
            )
            for label, name in offered
        ]


class ReminderInspectView(ScopedInspectView):
    page_title = gettext_lazy("Reminder")
    template_name = "notifications/reminder_inspect.html"

    def scoped_rows(self) -> models.QuerySet:
        return super().scoped_rows().select_related("user", "rule")

    def get_page_subtitle(self) -> str:
        return str(self.object.user)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        buttons = []
        if may_settle(self.request, self.object):
            url = reverse(SETTLE, args=(self.object.pk,))
            buttons.append(HeaderButton(_("Did it arrive?"), url=url, icon_name="help"))
        if may_send(self.request, self.object):
            url = reverse(SEND_AGAIN, args=(self.object.pk,))
            buttons.append(HeaderButton(_("Send again"), url=url, icon_name="rotate"))
        if self.object.state in UNDELIVERED_STATES:
            # Where the address and the telephone number are put right.
            url = reverse(PERSON, args=(self.object.user_id,))
            buttons.append(HeaderButton(_("See the person"), url=url, icon_name="user"))
        return buttons

    def get_fields_context(self) -> list[dict[str, Any]]:
        reminder = self.object
        facts = (
            (_("Recipient"), f"{reminder.user.full_name} ({reminder.user.staff_code})"),
            (_("E-mail address"), reminder.user.email or _("none")),
            (_("Phone number"), phone_local(reminder.user.phone) or _("none")),
            (_("Kind of reminder"), kind_label(reminder.rule.kind)),
            (_("Class"), reminder.run_title),
            (_("Session"), reminder.session_title),
            (_("Venue"), reminder.place),
            (_("Way"), way_label(reminder.way)),
            (_("State"), reminder.get_state_display()),
            (_("What to do"), next_step(reminder)),
            (_("In this state since"), time_label(reminder.state_since)),
            (_("Due"), time_label(reminder.due_at)),
            (_("Expires"), time_label(reminder.expires_at)),
        )
        return [{"label": label, "value": value} for label, value in facts if value]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        deliveries = [
            {
                "started": time_label(attempt.started_at),
                "way": way_label(attempt.channel),
                "outcome": outcome_label(attempt),
                "receipt": attempt.get_receipt_display(),
                "detail": "" if attempt.channel == PEOPLE else attempt.detail,
                "is_accepted": attempt.outcome == Outcome.ACCEPTED,
            }
            for attempt in self.object.deliveries.select_related("caller").order_by("pk")
        ]
        return super().get_context_data(deliveries=deliveries, **kwargs)


class SendAgainView(ActionPage):
    """Asks first: a reminder that is perhaps sent may then arrive twice."""

    row_name = "reminder"
    template_name = "notifications/send_again.html"
    page_title = gettext_lazy("Send again")

    def scoped_rows(self) -> models.QuerySet:
        return super().scoped_rows().select_related("user", "rule")

    def get_row_label(self) -> str:
        return str(self.row.user)

    def perform(self) -> str:
        by = self.request.user
        send_again(reminder=self.row, by=by, now=timezone.now())
        return _("The reminder will be sent again within a minute.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reminder = self.row
        return super().get_context_data(
            kind=kind_label(reminder.rule.kind),
            resendable=is_resendable(reminder),
            uncertain=reminder.state == ReminderState.UNCERTAIN,
            **kwargs,
        )


class SettleView(ActionPage):
    """Takes the word of whoever has asked the person."""

    row_name = "reminder"
    template_name = "notifications/settle.html"
    page_title = gettext_lazy("Did it arrive?")

    def scoped_rows(self) -> models.QuerySet:
        return super().scoped_rows().select_related("user", "rule")

    def get_row_label(self) -> str:
        return str(self.row.user)

    def perform(self) -> str:
        arrived = self.request.POST.get("arrived") == "1"
        settle_uncertain(reminder=self.row, arrived=arrived, by=self.request.user)
        return _("Noted.") if arrived else _("Noted. It can be sent again now.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=kind_label(self.row.rule.kind), **kwargs)


def _to_do(reminder: Reminder) -> str:
    return next_step(reminder) if reminder.state in UNDELIVERED_STATES else NOTHING


def _sent_at(reminder: Reminder) -> datetime | None:
    return reminder.state_since if reminder.state == ReminderState.SENT else None
