"""Parents and core children stand on the register with the least that is needed.

Name or code, year of birth, commune, consent: no phone, no e-mail, no sex, and no log-in. Such a
record is minimal; whoever holds a post of these cadres has one, and holds no other post with it.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.accounts.enums import MINIMAL_CADRES, Cadre
from lms.core.refusal import Refusal

# What is never held of them, with the sentence that says so in a form.
_NOT_HELD: Final[dict[str, str | Promise]] = {
    "phone": gettext_lazy(
        "No phone number is stored for parent group members and core children: please leave "
        "“Phone number” empty."
    ),
    "email": gettext_lazy(
        "No e-mail address is stored for parent group members and core children: please leave "
        "“E-mail” empty."
    ),
    "sex": gettext_lazy(
        "Sex is not stored for parent group members and core children: please leave “Sex” empty."
    ),
}


def is_minimal_cadre(cadre: str) -> bool:
    return cadre in MINIMAL_CADRES


def require_same_kind(*, is_minimal: bool, cadre: str) -> None:
    """Refuse what breaks the one rule: posts of these cadres for minimal records alone,
    and no other post for them.

    Raises Refusal `full_record`, `minimal_record`.
    """
    if is_minimal_cadre(cadre) and not is_minimal:
        raise Refusal(
            "full_record",
            _(
                "This record holds more than may be stored for parent group members and core "
                "children: please add a separate record for this post."
            ),
        )
    if is_minimal and not is_minimal_cadre(cadre):
        raise Refusal(
            "minimal_record",
            _(
                "This is the minimal record of a parent group member or core child: please add a "
                "full record for any other post."
            ),
        )


def refused_details(*, told: Mapping[str, Any]) -> dict[str, str]:
    """Return what may not be kept of what a form or a row tells of such a person,
    with the sentence.
    """
    return {name: str(sentence) for name, sentence in _NOT_HELD.items() if told.get(name)}


def name_or_code(*, full_name: str, staff_code: str, cadre: str) -> str:
    """Return what a person is called: a core child without a name by the code,
    "" for anybody else.
    """
    return full_name or (staff_code if cadre == Cadre.CORE_CHILD else "")


def require_account(*, is_minimal: bool) -> None:
    """Raise Refusal `minimal_record`: nobody logs in with such a record."""
    if is_minimal:
        raise Refusal(
            "minimal_record",
            _(
                "The minimal record of a parent group member or core child cannot be used to log "
                "in."
            ),
        )
