"""Pages that an editor told to go public, or to be taken down, at a set time: a tick does it."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Page, Revision

from lms.core.databases import lock_rows

logger = logging.getLogger(__name__)


def carry_out_schedules(*, at: datetime) -> int:
    """Take down the pages that have expired and publish those whose time has come; return how many.

    One that fails is logged and does not stop the rest. What classes ask stays as it is.
    """
    expired = _expired(at).order_by("expire_at", "pk").values_list("pk", flat=True)
    due = _due(at).order_by("approved_go_live_at", "pk").values_list("pk", "object_id")
    acts = [
        *(partial(_take_down, page, at) for page in expired),
        *(partial(_publish, revision, int(page), at) for revision, page in due),
    ]
    return sum(_succeeds(act) for act in acts)


def _expired(at: datetime) -> QuerySet[Page]:
    return Page.objects.filter(live=True, expire_at__lte=at)


def _due(at: datetime) -> QuerySet[Revision]:
    return Revision.page_revisions.filter(approved_go_live_at__lte=at)


def _take_down(page_id: int, at: datetime) -> bool:
    # Held, and read again: an editor may have saved it since, and all of it is written.
    held = lock_rows(_expired(at), pks=[page_id])
    for page in held.values():
        page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return bool(held)


def _publish(revision_id: int, page_id: int, at: datetime) -> bool:
    lock_rows(Page.objects.all(), pks=[page_id])
    revision = _due(at).filter(pk=revision_id).first()
    if revision is not None:
        revision.publish(log_action="wagtail.publish.scheduled")
    return revision is not None


def _succeeds(act: Callable[[], bool]) -> bool:
    try:
        with transaction.atomic():
            return act()
    except Exception:
        logger.exception("The schedule of a page could not be carried out.")
        return False
