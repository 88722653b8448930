"""How the page and the small address of a roll note what the person who reads them chose."""

from collections.abc import Callable, Sequence
from typing import Final

from django.contrib import messages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from attendance.domain.roll.recording import (
    RollCallResult,
    RollEntry,
    hold_session,
    record_held,
    require_begun,
)
from attendance.enums import MarkMethod
from attendance.models import Session
from courses.models import Enrolment
from lms.core.readers import SignedInRequest

NOTHING_CHANGED: Final = gettext_lazy("Nothing was changed, so there was nothing to save.")


def save_entries(
    request: SignedInRequest,
    *,
    session: Session,
    entries: Sequence[RollEntry] | Callable[[Session], Sequence[RollEntry]],
    is_known_early: bool,
    method: MarkMethod = MarkMethod.ROLL_CALL,
) -> tuple[Session, RollCallResult]:
    """Note these now, by the reader, among the people of the roll whom he or she may see; see
    `record_roll_call`. Returns also the session as it was held; `entries`
    may need that, to make minutes of a time.

    Raises also the Refusals `session_gone` where the reader may not take this roll, and
    `session_not_begun`.
    """
    now = timezone.now()
    with transaction.atomic():
        held = hold_session(session, at=now, reader=request.user)
        require_begun(session=held, at=now, is_known_early=is_known_early)
        everybody = held.shows_everybody
        return held, record_held(
            session=held,
            entries=entries(held) if callable(entries) else entries,
            by=request.user,
            at=now,
            among=None if everybody else Enrolment.objects.visible_to(request.user),
            device=request.headers.get("User-Agent", ""),
            method=method,
        )


def say_saved(request: SignedInRequest, result: RollCallResult) -> None:
    """Say what a person who pressed the button once or twice wants to know:
    how many now stand.
    """
    stored = len(result.saved) + len(result.unchanged)
    sentences = []
    if stored:
        text = ngettext(
            "Attendance of %(count)d person has been saved.",
            "Attendance of %(count)d people has been saved.",
            stored,
        )
        sentences.append(text % {"count": stored})
    if result.corrected:
        text = ngettext(
            "%(count)d correction has been saved.",
            "%(count)d corrections have been saved.",
            len(result.corrected),
        )
        sentences.append(text % {"count": len(result.corrected)})
    if result.kept:
        messages.warning(request, describe_kept(result))
    if sentences:
        messages.success(request, " ".join(sentences))
    elif not result.refused and not result.kept:
        messages.info(request, NOTHING_CHANGED)


def describe_kept(result: RollCallResult) -> str:
    """Say what becomes of marks that came after the signature; empty when none did."""
    if not result.kept:
        return ""
    text = ngettext(
        "The register had been signed: the mark of %(count)d person is kept for the "
        "coordinator to confirm.",
        "The register had been signed: the marks of %(count)d people are kept for the "
        "coordinator to confirm.",
        len(result.kept),
    )
    return text % {"count": len(result.kept)}
