from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def register_export_action(actions: Any) -> None:
    actions.register_action("reporting.export", _("Export a report"), _("Report exported"))
