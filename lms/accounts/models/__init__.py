"""The tables of the app; every model is imported from here."""

from lms.accounts.models.invitations import Invitation
from lms.accounts.models.people import Posting, RoleAssignment, User

__all__ = ["Invitation", "Posting", "RoleAssignment", "User"]
