"""The one table of the core: when each background process was last heard of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """The last sign of life of a process; written by `lms.core.heartbeats.record_heartbeat`."""

    name = models.CharField(_("name"), max_length=20, primary_key=True)
    ticked_at = models.DateTimeField(_("last tick"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name
