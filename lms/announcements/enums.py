"""How long an announcement may be, and where it stands."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SUBJECT_LENGTH: Final = 120
TEXT_LENGTH: Final = 1000
#: The kind of the reminders by which announcements walk.
KIND: Final = "announcements.by_hand"


class AnnouncementState(models.TextChoices):
    """Looked at, never stored: it follows from the times in the row."""

    WAITING = "waiting", _("Scheduled")
    LEAVING = "leaving", _("Waits to go out")
    OUT = "out", _("Sent out")
    WITHDRAWN = "withdrawn", pgettext_lazy("of an announcement", "Withdrawn")
    STOPPED = "stopped", _("Not sent")
