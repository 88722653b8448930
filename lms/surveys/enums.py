from django.db import models
from django.utils.translation import gettext_lazy as _


class Statement(models.TextChoices):
    """What is rated. The same for every class, so that classes and years can be compared."""

    CONTENT = "content", _("The content fits my work.")
    TEACHING = "teaching", _("The trainer explained things clearly.")
    ARRANGEMENTS = "arrangements", _("Time and place suited me.")
    USE = "use", _("I can use what I learned.")


class Rating(models.IntegerChoices):
    FULLY = 5, _("Fully agree")
    MOSTLY = 4, _("Agree")
    PARTLY = 3, _("Partly agree")
    HARDLY = 2, _("Disagree")
    NOT_AT_ALL = 1, _("Fully disagree")
