"""The front page of the Wagtail admin: what waits for a person, one panel a kind of work.

To add a panel: subclass `DashboardPanel` in the app's `dashboard.py`, write its template with the
parts of `lms/design/static/lms/css/admin.css`, and call `register_dashboard_panel(MyPanel)` from `wagtail_hooks.py`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

#: Rows of a panel; the rest is a link away.
ROWS_IN_PANEL = 5


class DashboardPanel(Component):
    """Shown to the holders of `roles`, sorted by `order`.

    `context` starts from `visible_to(user)` and spends a constant number of queries. The
    template says what to do next, also where there is nothing to show.
    """

    name: ClassVar[str]
    order: ClassVar[int]
    roles: ClassVar[tuple[str, ...]] = ()

    def context(self, user: Any) -> dict[str, Any]:
        """What the template needs."""
        raise NotImplementedError

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return self.context(parent_context["request"].user)


def register_dashboard_panel(panel: type[DashboardPanel]) -> None:
    """Put the panel on the front page of those who can do something about it."""

    def add(request: HttpRequest, panels: list[Component]) -> None:
        user: Any = request.user
        if user.scope.has_role(*panel.roles):
            panels.append(panel())

    hooks.register("construct_homepage_panels", add)
