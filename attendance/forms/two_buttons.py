"""A decision with two buttons, as it is sent."""

from django.utils.translation import gettext as _

from lms.core.refusal import Refusal


def read_decision(text: str, *, yes: str, no: str) -> bool:
    """Return which of two buttons was pressed. Raises Refusal `decision_missing`: what is neither
    decides nothing.
    """
    if text not in (yes, no):
        raise Refusal("decision_missing", _("Nothing was decided: press one of the two buttons."))
    return text == yes
