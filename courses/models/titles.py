"""The English title of what has a Vietnamese one, whatever carries it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EnglishTitleMixin(models.Model):
    title_en = models.CharField(
        _("English title"),
        max_length=255,
        blank=True,
        help_text=_(
            "Shown to those who read the suite in English. Without it they see the Vietnamese title."
        ),
    )

    class Meta:
        abstract = True
