"""Who is meant by the account of an office, and whether that person may log in with it."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.models import User
from lms.accounts.register.domain.login_lookup import find_staff_code
from lms.core.refusal import Refusal

OFFICE_LOGIN: Final = "accounts.office_login"
# A code that somebody typed into another system, no essay.
_LONGEST: Final = 64


def person_of(*, claims: Mapping[str, Any], claim: str) -> User:
    """Return the person whose staff code the office has vouched for; raise Refusal.

    `no_staff_code` when the office tells none, `unknown_staff_code` when nobody has it, `left` when
    the account is closed. Nothing else that the office says counts, least of all an e-mail
    address; nobody is put on the register.
    """
    code = claims.get(claim)
    if not isinstance(code, str) or not 0 < len(code.strip()) <= _LONGEST:
        raise Refusal(
            "no_staff_code",
            _(
                "Your office did not say which staff code is yours. Please log in with your "
                "password, and tell whoever looks after the accounts of your office."
            ),
        )
    person = find_staff_code(code=code)
    if person is None:
        raise Refusal(
            "unknown_staff_code",
            _(
                "Nobody here has the staff code that your office gave: %(code)s. Please ask the "
                "person in charge in your district to put you on the register."
            )
            % {"code": code.strip()},
        )
    if not person.is_active:
        raise Refusal(
            "left",
            _(
                "Your account here is closed. If you work in child protection, please ask the "
                "person in charge in your district."
            ),
        )
    return person


def note_office_login(*, person: User, issuer: str, subject: str) -> None:
    """Write into the person's history by which account of which office they came in."""
    log(
        instance=person,
        action=OFFICE_LOGIN,
        user=person,
        data={"issuer": issuer, "subject": subject},
    )
