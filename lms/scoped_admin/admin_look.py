"""How the Wagtail admin looks and in which order it offers the work."""

from collections.abc import Mapping
from copy import copy
from typing import Any, Final

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem, SubmenuMenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import LockedPagesPanel, RecentEditsPanel
from wagtail.admin.wagtail_hooks import SettingsMenuItem

# Help leads to pages about Wagtail, in English, on another host.
LEFT_OUT: Final = frozenset({"help"})
# Wagtail's own entries among those of the suite, by the order of the work: classes stand at 100,
# questions at 160, quizzes at 170, certificates at 250.
REARRANGED: Final[Mapping[str, Mapping[str, Any]]] = {
    "explorer": {"order": 150, "label": _("Lessons")},
    "images": {"order": 180},
    "documents": {"order": 190},
    "reports": {"icon_name": "history"},
}
# Pages one has locked and the last five edits, whatever their state: the panel of drafts says
# what is left to do.
PANELS_LEFT_OUT: Final = (LockedPagesPanel, RecentEditsPanel)
# Reports about the machinery of Wagtail; who edited what, and which pages grew old, stay.
REPORTS_LEFT_OUT: Final = frozenset(
    {"locked-pages", "workflows", "workflow-tasks", "page-types-usage"}
)
ICONS: Final = ("lms-bell", "lms-certificate", "lms-map-pin", "lms-quiz", "lms-roll")


def arrange_main_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Arrange the menu. The items live as long as the process: changed ones are copies."""
    items[:] = [_arranged(item) for item in items if item.name not in LEFT_OUT]


def _arranged(item: MenuItem) -> MenuItem:
    if isinstance(item, SettingsMenuItem):
        # Wagtail's own class writes Wagtail's version below the entries.
        return SubmenuMenuItem(
            item.label, item.menu, name=item.name, icon_name=item.icon_name, order=item.order
        )
    arranged = copy(item)
    for name, value in REARRANGED.get(item.name, {}).items():
        setattr(arranged, name, value)
    return arranged


def arrange_reports_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in REPORTS_LEFT_OUT]


def leave_out_panels(request: HttpRequest, panels: list[Component]) -> None:
    panels[:] = [panel for panel in panels if not isinstance(panel, PANELS_LEFT_OUT)]


def register_icons(icons: list[str]) -> list[str]:
    return [*icons, *(f"lms/admin_icons/{name}.svg" for name in ICONS)]


def admin_stylesheet() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("lms/css/admin.css"))
