"""The tables of the app; every model is imported from here."""

from lms.accounts.models.approval import AreaApprovalTask
from lms.accounts.models.consents import Consent
from lms.accounts.models.corrections import CorrectionRequest
from lms.accounts.models.exports import Export
from lms.accounts.models.invitations import Invitation
from lms.accounts.models.merging import DismissedDuplicate, Merge
from lms.accounts.models.people import Posting, RoleAssignment, User
from lms.accounts.models.retention import Anonymisation, PurgeRun
from lms.accounts.models.series import StaffCodeSeries

__all__ = [
    "Anonymisation",
    "AreaApprovalTask",
    "Consent",
    "CorrectionRequest",
    "DismissedDuplicate",
    "Export",
    "Invitation",
    "Merge",
    "Posting",
    "PurgeRun",
    "RoleAssignment",
    "StaffCodeSeries",
    "User",
]
