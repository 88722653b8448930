"""What imports add to the Wagtail admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from lms.importing.domain.confirming import CONFIRMED
from lms.importing.domain.undoing import UNDO_ASKED, UNDONE
from lms.importing.viewsets import ImportViewSet
from lms.scoped_admin.viewsets import ScopedModelViewSet


@hooks.register("register_admin_viewset")
def register_imports() -> list[ScopedModelViewSet]:
    return [ImportViewSet()]


@hooks.register("register_log_actions")
def register_actions(actions: Any) -> None:
    actions.register_action(
        UNDO_ASKED, _("Request to undo an import"), _("Requested to undo the import")
    )

    @actions.register_action(CONFIRMED)
    class ConfirmedFormatter(LogFormatter):
        label = _("Write an import")

        def format_message(self, log_entry: Any) -> Any:
            return _("Import written: %(rows)s rows") % log_entry.data

    @actions.register_action(UNDONE)
    class UndoneFormatter(LogFormatter):
        label = _("Undo an import")

        def format_message(self, log_entry: Any) -> Any:
            return _("Import undone; left unchanged: %(left)s") % log_entry.data
