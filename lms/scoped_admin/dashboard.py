"""The front page of the Wagtail admin: what waits for a person, one panel a kind of work.

To add a panel: subclass `DashboardPanel` in the app's `dashboard.py`, write its template with the
parts of `lms/design/static/lms/css/admin.css`, and call `register_dashboard_panel(MyPanel)` from `wagtail_hooks.py`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from wagtail import hooks
from wagtail.admin.ui.components import Component

from lms.core.readers import Reader, SignedInRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


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

    def context(self, user: "User") -> dict[str, Any]:
        """Return what the template needs."""
        raise NotImplementedError

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return self.context(parent_context["request"].user)


def register_dashboard_panel(panel: type[DashboardPanel]) -> None:
    """Put the panel on the front page of those who can do something about it."""

    def add(request: SignedInRequest, panels: list[Component]) -> None:
        reader: Reader = request.user
        if reader.scope.has_role(*panel.roles):
            panels.append(panel())

    hooks.register("construct_homepage_panels", add)
