"""Make-up sessions as a person says them: when, where and in which district; no names."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from attendance.domain.hours.make_up_credit import MakeUpCredit
from attendance.domain.make_ups.offers import MissedSession
from attendance.domain.session_state import is_cancelled
from attendance.domain.wording import describe_minutes, describe_place, describe_when
from attendance.models import Session


def describe_offer(session: Session, *, now: datetime, missing: int = 0) -> str:
    """Say when and where a session of another class is held; needs `run` with its unit.

    One that is shorter than what is `missing` says how much it can give.
    """
    when = describe_when(starts_at=session.starts_at, ends_at=session.ends_at, now=now)
    said = f"{when}: {describe_place(place=session.where, unit=str(session.run.unit))}"
    if session.minutes >= missing:
        return said
    values = {"session": said, "minutes": describe_minutes(session.minutes)}
    return _("%(session)s (makes up for %(minutes)s at most)") % values


def describe_make_up(credit: MakeUpCredit, *, now: datetime) -> str:
    """Say where somebody makes up, and what has come of it."""
    session = credit.make_up.session
    said = describe_offer(session, now=now)
    if is_cancelled(session):
        return _("%(session)s (cancelled)") % {"session": said}
    if not credit.counts:
        return said
    values = {"session": said, "minutes": describe_minutes(credit.minutes)}
    return _("%(session)s (%(minutes)s made up)") % values


def soonest_offers(missed: Sequence[MissedSession], *, now: datetime) -> list[dict[str, Any]]:
    """Return the first offer for each missed session for which nothing is agreed that can still give
    something.
    """
    return [
        {
            "missed": one.session,
            # Never with a thousands separator.
            "key": str(one.offers[0].pk),
            "said": describe_offer(one.offers[0], now=now, missing=one.missing),
            "others": len(one.offers) - 1,
        }
        for one in missed
        if one.offers and not (one.credit and one.credit.reachable)
    ]


def make_up_line(missed: MissedSession | None, *, now: datetime) -> dict[str, Any]:
    """Return what a line about a session of one's class says: `make_up`, where it was agreed, and
    `may_make_up`, whether something is left to agree on or to take back.
    """
    credit = missed.credit if missed else None
    return {
        "make_up": describe_make_up(credit, now=now) if credit else "",
        "may_make_up": missed is not None and not (credit and credit.minutes),
    }
