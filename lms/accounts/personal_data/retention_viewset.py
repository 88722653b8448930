"""Purges of personal data, in the Wagtail admin."""

from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn

from lms.accounts.enums import Role
from lms.accounts.models import PurgeRun
from lms.accounts.personal_data.views.retention import RetentionRulesView
from lms.core.readers import Reader
from lms.scoped_admin.viewsets import ScopedModelViewSet


class RetentionViewSet(ScopedModelViewSet):
    """The menu leads to the rules; the list is that of the runs. A purge is begun by command."""

    model = PurgeRun
    name = "retention"
    icon = "bin"
    menu_name = "retention"
    menu_label = _("Data retention")
    menu_order = 820
    add_to_settings_menu = True
    view_roles = (Role.ADMINISTRATOR,)
    pages: ClassVar = {"rules": ("rules/", RetentionRulesView)}
    inspect_view_enabled = False
    ordering = "-started_at"
    list_display = (
        DateColumn("started_at", label=_("Started at")),
        DateColumn("finished_at", label=_("Finished at")),
        Column("total", label=_("Rows purged")),
    )

    @property
    def menu_url(self) -> str:
        return reverse("retention:rules")

    def shows_menu_item_to(self, user: Reader) -> bool:
        return bool(user.is_active and user.scope.administers_province)
