"""What a provider may have done with a message, and how a way stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """Of the four only the last leaves open whether the message is on its way."""

    ACCEPTED = "accepted", _("Accepted")
    # This message to this address, and no later try would change it.
    REFUSED = "refused", _("Refused")
    # Certainly not taken; a later try may do. Stored as it was called first.
    NOT_NOW = "error", _("Could not be submitted")
    UNKNOWN = "unknown", _("Interrupted while sending")


class WayCondition(models.TextChoices):
    """What keeps messages from going a way; only looked at, never stored."""

    NOT_SET_UP = "not_set_up", _("Not set up")
    PAUSED = "paused", _("Left alone")
    FAILING = "failing", _("Failing")
    FULL = "full", _("Limit of the day reached")
    UNTRIED = "untried", _("Not used yet")
    WORKS = "works", _("Works")
