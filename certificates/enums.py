from django.db import models
from django.utils.translation import gettext_lazy as _


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
