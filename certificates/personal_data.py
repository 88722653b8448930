"""What certificates hold about people: the register, which stays, and the papers.

In a pseudonymised copy the register stays under other names; the papers go, and the next sweep
makes them anew, with the other names and codes.
"""

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from certificates.domain.facts import verify_url
from certificates.models import Certificate, CertificateEvent, CertificateTemplate, RegisterBook
from lms.accounts.enums import RetentionAction
from lms.accounts.extensions import (
    NO_LONGER_KEPT,
    PersonalData,
    PseudonymisationRule,
    RetentionRule,
)
from lms.core.codes import ALPHABET, LENGTH

MADE_UP_SIGNER = "Nguyễn Văn Mẫu"
_OFFICES = ("name", "issuer_code", "issuer_parent", "issuer_name", "place", "title")
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
    "valid_until",
)


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
    """Return another code, so that nobody looks the real paper up with the one in the copy."""
    key = settings.SECRET_KEY.encode()
    number = int.from_bytes(hmac.new(key, certificate.key.bytes, hashlib.sha256).digest())
    signs = []
    for _place in range(LENGTH):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(signs)


PERSONAL_DATA = (
    PersonalData(
        CertificateTemplate,
        copy=PseudonymisationRule(
            replaced={"signer_name": lambda template: template.signer_name and MADE_UP_SIGNER},
            kept=(*_OFFICES, "signer_position"),
            why="Offices, and the wording that is the same on every paper.",
        ),
    ),
    PersonalData(RegisterBook, copy=PseudonymisationRule(kept=("issuer_code",), why="An office.")),
    PersonalData(
        Certificate,
        subject="enrolment__user",
        shown=("serial", "status", "issued_at", "valid_until", "enrolment.run.title", "code"),
        keep=[
            RetentionRule(
                key="certificates",
                label=_("Certificates, their printed content and their register"),
                reason=_(
                    "The issuing body keeps the register, because a certificate may have to be "
                    "confirmed years later."
                ),
                action=RetentionAction.KEPT,
                due=lambda _before: Certificate.objects.all(),
            )
        ],
        copy=PseudonymisationRule(
            emptied=("file", "sha256"),
            replaced={"facts": _facts, "code": _code},
            kept=("serial",),
            why="Tells something only to whoever has the register, who has the names anyway.",
            related=("enrolment__user",),
        ),
    ),
    PersonalData(
        CertificateEvent,
        on_merge={"by": "The events of the register are only ever added."},
        copy=PseudonymisationRule(
            replaced={"reason": lambda event: event.reason and NO_LONGER_KEPT}
        ),
    ),
)
