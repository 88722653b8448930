"""The codes on printed invitations: who may come in with one, until when."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.display import vi_date


class Invitation(models.Model):
    """One code, printed for one person, that lets in once; the code itself is not kept.

    Issued by `accounts.signin.domain.invitations.issue_invitations`, used by `accept_invitation`. Rows
    stay, so that an old card can be told why it does not work.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="invitations",
        verbose_name=_("person"),
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(used_at=None, replaced_at=None),
                name="invitation_waiting_once",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")),
                name="invitation_expires_after_issue",
            ),
            models.CheckConstraint(
                condition=models.Q(used_at=None) | models.Q(replaced_at=None),
                name="invitation_used_or_replaced",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}, {vi_date(self.issued_at)}"
