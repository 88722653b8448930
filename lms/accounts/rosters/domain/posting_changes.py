"""What a list says about posts, row by row: a transfer, a leaving, a return, a second post.

History is never overwritten: a post ends, another begins.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.accounts.models import Posting
from lms.accounts.register.domain.postings import (
    PostingWrite,
    consent_for,
    require_later,
    write_postings,
)
from lms.accounts.rosters.domain.matching import HeldPost, PersonRecord
from lms.core.change_journal import Change
from lms.core.display import vi_date
from lms.core.refusal import Refusal
from lms.geography.domain.finding import PlaceName

_A_DAY = timedelta(days=1)


class PostingChange(models.TextChoices):
    TRANSFER = "transfer", gettext_lazy("Transfer")
    LEAVE = "leave", gettext_lazy("Leaving")
    RETURN = "return", gettext_lazy("Return")
    SECOND = "second", gettext_lazy("Second post")


@dataclass(frozen=True)
class RequestedChange:
    """What a row asks: `unit` is where the post that is meant is held, `to_unit` the new place.

    `since` is the first day of the new post, `until` the last day of the old one.
    """

    change: PostingChange
    unit: PlaceName | None = None
    to_unit: PlaceName | None = None
    cadre: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class NewPost:
    unit: PlaceName
    cadre: str
    since: date
    #: What the post of a parent or a core child stands on.
    consent_id: int | None = None


@dataclass(frozen=True)
class PostingStep:
    """`ends` is closed on `last_day`, `takes` begins; neither: the register says it already."""

    ends: HeldPost | None = None
    last_day: date | None = None
    takes: NewPost | None = None

    @property
    def is_done(self) -> bool:
        return self.ends is None and self.takes is None


def plan_change(*, person: PersonRecord, asked: RequestedChange, today: date) -> PostingStep:
    """Plan what becomes of the person's posts; raise Refusal with the sentence.

    Codes: `to_missing`, `cadre_missing`, `since_missing`, `until_missing`, `in_future`,
    `no_posting`, `several_posts`, `too_early`, `already_held`, `overlaps`, and those of
    `postings.consent_for`.
    """
    if asked.since is not None and asked.since > today:
        raise Refusal("in_future", _("This date is in the future."))
    step = _RULES[asked.change](person, asked)
    return step if step.takes is None else replace(step, takes=_allowed(person, step.takes))


def require_free(*, person: PersonRecord, post: NewPost) -> None:
    """Raise Refusal when the person holds this very post, or held it on that day or later."""
    if any((held.unit, held.cadre) == (post.unit, post.cadre) for held in person.posts):
        raise Refusal("already_held", _("This person already holds this post."))
    same = [held for held in person.past if (held.unit, held.cadre) == (post.unit, post.cadre)]
    last = max((held.valid_to for held in same if held.valid_to), default=None)
    if last is not None and last >= post.since:
        raise Refusal(
            "overlaps",
            _("This post was held until %(day)s; it can only begin again after that date.")
            % {"day": vi_date(last)},
        )


def write_steps(*, steps: Mapping[int, tuple[int, PostingStep]]) -> dict[int, list[Change]]:
    """Write person and step by row number; by row number what was written, for the undo."""
    writes = [_as_write(user_id, step) for user_id, step in steps.values()]
    done = write_postings(writes=writes)
    return {number: written.changes for number, written in zip(steps, done, strict=True)}


def _as_write(user_id: int, step: PostingStep) -> PostingWrite:
    ends = takes = None
    if step.ends is not None:
        held = step.ends
        ends = Posting(
            pk=held.pk,
            user_id=user_id,
            unit_id=held.unit.pk,
            cadre=held.cadre,
            valid_from=held.valid_from,
            valid_to=held.valid_to,
        )
    if step.takes is not None:
        new = step.takes
        takes = Posting(
            user_id=user_id,
            unit_id=new.unit.pk,
            cadre=new.cadre,
            valid_from=new.since,
            consent_id=new.consent_id,
        )
    return PostingWrite(ends=ends, last_day=step.last_day, takes=takes)


def _allowed(person: PersonRecord, post: NewPost) -> NewPost:
    """Return the post with the consent that it stands on, where it needs one."""
    consent_id = consent_for(
        cadre=post.cadre, is_minimal=person.is_minimal, given=person.consent, since=post.since
    )
    return replace(post, consent_id=consent_id)


def _transfer(person: PersonRecord, asked: RequestedChange) -> PostingStep:
    to_unit, since = _to(asked), _since(asked)
    if _began(person, to_unit, asked.cadre, since):
        return PostingStep()
    held = _meant(person, asked.unit)
    new = NewPost(to_unit, asked.cadre or held.cadre, since)
    require_later(began=held.valid_from, on=since)
    require_free(person=person, post=new)
    return PostingStep(ends=held, last_day=since - _A_DAY, takes=new)


def _leave(person: PersonRecord, asked: RequestedChange) -> PostingStep:
    last_day = asked.until or (asked.since and asked.since - _A_DAY)
    if last_day is None:
        raise Refusal("until_missing", _("The last day of the post is missing."))
    if any(held.valid_to == last_day and _is_at(held, asked.unit) for held in person.past):
        return PostingStep()
    held = _meant(person, asked.unit)
    require_later(began=held.valid_from, on=last_day + _A_DAY)
    return PostingStep(ends=held, last_day=last_day)


def _return(person: PersonRecord, asked: RequestedChange) -> PostingStep:
    since, unit = _since(asked), asked.to_unit or asked.unit
    if unit is not None and _began(person, unit, asked.cadre, since):
        return PostingStep()
    before = [held for held in person.past if _is_at(held, unit)] or person.past
    if not before:
        raise Refusal("no_posting", _("No earlier post is on record, so there is no return."))
    last = max(before, key=lambda held: held.valid_from)
    if unit is None and _began(person, last.unit, asked.cadre, since):
        return PostingStep()
    new = NewPost(unit or last.unit, asked.cadre or last.cadre, since)
    require_free(person=person, post=new)
    return PostingStep(takes=new)


def _second(person: PersonRecord, asked: RequestedChange) -> PostingStep:
    to_unit, since = _to(asked), _since(asked)
    if _began(person, to_unit, asked.cadre, since):
        return PostingStep()
    if not asked.cadre:
        raise Refusal("cadre_missing", _("A second post needs a cadre."))
    new = NewPost(to_unit, asked.cadre, since)
    require_free(person=person, post=new)
    return PostingStep(takes=new)


_RULES: dict[PostingChange, Callable[[PersonRecord, RequestedChange], PostingStep]] = {
    PostingChange.TRANSFER: _transfer,
    PostingChange.LEAVE: _leave,
    PostingChange.RETURN: _return,
    PostingChange.SECOND: _second,
}


def _to(asked: RequestedChange) -> PlaceName:
    if asked.to_unit is None:
        raise Refusal("to_missing", _("The new commune or district is missing."))
    return asked.to_unit


def _since(asked: RequestedChange) -> date:
    if asked.since is None:
        raise Refusal("since_missing", _("The first day of the new post is missing."))
    return asked.since


def _is_at(held: HeldPost, unit: PlaceName | None) -> bool:
    return unit is None or held.unit == unit


def _began(person: PersonRecord, unit: PlaceName, cadre: str, since: date) -> bool:
    """Return whether the register has this post from that day on."""
    return any(
        held.unit == unit and held.valid_from == since and cadre in ("", held.cadre)
        for held in person.posts
    )


def _meant(person: PersonRecord, unit: PlaceName | None) -> HeldPost:
    held = [post for post in person.posts if _is_at(post, unit)]
    if not held:
        raise Refusal("no_posting", _("This person holds no such post today."))
    if len(held) > 1:
        raise Refusal(
            "several_posts",
            _("This person holds several posts: please say in which commune the post ends."),
        )
    return held[0]
