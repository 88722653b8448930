from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    PROVINCE = "province", _("Province")
    DISTRICT = "district", _("District")
    COMMUNE = "commune", _("Commune")


class Extent(models.TextChoices):
    """How much of a unit went to its successor; a part cannot be carried over by rule."""

    WHOLE = "whole", _("Whole")
    PART = "part", _("Part")
