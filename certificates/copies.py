"""What becomes of certificates in a pseudonymised copy: the register stays, with other names.

The papers go; the next sweep makes them anew, with the other names and codes.
"""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from certificates.domain.facts import verify_url
from certificates.models import Certificate, CertificateEvent, CertificateTemplate, RegisterBook
from lms.accounts.extensions import CopyRule
from lms.accounts.signin.domain.invitations import ALPHABET, LENGTH

MADE_UP_SIGNER = "Nguyễn Văn Mẫu"
# Facts that name no trainee; whatever else stands on a paper is left out.
_KEPT_FACTS = (
    "cadre",
    "unit",
    "district",
    "province",
    "course",
    "run_title",
    "starts_on",
    "ends_on",
    "minutes",
    "is_sample",
    "issuer_code",
    "issuer_parent",
    "issuer_name",
    "place",
    "title",
    "signer_position",
    "issued_at",
    "issued_on",
)


def copies_in_certificates() -> Iterator[CopyRule]:
    offices = ("name", "issuer_code", "issuer_parent", "issuer_name", "place", "title")
    yield CopyRule(
        CertificateTemplate,
        replaced={"signer_name": lambda template: template.signer_name and MADE_UP_SIGNER},
        kept=(*offices, "signer_position"),
        why="Offices, and the wording that is the same on every paper.",
    )
    yield CopyRule(RegisterBook, kept=("issuer_code",), why="An office.")
    yield CopyRule(
        Certificate,
        emptied=("file", "sha256"),
        replaced={"facts": _facts, "code": _code},
        kept=("serial",),
        why="Tells something only to whoever has the register, who has the names anyway.",
        related=("enrolment__user",),
    )
    yield CopyRule(CertificateEvent, replaced={"reason": lambda event: event.reason and "–"})


def _facts(certificate: Certificate) -> dict[str, Any]:
    person, facts, code = certificate.enrolment.user, certificate.facts, _code(certificate)
    kept = {name: facts[name] for name in _KEPT_FACTS if name in facts}
    return {
        **kept,
        "name": person.full_name,
        "year_of_birth": person.year_of_birth,
        "signer_name": MADE_UP_SIGNER,
        "serial": certificate.serial,
        "code": code,
        "verify_url": verify_url(code=code),
    }


def _code(certificate: Certificate) -> str:
    """Another code, so that nobody looks the real paper up with the one in the copy."""
    key = settings.SECRET_KEY.encode()
    number = int.from_bytes(hmac.new(key, certificate.key.bytes, hashlib.sha256).digest())
    signs = []
    for _place in range(LENGTH):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(signs)
