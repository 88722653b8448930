"""What reminders hold about people; from a pseudonymised copy they go, and are planned anew."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import RetentionAction
from lms.accounts.extensions import (
    NO_LONGER_KEPT,
    REMOVED,
    Follow,
    PersonalData,
    PseudonymisationRule,
    RetentionRule,
    one_is_enough,
)
from lms.messaging.models import AccessToken, Receipt, WayHealth
from lms.notifications.domain.texts import TEXT_FIELDS
from lms.notifications.models import (
    DayOff,
    DeadAddress,
    DeliveryAttempt,
    Notice,
    PushDevice,
    Reminder,
    ReminderRule,
    SendingPause,
    WayChoice,
)

_ANSWERS: Final = "It says who stopped the reminders, under the name of that day."

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
    PersonalData(
        WayChoice,
        subject="user",
        shown=("kind", "way"),
        on_merge={"user": Follow(clash_key=lambda row: row.kind, settle=one_is_enough)},
        ends_with_person=True,
        copy=PseudonymisationRule(kept=("kind", "way"), why="Keys."),
    ),
    PersonalData(
        PushDevice,
        subject="user",
        shown=("label", "created_at"),
        on_merge={"user": Follow()},
        ends_with_person=True,
        copy=REMOVED,
    ),
    PersonalData(
        DeadAddress,
        subject="user",
        shown=("way", "address", "since", "last_at"),
        on_merge={"user": Follow(clash_key=lambda row: row.way, settle=one_is_enough)},
        ends_with_person=True,
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
        on_merge={"caller": "Who called on that day stays told as it was."},
        copy=REMOVED,
    ),
    # The room of the ways stands below that of people, and names none of them.
    PersonalData(
        WayHealth,
        copy=PseudonymisationRule(
            kept=("way", "last_detail"), why="A key, and words of a server without addresses."
        ),
    ),
    # As long as the reminders that they are about, and of log-in codes no longer.
    PersonalData(
        Receipt,
        keep=[
            RetentionRule(
                key="receipts",
                label=_("Receipts of providers"),
                counted_from=_("the day the receipt came"),
                reason=_("During this time it can be checked whether a message arrived."),
                action=RetentionAction.DELETED,
                days=365,
                due=lambda before: Receipt.objects.filter(received_at__lt=before),
            )
        ],
        copy=REMOVED,
    ),
    # Sealed, and of no use elsewhere.
    PersonalData(AccessToken, copy=REMOVED),
    PersonalData(
        ReminderRule,
        copy=PseudonymisationRule(
            kept=("kind", "name", "shipped_as", "about", "cadres", "ways", *TEXT_FIELDS),
            why="Keys, and words that hold for everybody.",
        ),
    ),
    PersonalData(DayOff, copy=PseudonymisationRule(kept=("name",), why="The name of a day.")),
    PersonalData(
        SendingPause,
        on_merge={"started_by": _ANSWERS, "ended_by": _ANSWERS},
        copy=PseudonymisationRule(
            replaced={"reason": lambda pause: NO_LONGER_KEPT}, why="Who paused, and when."
        ),
    ),
)
