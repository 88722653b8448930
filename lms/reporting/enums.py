from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.enums import EnrolmentState


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


class PersonState(models.TextChoices):
    """How far a person has come in a programme, in the words of a class; told by
    `lms.reporting.domain.states`.
    """

    NO_CLASS = "no_class", _("In no class")
    TO_COME = EnrolmentState.TO_COME.value, EnrolmentState.TO_COME.label
    LEARNING = EnrolmentState.LEARNING.value, EnrolmentState.LEARNING.label
    NOT_COMPLETED = EnrolmentState.NOT_COMPLETED.value, EnrolmentState.NOT_COMPLETED.label
    COMPLETED = EnrolmentState.COMPLETED.value, EnrolmentState.COMPLETED.label


# Who is late: nobody teaches them now, and no class of theirs is to come.
LATE_STATES = (PersonState.NO_CLASS, PersonState.NOT_COMPLETED)
# In an address, in the place of a state.
LATE = "late"
