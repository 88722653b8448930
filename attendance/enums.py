from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttendanceStatus(models.TextChoices):
    PRESENT = "present", _("Present")
    LATE = "late", _("Late")
    EXCUSED = "excused", _("Excused")
    ABSENT = "absent", _("Absent")


class MarkMethod(models.TextChoices):
    """How a mark was taken."""

    ROLL_CALL = "roll_call", _("Roll call")
    CORRECTION = "correction", _("Correction")
    # What was noted before no longer counts, and nothing is noted in its place.
    TAKEN_BACK = "taken_back", _("Withdrawn by undo")


class ClashKind(StrEnum):
    """What two sessions at the same time both want."""

    TRAINER = "trainer"
    ROOM = "room"
    TRAINEES = "trainees"


class HoursLack(StrEnum):
    """Why hours of a session are missing. Whether it is still to come, its day says."""

    MISSED = "missed"
    PARTLY = "partly"
    UNRECORDED = "unrecorded"
    # Noted in full; the hours count once the session has ended.
    NOT_OVER = "not_over"
