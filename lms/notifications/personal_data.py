"""What reminders hold about people; from a pseudonymised copy they go, and are planned anew."""

from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import RetentionAction
from lms.accounts.extensions import (
    REMOVED,
    Follow,
    PersonalData,
    PseudonymisationRule,
    RetentionRule,
)
from lms.messaging.models import Receipt, WayHealth
from lms.notifications.models import DeliveryAttempt, Notice, Reminder, ReminderRule

PERSONAL_DATA = (
    PersonalData(
        Reminder,
        subject="user",
        shown=("rule", "due_at", "state", "state_since"),
        on_merge={"user": Follow()},
        keep=[
            RetentionRule(
                key="reminders",
                label=_("Reminders, with the attempts to deliver them"),
                counted_from=_("the day the reminder expired"),
                reason=_(
                    "During this time it can be checked whether a message arrived, and the person "
                    "finds its text among the own notices."
                ),
                action=RetentionAction.DELETED,
                days=365,
                due=lambda before: Reminder.objects.filter(expires_at__lt=before),
            )
        ],
        copy=REMOVED,
    ),
    # Goes with its reminder.
    PersonalData(
        Notice,
        subject="user",
        shown=("subject", "text", "written_at", "read_at"),
        on_merge={"user": Follow()},
        copy=REMOVED,
    ),
    PersonalData(
        DeliveryAttempt,
        subject="reminder__user",
        shown=("reminder.rule", "channel", "started_at", "finished_at", "outcome"),
        on_merge={"caller": _("it says who answered for it then")},
        copy=REMOVED,
    ),
    # The room of the ways stands below that of people, and names none of them.
    PersonalData(
        WayHealth,
        copy=PseudonymisationRule(
            kept=("way", "last_detail"), why="A key, and words of a server without addresses."
        ),
    ),
    PersonalData(Receipt, copy=REMOVED),
    PersonalData(ReminderRule, copy=PseudonymisationRule(kept=("kind",), why="A key.")),
)
