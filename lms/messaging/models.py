"""How each way out of the suite is doing, and what providers report afterwards."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class WayHealth(models.Model):
    """One row a way, seen by all processes; written by `lms.messaging.domain.health`."""

    way = models.CharField(_("way"), max_length=10, primary_key=True)
    # Tries one after another over a line that did not stand; a single accepted message ends them.
    failures = models.PositiveIntegerField(_("failures one after another"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    paused_until = models.DateTimeField(_("not tried before"), null=True, blank=True)
    last_failure_at = models.DateTimeField(_("last failure"), null=True, blank=True)
    last_detail = models.CharField(_("what went wrong last"), max_length=500, blank=True)
    last_accepted_at = models.DateTimeField(_("last message accepted"), null=True, blank=True)
    # Until when whoever sends a queue of messages this way may; nobody else begins before.
    taken_until = models.DateTimeField(_("being used until"), null=True, blank=True)
    # The day by local time, and what was accepted on it.
    counted_on = models.DateField(_("day that is counted"), null=True, blank=True)
    accepted = models.PositiveIntegerField(_("accepted on that day"), default=0)

    class Meta:
        verbose_name = _("state of a way")
        verbose_name_plural = _("states of the ways")

    def __str__(self) -> str:
        return self.way


class AccessToken(models.Model):
    """With what a provider lets us send, one row a way; written by `lms.messaging.tokens`.

    Both tokens are sealed: neither a backup nor a reader of the database can send with them.
    """

    way = models.CharField(_("way"), max_length=10, primary_key=True)
    # A digest of the first refresh token, as the settings name it: another one begins anew.
    began_with = models.CharField(max_length=64)
    access = models.TextField(blank=True)
    refresh = models.TextField()
    expires_at = models.DateTimeField(null=True, blank=True)
    # Until when one process renews it.
    taken_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("token of a provider")
        verbose_name_plural = _("tokens of providers")

    def __str__(self) -> str:
        return self.way


class Receipt(models.Model):
    """A provider's word on a message that it accepted earlier; may come late, or twice.

    Whoever sent the message takes it up; `taken_up` says that this is done.
    """

    way = models.CharField(_("way"), max_length=10)
    reference = models.CharField(_("number at the provider"), max_length=200)
    delivered = models.BooleanField(_("delivered"))
    detail = models.CharField(_("what the provider said"), max_length=500, blank=True)
    received_at = models.DateTimeField(_("received at"))
    taken_up = models.BooleanField(_("taken up"), default=False)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints: ClassVar = [
            # A repeat adds nothing; a delivery told after a failure is another word.
            models.UniqueConstraint(
                fields=["way", "reference", "delivered"], name="receipt_once_per_word"
            )
        ]

    def __str__(self) -> str:
        return f"{self.way}: {self.reference}"
