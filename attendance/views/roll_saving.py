"""How the page and the small address of a roll note what the person who reads them chose."""

from collections.abc import Sequence

from django.utils import timezone

from attendance.domain.recording import (
    RollCallResult,
    RollEntry,
    record_roll_call,
    require_begun,
)
from attendance.models import Session
from courses.models import Enrolment
from lms.core.readers import SignedInRequest


def save_entries(
    request: SignedInRequest,
    *,
    session: Session,
    entries: Sequence[RollEntry],
    is_known_early: bool,
) -> RollCallResult:
    """Note these now, by the reader, among the people whom he or she may see; see
    `record_roll_call`. Raises also the Refusal `session_not_begun`.
    """
    now = timezone.now()
    require_begun(session=session, at=now, is_known_early=is_known_early)
    return record_roll_call(
        session=session,
        entries=entries,
        by=request.user,
        at=now,
        device=request.headers.get("User-Agent", ""),
        among=Enrolment.objects.visible_to(request.user),
    )
