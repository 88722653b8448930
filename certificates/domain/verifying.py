"""What the public is told about a code: no more than who holds it, for what, and whether it holds."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import F

from certificates.domain.validity import status_told
from certificates.enums import VerificationStatus
from certificates.models import Certificate
from lms.core.codes import group_code, normalise_code


@dataclass(frozen=True)
class PublicFacts:
    """All that a stranger may read. `minutes` None: no hours were kept.

    `name` "": a parent or a core child, whom no public page names.
    """

    name: str
    course: str
    starts_on: date
    ends_on: date
    minutes: int | None
    issuer: str
    serial: str
    is_sample: bool
    valid_until: date | None


@dataclass(frozen=True)
class VerificationResult:
    """`code` as printed, "" when what was typed can be no code; `facts` None when unknown.

    is_serial: no code, but it looks like the number in the register.
    """

    status: VerificationStatus
    code: str = ""
    facts: PublicFacts | None = None
    is_serial: bool = False


def verify(*, code: str, on: date) -> VerificationResult:
    """Look a typed code up as it stands on this day; one query, none for what can be no code."""
    wanted = normalise_code(code)
    if wanted is None:
        return VerificationResult(VerificationStatus.UNKNOWN, is_serial=_is_like_a_serial(code))
    rows = Certificate.objects.annotate(is_minimal=F("enrolment__user__is_minimal"))
    certificate = rows.filter(code=wanted).only("status", "facts", "valid_until").first()
    if certificate is None:
        return VerificationResult(VerificationStatus.UNKNOWN, group_code(wanted))
    facts = certificate.facts
    return VerificationResult(
        status_told(certificate=certificate, on=on),
        group_code(wanted),
        PublicFacts(
            name="" if certificate.is_minimal else facts["name"],
            course=facts["course"],
            starts_on=date.fromisoformat(facts["starts_on"]),
            ends_on=date.fromisoformat(facts["ends_on"]),
            minutes=facts["minutes"],
            issuer=facts["issuer_name"],
            serial=facts["serial"],
            is_sample=facts["is_sample"],
            valid_until=certificate.valid_until,
        ),
    )


def _is_like_a_serial(text: str) -> bool:
    """Return whether somebody typed the register number instead:
    "12/2026/GCN-SLĐTBXH", "Số: 12".
    """
    return _SERIAL.match(unicodedata.normalize("NFKC", text).strip()) is not None


# A short number with a word for "number" before it, and with year and issuer behind it.
_SERIAL: Final = re.compile(
    r"(?:số|so|no|nº|n°)?[\s.:]*\d{1,6}\s*(?:[/-]\s*\d{4}\b.*)?$", re.IGNORECASE
)
