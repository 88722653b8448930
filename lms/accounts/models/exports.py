"""Which lists were taken out, by whom: entries of Wagtail's log, read as a list of their own."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Role
from lms.core.audit_log import EXPORT_ACTION

if TYPE_CHECKING:
    from lms.accounts.models.people import User


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: "User") -> "ExportQuerySet":
        """Return them for those who answer for the data of the whole province, and nobody else."""
        if not user.scope.reaches_province((Role.ADMINISTRATOR, Role.MONITOR)):
            return self.none()
        return self.filter(action=EXPORT_ACTION)


class Export(ModelLogEntry):
    """One list that left; written by `lms.spreadsheets.handout.log_export` alone."""

    objects = ExportQuerySet.as_manager()

    class Meta:
        proxy = True
        ordering = ("-timestamp", "-id")
        verbose_name = _("export of a list")
        verbose_name_plural = _("exports of lists")
