"""What the core adds to the Wagtail admin: the name of its log action, its look, its order."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.registry import register_setting
from wagtail.log_actions import LogFormatter
from wagtail.permissions import register_permission_policy

from lms.core.audit_log import EXPORT_ACTION, export_title
from lms.core.models import SiteDetails
from lms.core.site_policy import ProvincePolicy
from lms.scoped_admin import admin_look
from lms.spreadsheets.about import words_of

# After Wagtail's own hooks and those of the apps, whose order is 0.
_LAST = 10

register_setting(SiteDetails, icon="site", order=10)
register_permission_policy(Redirect, ProvincePolicy(Redirect))

hooks.register("construct_main_menu", admin_look.arrange_main_menu, order=_LAST)
hooks.register("construct_reports_menu", admin_look.arrange_reports_menu, order=_LAST)
hooks.register("construct_homepage_panels", admin_look.leave_out_panels, order=_LAST)
hooks.register("register_icons", admin_look.register_icons)
hooks.register("insert_global_admin_css", admin_look.admin_stylesheet)


@hooks.register("register_log_actions")
def register_export_action(actions: Any) -> None:
    @actions.register_action(EXPORT_ACTION)
    class ExportFormatter(LogFormatter):
        label = _("Export a list")

        def format_message(self, log_entry: Any) -> Any:
            data = log_entry.data
            values = {
                "list": export_title(data),
                "format": data["format"].upper(),
                "rows": data["rows"],
            }
            filters = words_of(data.get("chosen") or data["filters"])
            if not filters:
                return _("Exported the list “%(list)s” (%(format)s, %(rows)s rows)") % values
            values["filters"] = filters
            sentence = _("Exported the list “%(list)s” (%(format)s, %(rows)s rows; %(filters)s)")
            return sentence % values
