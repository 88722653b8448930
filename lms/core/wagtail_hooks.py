"""What the core adds to the Wagtail admin: the name of its log action."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from lms.core.exports import EXPORT_ACTION


@hooks.register("register_log_actions")
def register_export_action(actions: Any) -> None:
    @actions.register_action(EXPORT_ACTION)
    class ExportFormatter(LogFormatter):
        label = _("Export a list")

        def format_message(self, log_entry: Any) -> Any:
            return _("Exported the list “%(list)s” (%(format)s, %(rows)s rows)") % {
                "list": log_entry.data["list"],
                "format": log_entry.data["format"].upper(),
                "rows": log_entry.data["rows"],
            }
