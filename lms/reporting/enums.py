from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.enums import EnrolmentState
from lms.accounts.enums import Role


class CountedAt(models.TextChoices):
    """Where a report counts those who are in a class; whoever is in none has today's post alone."""

    ENROLMENT = "", _("Where people worked when enrolled")
    NOW = "now", _("Where people work now")


class Beyond(models.TextChoices):
    """Why people of a report stand on no unit of its map."""

    DIVIDED = "divided", _("Place divided on this map")
    ABOLISHED = "abolished", _("Tier abolished on this map")
    AWAY = "away", _("Moved out of your area")


class NamesOf(models.TextChoices):
    """Whose names a list shows: all in a unit and below it, or a part of them."""

    AREA = ""
    OFFICE = "office"
    DIVIDED = "divided"
    ABOLISHED = "abolished"


# Nobody is named who moved out of the reader's area.
BEYOND_OF = {NamesOf.DIVIDED: Beyond.DIVIDED, NamesOf.ABOLISHED: Beyond.ABOLISHED}


class TargetUse(StrEnum):
    """Whether a report compares with targets, and why not."""

    SET = "set"
    NONE_SET = "none_set"
    # Set for other cadres, or not for each of those that are counted together.
    OTHER_CADRES = "other_cadres"
    # On another map than the programme's, or for a part of its people.
    ELSEWHERE = "elsewhere"


class SumKind(models.TextChoices):
    """What a kept sum adds up: people in a state, those who completed on a day, a plug-in's figure, communes
    of which something is said.
    """

    STATE = "state"
    DAY = "day"
    COLUMN = "column"
    PLACES = "places"


class AgeGroup(models.TextChoices):
    """How old somebody becomes in the year of the report."""

    UNDER_30 = "0-29", _("Under 30")
    FROM_30 = "30-39", _("30 to 39")
    FROM_40 = "40-49", _("40 to 49")
    FROM_50 = "50-", _("50 and older")
    UNKNOWN = "unknown", _("Year of birth unknown")


class PersonState(models.TextChoices):
    """How far a person has come in a programme, in the words of a class; told by
    `lms.reporting.domain.states`.
    """

    NO_CLASS = "no_class", _("In no class")
    TO_COME = EnrolmentState.TO_COME.value, EnrolmentState.TO_COME.label
    LEARNING = EnrolmentState.LEARNING.value, EnrolmentState.LEARNING.label
    NOT_COMPLETED = EnrolmentState.NOT_COMPLETED.value, EnrolmentState.NOT_COMPLETED.label
    COMPLETED = EnrolmentState.COMPLETED.value, EnrolmentState.COMPLETED.label


class Part(models.TextChoices):
    """Whose names a figure opens that is no state."""

    WITHIN = "within", _("Completed in the period")
    MOVED_IN = "moved_in", _("Moved in")
    MOVED_OUT = "moved_out", _("Moved out")
    LEFT = "left", _("Without a post")


class CommunesOf(models.TextChoices):
    """Which communes a count of communes opens."""

    ALL = "", _("All communes")
    REACHED = "reached", _("Communes reached")
    DONE = "done", _("Communes done")
    UNREACHED = "unreached", _("Nobody in any class")
    UNKNOWN = "unknown", _("Nobody recorded")


# Who is late: nobody teaches them now, and no class of theirs is to come.
LATE_STATES = (PersonState.NO_CLASS, PersonState.NOT_COMPLETED)
# In an address, in the place of a state.
LATE = "late"


class PeriodKind(models.TextChoices):
    """The periods that offices report on."""

    MONTH = "month", _("Calendar month")
    MID_MONTH = "mid_month", _("From the 15th to the 14th")
    QUARTER = "quarter", _("Quarter")
    HALF_YEAR = "half_year", _("Half-year")
    YEAR = "year", pgettext_lazy("period of a report", "Year")


class SnapshotState(models.TextChoices):
    """How far a report has come; moved by `lms.reporting.domain.snapshots` alone."""

    DRAFT = "draft", pgettext_lazy("of a report", "Draft")
    APPROVED = "approved", pgettext_lazy("of a report", "Approved")
    REPLACED = "replaced", pgettext_lazy("of a report", "Replaced")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a report", "Withdrawn")


# They have a number and files, whatever became of them.
NUMBERED_STATES = (SnapshotState.APPROVED, SnapshotState.REPLACED, SnapshotState.WITHDRAWN)


class SnapshotFileKind(models.TextChoices):
    """What an approved report is given out as; the names, which are never stored, are for those who oversee
    its unit.
    """

    PDF = "pdf", "PDF"
    DOCX = "docx", "DOCX"
    CSV = "csv", "CSV"
    NAMES = "xlsx", _("Names (XLSX)")


# Who makes a report of the own area, and who answers for it: two people.
PREPARING_ROLES = (Role.ADMINISTRATOR, Role.MONITOR, Role.COORDINATOR)
APPROVING_ROLES = (Role.ADMINISTRATOR, Role.MONITOR)
