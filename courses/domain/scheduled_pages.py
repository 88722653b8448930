"""Pages that an editor told to go public, or to be taken down, at a set time: a tick does it."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction
from wagtail.models import Page, Revision

logger = logging.getLogger(__name__)


def carry_out_schedules(*, at: datetime) -> int:
    """Take down the pages that have expired and publish those whose time has come; return how many.

    One that fails is logged and does not stop the rest. What classes ask stays as it is.
    """
    expired = Page.objects.filter(live=True, expire_at__lte=at).order_by("expire_at", "pk")
    due = Revision.page_revisions.filter(approved_go_live_at__lte=at)
    acts = [
        *(partial(_take_down, page) for page in expired),
        *(partial(_publish, revision) for revision in due.order_by("approved_go_live_at", "pk")),
    ]
    return sum(_succeeds(act) for act in acts)


def _take_down(page: Page) -> None:
    page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish(revision: Revision) -> None:
    revision.publish(log_action="wagtail.publish.scheduled")


def _succeeds(act: Callable[[], None]) -> bool:
    try:
        with transaction.atomic():
            act()
    except Exception:
        logger.exception("The schedule of a page could not be carried out.")
        return False
    return True
