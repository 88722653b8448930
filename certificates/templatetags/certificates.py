"""How the facts of a certificate are shown on screen."""

from datetime import date

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certificates.domain import validity
from certificates.enums import VerificationStatus
from certificates.models import Certificate
from lms.core.codes import group_code
from lms.core.display import vi_date

register = template.Library()

_MINUTES_PER_HOUR = 60


@register.simple_tag
def period(first: date, last: date) -> str:
    """Return the days of a class: one date, or from one to the other."""
    if first == last:
        return vi_date(first)
    return _("%(first)s to %(last)s") % {"first": vi_date(first), "last": vi_date(last)}


@register.filter
def status_told(certificate: Certificate) -> VerificationStatus:
    """Return the state of a certificate today, as everybody is told it."""
    return validity.status_told(certificate=certificate, on=timezone.localdate())


@register.filter
def grouped(code: str) -> str:
    """Return a verification code as it is printed."""
    return group_code(code)


@register.filter
def hours(minutes: int) -> str:
    """Format 720 as "12 hours", 690 as "11 hours 30 minutes"."""
    whole, rest = divmod(minutes, _MINUTES_PER_HOUR)
    parts = []
    if whole:
        parts.append(ngettext("%(count)d hour", "%(count)d hours", whole) % {"count": whole})
    if rest or not whole:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    return " ".join(parts)
