from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonState(models.TextChoices):
    """How far a person has come in a programme."""

    COMPLETED = "completed", _("Completed")
    LEARNING = "learning", _("In progress")
    NOT_REACHED = "not_reached", _("No class yet")
