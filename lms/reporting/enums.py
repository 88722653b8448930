from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CountedAt(models.TextChoices):
    """Where a report counts those who are in a class; whoever is in none has today's post alone."""

    ENROLMENT = "", _("Where people worked when enrolled")
    NOW = "now", _("Where people work now")


class PersonState(models.TextChoices):
    """How far a person has come in a programme."""

    COMPLETED = "completed", _("Completed")
    LEARNING = "learning", pgettext_lazy("of a trainee", "In progress")
    NOT_COMPLETED = "not_completed", pgettext_lazy("of a trainee", "Not completed")
    WAITING = "waiting", _("Class not begun")
    NOT_REACHED = "not_reached", _("No class yet")
