"""What a provider may have done with a message."""

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
