"""Reminders and their rules in the Wagtail admin."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from lms.core.display import phone_local
from lms.notifications.domain.texts import TEXT_FIELDS
from lms.notifications.enums import RULE_ROLES
from lms.notifications.forms import ReminderRuleForm
from lms.notifications.models import DayOff, Reminder, ReminderRule
from lms.notifications.permissions import REMINDER_ROLES, RULE_WRITERS, SENDING_ROLES
from lms.notifications.views.pausing import PauseView
from lms.notifications.views.reminders import (
    ReminderFilterSet,
    ReminderIndexView,
    ReminderInspectView,
    SendAgainView,
    SettleView,
)
from lms.notifications.views.rules import (
    RuleCreateView,
    RuleEditView,
    RuleIndexView,
    RulePreviewView,
)
from lms.scoped_admin.columns import DayColumn
from lms.scoped_admin.viewsets import ScopedModelViewSet


class ReminderViewSet(ScopedModelViewSet):
    """To look at; the one thing to do is to send a failed one again."""

    model = Reminder
    name = "reminders"
    icon = "lms-bell"
    menu_name = "reminders"
    menu_label = _("Reminders")
    menu_order = 400
    add_to_admin_menu = True
    view_roles = REMINDER_ROLES
    act_roles = SENDING_ROLES
    pages: ClassVar = {
        "send_again": ("send-again/<int:pk>/", SendAgainView),
        "settle": ("settle/<int:pk>/", SettleView),
    }
    index_view_class = ReminderIndexView
    inspect_view_class = ReminderInspectView
    filterset_class = ReminderFilterSet
    ordering = "-due_at"
    # What one needs to call; the screen has it on the page of the reminder.
    further_columns = (
        Column("phone", label=_("Phone number"), accessor=lambda row: phone_local(row.user.phone)),
        Column("staff_code", label=_("Staff code"), accessor="user.staff_code"),
    )
    folded_search_fields = ("user__search_text",)


class ReminderRuleViewSet(ScopedModelViewSet):
    """The rules that come with the kinds, and those that were written besides."""

    model = ReminderRule
    name = "reminder_rules"
    icon = "lms-bell"
    menu_name = "reminder-rules"
    menu_label = _("Reminder rules")
    menu_order = 70
    add_to_settings_menu = True
    change_scope_method = "manageable_by"
    view_roles = add_roles = change_roles = RULE_WRITERS
    pages: ClassVar = {
        "preview": ("<int:pk>/preview/", RulePreviewView),
        "pause": ("pause/", PauseView),
    }
    index_view_class = RuleIndexView
    add_view_class = RuleCreateView
    edit_view_class = RuleEditView
    inspect_view_enabled = False
    base_form_class = ReminderRuleForm
    form_fields = (
        *("kind", "name", "repeat_times", "repeat_days", "unit", "cadres", "ways"),
        *TEXT_FIELDS,
    )


class DayOffViewSet(ScopedModelViewSet):
    """Days on which no reminder leaves: those by law stand there, the others are typed in; and days of
    a weekend on which people work.
    """

    model = DayOff
    name = "days_off"
    icon = "date"
    menu_name = "days-off"
    menu_label = _("Days off")
    menu_order = 76
    add_to_settings_menu = True
    view_roles = add_roles = change_roles = delete_roles = RULE_ROLES
    inspect_view_enabled = False
    list_display = (
        DayColumn("day", label=_("Day")),
        "name",
        Column("effect", label=_("Messages leave or rest")),
    )
    form_fields = ("day", "name", "is_working_day")
    ordering = "day"
