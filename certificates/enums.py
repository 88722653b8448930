from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import Role

# Those who decide what becomes of a certificate, in their own area.
DECIDING_ROLES = (Role.ADMINISTRATOR, Role.MONITOR)


class CertificateStatus(models.TextChoices):
    VALID = "valid", _("Valid")
    # A correction took the ground away; a person decides what becomes of it.
    FLAGGED = "flagged", _("Under review")
    REVOKED = "revoked", _("Revoked")
    REPLACED = "replaced", _("Replaced")


# One enrolment has at most one certificate in these states.
LIVE_STATUSES = (CertificateStatus.VALID, CertificateStatus.FLAGGED)


class EventKind(models.TextChoices):
    ISSUED = "issued", _("Issued")
    FLAGGED = "flagged", _("Flagged for a decision")
    CONFIRMED = "confirmed", _("Confirmed after review")
    REVOKED = "revoked", _("Revoked")
    REPLACED = "replaced", _("Replaced")


# After these a certificate is in force no more.
ENDING_EVENTS = (EventKind.REVOKED, EventKind.REPLACED)


class VerificationStatus(models.TextChoices):
    """What the public is told about a code: the state of its certificate, or that there is none."""

    VALID = "valid", _("Valid")
    # In the register and genuine: its end has passed.
    EXPIRED = "expired", _("Expired")
    FLAGGED = "flagged", _("Under review")
    REVOKED = "revoked", _("Revoked")
    REPLACED = "replaced", _("Replaced")
    UNKNOWN = "unknown", _("Not found")
