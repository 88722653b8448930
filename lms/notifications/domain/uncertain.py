"""A message that perhaps arrived: a person asks, and says what is true."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.models import User
from lms.core.refusal import Refusal
from lms.notifications.domain.transitions import move
from lms.notifications.enums import ReminderState
from lms.notifications.models import Reminder

SETTLE_ACTION: Final = "notifications.settle"


@transaction.atomic
def settle_uncertain(*, reminder: Reminder, arrived: bool, by: User) -> None:
    """Move uncertain → sent or failed, because somebody has asked; logged with the person.

    What did not arrive may then be sent again. Raises Refusal `not_uncertain`.
    """
    state = ReminderState.SENT if arrived else ReminderState.FAILED
    if not move([reminder], ReminderState.UNCERTAIN, state):
        raise Refusal(
            "not_uncertain", _("Somebody has decided this meanwhile, or the provider has told it.")
        )
    log(instance=reminder, action=SETTLE_ACTION, user=by, data={"arrived": arrived})
