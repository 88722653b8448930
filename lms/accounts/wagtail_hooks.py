"""What accounts add to the Wagtail admin, and what they close there."""

from typing import Any, Never

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.log_actions import LogFormatter
from wagtail.users.views.bulk_actions import (
    AssignRoleBulkAction,
    DeleteBulkAction,
    SetActiveStateBulkAction,
)

from lms.accounts.boundary_changes.domain.apply_edition import EDITION_USED, ROLE_FOLLOWED
from lms.accounts.boundary_changes.viewsets import EditionViewSet
from lms.accounts.dashboard import OpenCorrections, WaitingPosts
from lms.accounts.enums import OVERSIGHT_ROLES, Role
from lms.accounts.merging.domain.merge import MERGED
from lms.accounts.merging.domain.unmerge import UNMERGED
from lms.accounts.merging.viewsets import MergeViewSet
from lms.accounts.models.managers import SUPERUSER_MADE
from lms.accounts.personal_data.correction_viewset import CorrectionViewSet
from lms.accounts.personal_data.domain.corrections import APPLIED, ASKED, REFUSED, WITHDRAWN
from lms.accounts.personal_data.domain.own_data import TAKEN
from lms.accounts.personal_data.export_viewset import ExportViewSet
from lms.accounts.personal_data.retention_viewset import RetentionViewSet
from lms.accounts.register.domain.account_state import ACCOUNT_CLOSED, ACCOUNT_OPENED
from lms.accounts.register.domain.consent_withdrawal import CONSENT_WITHDRAWN
from lms.accounts.register.domain.consents import CONSENT_GIVEN
from lms.accounts.register.domain.postings import POSTED, TRANSFERRED
from lms.accounts.register.domain.roles import ROLE_ASSIGNED, ROLE_WITHDRAWN
from lms.accounts.register.viewsets import RoleViewSet
from lms.accounts.signin.domain.invitations import ACCEPTED, ACCESS_RESET, INVITED
from lms.accounts.signin.domain.office_accounts import OFFICE_LOGIN
from lms.accounts.signin.domain.second_factor import FACTOR_ADDED, FACTOR_REMOVED, FACTOR_RESET
from lms.geography.viewsets import UnitViewSet
from lms.scoped_admin.dashboard import register_dashboard_panel
from lms.scoped_admin.viewsets import ScopedModelViewSet

# After Wagtail's own hooks, whose order is 0: the later action of a name counts.
_AFTER_WAGTAIL = 10

register_dashboard_panel(OpenCorrections)
register_dashboard_panel(WaitingPosts)


@hooks.register("register_admin_viewset")
def register_roles_and_units() -> list[ScopedModelViewSet]:
    # The units here, since places know no roles.
    return [
        RoleViewSet(),
        UnitViewSet(view_roles=OVERSIGHT_ROLES),
        MergeViewSet(),
        CorrectionViewSet(),
        EditionViewSet(),
        RetentionViewSet(),
        ExportViewSet(),
    ]


def _closed(action: type[BulkAction]) -> type[BulkAction]:
    """Close Wagtail's action: it names the people one may not touch, and knows no districts."""

    def dispatch(self: BulkAction, request: HttpRequest, *args: Any, **kwargs: Any) -> Never:
        raise Http404

    return type(f"Closed{action.__name__}", (action,), {"dispatch": dispatch})


for _action in (AssignRoleBulkAction, DeleteBulkAction, SetActiveStateBulkAction):
    hooks.register("register_bulk_action", _closed(_action), order=_AFTER_WAGTAIL)


# Actions told in one sentence: what it is called, and what is said of it.
_PLAIN_ACTIONS = (
    (ACCOUNT_CLOSED, _("Close an account"), _("Closed the account")),
    (ACCOUNT_OPENED, _("Reopen an account"), _("Reopened the account")),
    (SUPERUSER_MADE, _("Make a superuser"), _("Created a superuser")),
    (TAKEN, _("Download my data"), _("Downloaded own data")),
    (ASKED, _("Request a correction"), _("Requested a correction")),
    (APPLIED, _("Correct as requested"), _("Corrected the record as requested")),
    (REFUSED, _("Refuse a correction"), _("Refused a requested correction")),
    (WITHDRAWN, _("Withdraw a correction request"), _("Withdrew a request for correction")),
    (CONSENT_GIVEN, _("Record a consent"), _("Recorded a consent")),
    (CONSENT_WITHDRAWN, _("Withdraw a consent"), _("Recorded the end of a consent")),
    (POSTED, _("Take up a post"), _("Recorded a new post")),
    (TRANSFERRED, _("Move to a post"), _("Recorded a move to another post")),
    (INVITED, _("Invite"), _("Printed or showed a log-in code")),
    (ACCEPTED, _("Use an invitation"), _("Logged in with a code and chose a password")),
    (ACCESS_RESET, _("Reset access"), _("Reset password and signed out everywhere")),
    (OFFICE_LOGIN, _("Log in through an office"), _("Logged in with the account of an office")),
    (FACTOR_ADDED, _("Two-step log-in on"), _("Switched on two-step log-in")),
    (FACTOR_REMOVED, _("Two-step log-in off"), _("Switched off two-step log-in")),
    (FACTOR_RESET, _("Reset two-step log-in"), _("Removed a lost two-step log-in")),
)


@hooks.register("register_log_actions")
def register_actions(actions: Any) -> None:
    """Register what the history of a person is told in."""

    @actions.register_action(ROLE_ASSIGNED)
    class RoleAssignedFormatter(LogFormatter):
        label = _("Assign a role")

        def format_message(self, log_entry: Any) -> Any:
            return _("Assigned the role “%(role)s” at %(unit)s") % _role(log_entry)

    @actions.register_action(ROLE_WITHDRAWN)
    class RoleWithdrawnFormatter(LogFormatter):
        label = _("Withdraw a role")

        def format_message(self, log_entry: Any) -> Any:
            return _("Withdrew the role “%(role)s” at %(unit)s") % _role(log_entry)

    @actions.register_action(MERGED)
    class MergedFormatter(LogFormatter):
        label = _("Merge two records")

        def format_message(self, log_entry: Any) -> Any:
            return _("Merged the record %(closed)s into %(kept)s") % log_entry.data

    @actions.register_action(UNMERGED)
    class UnmergedFormatter(LogFormatter):
        label = _("Undo a merge")

        def format_message(self, log_entry: Any) -> Any:
            return _("Undid the merge of %(closed)s into %(kept)s") % log_entry.data

    for action, label, sentence in _PLAIN_ACTIONS:
        actions.register_action(action, label, sentence)


@hooks.register("register_log_actions")
def register_edition_actions(actions: Any) -> None:
    """Register what is told of an edition that took effect,
    and of those whose roles it carried over.
    """

    @actions.register_action(ROLE_FOLLOWED)
    class RoleFollowedFormatter(LogFormatter):
        label = _("Carry over a role")

        def format_message(self, log_entry: Any) -> Any:
            values = _role(log_entry) | {"previous": log_entry.data["previous"]}
            return _("Carried over the role “%(role)s” from %(previous)s to %(unit)s") % values

    @actions.register_action(EDITION_USED)
    class EditionUsedFormatter(LogFormatter):
        label = _("Put a boundary edition into use")

        def format_message(self, log_entry: Any) -> Any:
            return (
                _(
                    "%(posts)s posts and %(roles)s roles were carried over; %(waiting)s posts "
                    "were left waiting"
                )
                % log_entry.data
            )


def _role(log_entry: Any) -> dict[str, Any]:
    return {"role": Role(log_entry.data["role"]).label, "unit": log_entry.data["unit"]}
