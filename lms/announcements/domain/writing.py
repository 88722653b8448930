"""An announcement is written: now or for later, once, however often somebody presses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.announcements.domain.counting import count_reach
from lms.announcements.domain.publishing import publish
from lms.announcements.domain.rule import require_switched_on
from lms.announcements.enums import SUBJECT_LENGTH, TEXT_LENGTH
from lms.announcements.extensions import Group, audiences
from lms.announcements.models import Announcement
from lms.core.refusal import Refusal
from lms.core.text import nfc

#: Further off nobody plans a message: it would be forgotten.
FARTHEST: Final = timedelta(days=60)


@dataclass(frozen=True)
class Draft:
    """What somebody has written; `send_at` is None for now."""

    token: UUID
    audience: str
    params: Mapping[str, str]
    subject: str
    text: str
    send_at: datetime | None = None
    remind: bool = False


def find_group(*, audience: str, params: Mapping[str, str], by: User, remind: bool) -> Group | None:
    """Return the group, None where there is none or this person may not write to it."""
    sort = audiences.get(audience)
    return sort.find(by=by, params=_named(audience, params), remind=remind) if sort else None


def check_draft(*, draft: Draft, now: datetime) -> None:
    """Raise Refusal `switched_off`, `subject_required`, `text_required`, `subject_too_long`,
    `text_too_long`, `in_the_past` or `too_far_off`.
    """
    require_switched_on()
    words = _words(draft)
    for field, most in (("subject", SUBJECT_LENGTH), ("text", TEXT_LENGTH)):
        if not words[field]:
            raise Refusal(f"{field}_required", _("Please write something here."), field=field)
        if len(words[field]) > most:
            raise Refusal(
                f"{field}_too_long",
                _("At most %(most)d characters; this has %(number)d.")
                % {"most": most, "number": len(words[field])},
                field=field,
            )
    if draft.send_at is not None and draft.send_at <= now:
        raise Refusal("in_the_past", _("This time is over. Choose a later one."), field="send_at")
    if draft.send_at is not None and draft.send_at > now + FARTHEST:
        raise Refusal(
            "too_far_off",
            _("At most %(days)d days ahead.") % {"days": FARTHEST.days},
            field="send_at",
        )


@transaction.atomic
def write_announcement(*, draft: Draft, by: User, now: datetime) -> Announcement:
    """Keep the announcement, and send it out unless it is for later. A second press returns the
    first. Raises the refusals of `check_draft` and of the group, `another_message`, `no_group` and
    `nobody`.
    """
    # Two presses at the same moment come one after the other.
    User.objects.select_for_update().get(pk=by.pk)
    first = _first(draft, by)
    if first is not None and _says_the_same(first, draft):
        return first
    if first is not None:
        raise Refusal("another_message", _("This page has sent a message already. Open it anew."))
    check_draft(draft=draft, now=now)
    group = find_group(audience=draft.audience, params=draft.params, by=by, remind=draft.remind)
    if group is None:
        raise Refusal("no_group", _("You may not write to these people, or they are gone."))
    if group.refusal is not None:
        raise group.refusal
    if not count_reach(group=group, author=by, remind=draft.remind, now=now).recipients:
        raise Refusal("nobody", _("There is nobody to be told."))
    announcement = Announcement.objects.create(
        author=by,
        token=draft.token,
        audience=draft.audience,
        params=_named(draft.audience, draft.params),
        group=group.label,
        unit=group.unit,
        run_number=group.run_id,
        is_reminder=draft.remind,
        **_words(draft),
        written_at=now,
        send_at=draft.send_at or now,
    )
    if draft.send_at is None:
        publish(announcement=announcement, group=group, now=now)
    return announcement


def other_message(*, draft: Draft, by: User) -> Announcement | None:
    """Return what was sent with this form before, where it says something else now: somebody went
    back in the browser and changed it.
    """
    first = _first(draft, by)
    return None if first is None or _says_the_same(first, draft) else first


def _first(draft: Draft, by: User) -> Announcement | None:
    return Announcement.objects.filter(token=draft.token, author=by).first()


def _says_the_same(first: Announcement, draft: Draft) -> bool:
    """Return whether the draft is what was written, to the same people, for the same moment."""
    words = _words(draft)
    at = None if first.send_at == first.written_at else first.send_at
    return (
        (first.subject, first.text, at) == (words["subject"], words["text"], draft.send_at)
        and first.is_reminder == draft.remind
        and first.audience == draft.audience
        and first.params == _named(draft.audience, draft.params)
    )


def _words(draft: Draft) -> dict[str, str]:
    # Line by line: what was written as a list is read as one.
    text = "\n".join(nfc(line) for line in draft.text.splitlines()).strip()
    return {"subject": nfc(draft.subject), "text": text}


def _named(audience: str, params: Mapping[str, str]) -> dict[str, str]:
    """Return what the audience asks for; whatever else stands in an address is left out."""
    sort = audiences.get(audience)
    return {name: params.get(name, "") for name in (sort.params if sort else ())}
