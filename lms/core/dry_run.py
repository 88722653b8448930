"""What an act would say, asked before anybody is offered it."""

from collections.abc import Callable

from django.db import transaction

from lms.core.refusal import CatchRefusal, Refusal


def find_refusal(act: Callable[[], object]) -> Refusal | None:
    """Return why an act would be refused now, None where it would be done.

    What it wrote is rolled back, with all that it had planned for the commit. For pages that one
    opens now and then: the act takes its locks.
    """
    with transaction.atomic():
        with CatchRefusal() as asked:
            act()
        transaction.set_rollback(True)
    return asked.refusal
