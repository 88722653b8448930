"""Certificates that are still to be issued, for whoever keeps the server running."""

from collections.abc import Mapping
from datetime import datetime

from certificates.domain.pending import awaiting_certificate, with_template, without_template
from certificates.models import Certificate
from lms.core.gauges import Gauge


def _outstanding(now: datetime) -> Mapping[str, float]:
    """Tell what the next sweep does from what waits for a person to put a template in use."""
    waiting = awaiting_certificate(at=now)
    return {
        "issue": with_template(waiting).count(),
        "file": Certificate.objects.live().filter(file="").count(),
        "template": without_template(waiting).count(),
    }


GAUGES = (
    Gauge(
        "certificates_outstanding",
        "Certificates that people wait for, by what is missing.",
        _outstanding,
        label="missing",
    ),
)
