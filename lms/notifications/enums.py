"""The states of a reminder, and what they mean to who looks."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import Role

# These write rules for the whole province.
RULE_ROLES: Final = (Role.ADMINISTRATOR, Role.MONITOR)

#: The way of a reminder for somebody whom no other one reaches: a person calls.
PEOPLE: Final = "people"


#: The way of a reminder that the person wants to read in the site alone.
SITE: Final = "site"

#: The way of a reminder to a device on which the person has switched it on.
PUSH: Final = "push"


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")


class ReminderState(models.TextChoices):
    """planned > claimed > handing_over > sent; the rest are ends of their own."""

    PLANNED = "planned", _("Waiting to be sent")
    CLAIMED = "claimed", _("Being prepared")
    HANDING_OVER = "handing_over", _("Being sent")
    SENT = "sent", _("Sent")
    CANCELLED = "cancelled", _("No longer needed")
    UNREACHABLE = "unreachable", _("To be called")
    FAILED = "failed", _("Not delivered")
    UNCERTAIN = "uncertain", _("Possibly sent")


class DropReason(models.TextChoices):
    """Why a reminder was cancelled; empty in rows of before."""

    MOOT = "moot", _("done, changed or over by then")
    CLOSED = "closed", _("the account is closed")
    LATE = "late", _("it would have come too late")
    RULE_OFF = "rule_off", _("its rule was switched off")
    PAUSED = "paused", _("all reminders were paused")


# Ended without an answer that counts: a person may have it sent again.
RESENDABLE_STATES = (ReminderState.FAILED, ReminderState.UNCERTAIN)


# Ended, and the person may not know: somebody has to do something.
UNDELIVERED_STATES = (ReminderState.FAILED, ReminderState.UNCERTAIN, ReminderState.UNREACHABLE)


# Nothing reached the person by itself, and a call would.
TO_BE_CALLED_STATES = (ReminderState.FAILED, ReminderState.UNREACHABLE)


class CallResult(models.TextChoices):
    """What came of a call; kept as the detail of its attempt."""

    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("Nobody answered")
    WRONG_NUMBER = "wrong_number", _("Wrong number")


class ReceiptState(models.TextChoices):
    """What a provider told of a message after it had accepted it."""

    DELIVERED = "delivered", _("Arrived")
    FAILED = "failed", _("Did not arrive")


class DeliveryFigure(models.TextChoices):
    """What the delivery report counts; each also narrows the list of reminders."""

    ALL = "all", _("All messages")
    PLANNED = "planned", _("Still to be sent")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Arrived")
    READ = "read", _("Read in the site")
    FAILED = "failed", _("Not delivered")
    WITHDRAWN = "withdrawn", _("No longer needed")
    UNKNOWN = "unknown", _("Possibly sent")
    NO_WAY = "no_way", _("To be called")
