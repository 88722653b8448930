"""Why the register of certificates is kept for good."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate
from lms.accounts.enums import RetentionAction
from lms.accounts.extensions import RetentionRule


def retention_in_certificates() -> Iterator[RetentionRule]:
    yield RetentionRule(
        key="certificates",
        what=_("Certificates, their printed content and their register"),
        reason=_(
            "The issuing body keeps the register, because a certificate may have to be confirmed "
            "years later."
        ),
        action=RetentionAction.KEPT,
        due=lambda _before: Certificate.objects.all(),
    )
