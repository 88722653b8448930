from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AttendanceStatus(models.TextChoices):
    PRESENT = "present", _("Present")
    LATE = "late", _("Late")
    EXCUSED = "excused", _("Excused")
    ABSENT = "absent", _("Absent")


class DayPart(models.TextChoices):
    """When a session begins, where a day has several."""

    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")
    EVENING = "evening", _("Evening")


# Who was in the room, at least for a while.
PRESENT_STATUSES = (AttendanceStatus.PRESENT, AttendanceStatus.LATE)


class MarkMethod(models.TextChoices):
    """How a mark was taken."""

    ROLL_CALL = "roll_call", _("Roll call")
    # Typed from a sheet that people have signed.
    PAPER = "paper", _("Signed sheet")
    # From a list or a grid that came as a file.
    IMPORTED = "imported", _("Imported list")
    # Of somebody of another class, who makes up for a session missed there.
    MAKE_UP = "make_up", _("Make-up session")
    CORRECTION = "correction", _("Correction")
    # Nothing had been noted, and the trainer confirmed the absence when signing.
    SIGNED_OFF = "signed_off", _("Absence confirmed when signing")
    # A request to be excused was granted or refused.
    EXCUSE_DECIDED = "excuse", _("Excuse decided")
    # Came without being on the list, and was enrolled on the spot.
    WALK_IN = "walk_in", _("Came without being on the list")
    # By somebody who may correct a register that was signed.
    AFTER_SIGN_OFF = "after_sign", _("Correction after signing")
    # What was noted before no longer counts, and nothing is noted in its place.
    TAKEN_BACK = "taken_back", _("Withdrawn by undo")


# What is noted in these ways changes something that was settled, and says why.
REASONED_METHODS = (MarkMethod.CORRECTION, MarkMethod.AFTER_SIGN_OFF)
# These may still be written once the register of a session was signed.
METHODS_AFTER_SIGN_OFF = (MarkMethod.AFTER_SIGN_OFF, MarkMethod.EXCUSE_DECIDED)


class ExcuseState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("of an excuse", "Waiting for a decision")
    GRANTED = "granted", pgettext_lazy("of an excuse", "Excused")
    REFUSED = "refused", pgettext_lazy("of an excuse", "Not excused")
    WITHDRAWN = "withdrawn", pgettext_lazy("of an excuse", "Taken back")


class WalkInState(models.TextChoices):
    """What became of somebody who was noted by name alone."""

    WAITING = "waiting", pgettext_lazy("of a walk-in", "Not matched yet")
    MATCHED = "matched", pgettext_lazy("of a walk-in", "Matched with a record")
    DISMISSED = "dismissed", pgettext_lazy("of a walk-in", "Dismissed")


class SessionState(models.TextChoices):
    """How a session stands: worked out by `attendance.domain.session_state`, never stored."""

    TO_COME = "to_come", pgettext_lazy("of a session", "Upcoming")
    UNDER_WAY = "under_way", pgettext_lazy("of a session", "Under way")
    OVER = "over", pgettext_lazy("of a session", "Over")
    CANCELLED = "cancelled", pgettext_lazy("of a session", "Cancelled")


class ClashKind(StrEnum):
    """What two sessions at the same time both want."""

    TRAINER = "trainer"
    ROOM = "room"
    TRAINEES = "trainees"


class HoursLack(StrEnum):
    """Why hours of a session are missing. Whether it is still to come, its begin says."""

    MISSED = "missed"
    PARTLY = "partly"
    UNRECORDED = "unrecorded"
    # The register was signed before the person was in the class.
    SIGNED_BEFORE = "signed_before"
    # Whatever is noted: the hours count once the session has ended.
    NOT_OVER = "not_over"
    # A make-up session is agreed that may still bring them.
    MAKE_UP = "make_up"
