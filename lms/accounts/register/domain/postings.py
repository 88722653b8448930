"""The posts that people hold: taken up, moved and left, with the history kept.

`write_postings` is the one writer of postings, whoever asks for it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.enums import Cadre
from lms.accounts.models import Posting, User
from lms.accounts.register.domain.consents import GivenConsent, consent_in_force, require_consent
from lms.accounts.register.domain.locks import lock_people
from lms.accounts.register.domain.minimal import require_same_kind
from lms.core.change_journal import Change, record_new, set_columns
from lms.core.display import vi_date
from lms.core.refusal import Refusal
from lms.geography.models import AdministrativeUnit

POSTED = "accounts.posted"
TRANSFERRED = "accounts.transferred"

_A_DAY = timedelta(days=1)
# Posts of one person are undone together: one closed and none open would be a hole.
_TOGETHER = "post"
_TAKEN = ("unit_id", "cadre", "valid_from", "valid_to")
_Key = tuple[int, int, str]


@dataclass(frozen=True)
class PostingWrite:
    """`ends` is closed on `last_day`; `takes`, not saved yet, begins."""

    ends: Posting | None = None
    last_day: date | None = None
    takes: Posting | None = None


@dataclass
class WrittenPosting:
    """The posting that is held now, where one was taken, and each row that was changed for it."""

    posting: Posting | None = None
    is_new: bool = False
    changes: list[Change] = field(default_factory=list)


def write_postings(*, writes: Sequence[PostingWrite]) -> list[WrittenPosting]:
    """End and begin postings in this order; answer what became of each write.

    Whoever holds the very post already keeps it. A post that began after its last day was never
    held there: what is taken is put right in its place; where nothing is, it ends on its first day.
    The caller holds the people (`lock_people`) and has asked the rules (`require_later`,
    `consent_for`). The number of statements grows with the days and units, never with the posts.
    """
    held = _still_held(writes)
    done = [_plan(write, held) for write in writes]
    _update([change for written in done for change in written.changes])
    new = [written for written in done if written.is_new]
    begun = [one.posting for one in new if one.posting is not None]
    Posting.objects.bulk_create(begun, batch_size=1000)
    for written, posting in zip(new, begun, strict=True):
        written.changes.append(record_new(posting, _TAKEN, group=_TOGETHER))
    return done


def require_later(*, began: date, on: date) -> None:
    """Raise Refusal `too_early` unless a post that began on that day lasted a day before `on`."""
    if on <= began:
        raise Refusal(
            "too_early",
            _("This post has been held since %(day)s; the change must come later.")
            % {"day": vi_date(began)},
        )


def consent_for(
    *, cadre: str, is_minimal: bool, given: GivenConsent | None, since: date
) -> int | None:
    """Return the consent that such a post of the person stands on; None where it needs none.

    Raises Refusal as `minimal.require_same_kind` and `consents.require_consent` do.
    """
    require_same_kind(is_minimal=is_minimal, cadre=cadre)
    require_consent(cadre=cadre, given=given, since=since)
    return given.pk if is_minimal and given else None


def post(
    *,
    user: User,
    unit: AdministrativeUnit,
    cadre: Cadre,
    on: date,
    by: User | None = None,
) -> Posting:
    """Take up a post on that day, besides any other held.

    A repeat returns the open posting. Writes the log. Raises Refusal as `consent_for` does.
    """
    with transaction.atomic():
        held = lock_people(pks=[user.pk])[user.pk]
        posting = _open(user, unit, cadre)
        if posting is None:
            posting = _write(PostingWrite(takes=_beginning(held, unit, cadre, on)))
            _log(posting, POSTED, by, on)
    return posting


def transfer(
    *,
    user: User,
    from_unit: AdministrativeUnit,
    to_unit: AdministrativeUnit,
    on: date,
    cadre: Cadre | None = None,
    by: User | None = None,
) -> Posting:
    """Move on that day: the old posting ends the day before, and stays on file.

    `cadre` is the new one, the same when not given. A repeat returns the new posting. Raises
    Refusal: `no_posting` when nothing is held at `from_unit`, `too_early` when the move
    would come before the old posting lasted a day; else Refusal as `post`. Writes the log.
    """
    with transaction.atomic():
        held = lock_people(pks=[user.pk])[user.pk]
        old = _open(user, from_unit)
        if old is None:
            repeated = _open(user, to_unit, cadre)
            if repeated is not None and repeated.valid_from == on:
                return repeated
            raise _no_posting(user, from_unit)
        new_cadre = cadre or Cadre(old.cadre)
        if (old.unit_id, old.cadre) == (to_unit.pk, new_cadre):
            return old
        require_later(began=old.valid_from, on=on)
        there = _open(user, to_unit, new_cadre) or _beginning(held, to_unit, new_cadre, on)
        new = _write(PostingWrite(ends=old, last_day=on - _A_DAY, takes=there))
        _log(new, TRANSFERRED, by, on, previous=str(old))
    return new


def _still_held(writes: Sequence[PostingWrite]) -> dict[_Key, Posting]:
    """Return what stays open of the posts that are taken, once everything that ends has ended."""
    taken = [write.takes for write in writes if write.takes is not None]
    if not taken:
        return {}
    ended = {write.ends.pk for write in writes if write.ends is not None}
    found = Posting.objects.filter(
        valid_to=None,
        user__in={one.user_id for one in taken},
        unit__in={one.unit_id for one in taken},
    )
    return {_key(one): one for one in found.order_by() if one.pk not in ended}


def _plan(write: PostingWrite, held: dict[_Key, Posting]) -> WrittenPosting:
    """Decide what one write changes; `held` learns what is taken."""
    ends, takes, last_day = write.ends, write.takes, write.last_day
    is_new = takes is not None and _key(takes) not in held
    changes = []
    if ends is not None and last_day is not None:
        if is_new and takes is not None and ends.valid_from > last_day:
            held[_key(takes)] = ends
            place = {"unit_id": takes.unit_id, "cadre": takes.cadre}
            return WrittenPosting(ends, changes=[set_columns(ends, place, group=_TOGETHER)])
        end = {"valid_to": max(last_day, ends.valid_from)}
        changes = [set_columns(ends, end, group=_TOGETHER)]
    if takes is None:
        return WrittenPosting(changes=changes)
    return WrittenPosting(held.setdefault(_key(takes), takes), is_new, changes)


def _update(changes: Sequence[Change]) -> None:
    """Write what changes the same way at once; the ends first, to make room for what is taken."""
    alike: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    for one in sorted(changes, key=lambda change: "valid_to" not in change.fields):
        alike[tuple((name, new) for name, (_old, new) in one.fields.items())].append(one.pk)
    for values, pks in alike.items():
        Posting.objects.filter(pk__in=pks).update(**dict(values))


def _key(posting: Posting) -> _Key:
    return posting.user_id, posting.unit_id, posting.cadre


def _write(write: PostingWrite) -> Posting:
    [written] = write_postings(writes=[write])
    assert written.posting is not None  # noqa: S101 (it takes one)
    return written.posting


def _beginning(user: User, unit: AdministrativeUnit, cadre: Cadre, on: date) -> Posting:
    given = consent_in_force(person=user) if user.is_minimal else None
    consent = consent_for(cadre=cadre, is_minimal=user.is_minimal, given=given, since=on)
    return Posting(user=user, unit=unit, cadre=cadre, valid_from=on, consent_id=consent)


def _open(user: User, unit: AdministrativeUnit, cadre: Cadre | None = None) -> Posting | None:
    postings = Posting.objects.filter(user=user, unit=unit, valid_to=None)
    if cadre is not None:
        postings = postings.filter(cadre=cadre)
    return postings.first()


def _no_posting(user: User, unit: AdministrativeUnit) -> Refusal:
    return Refusal(
        "no_posting",
        _("%(name)s holds no post at %(unit)s.") % {"name": user, "unit": unit},
    )


def _log(posting: Posting, action: str, by: User | None, day: date, previous: str = "") -> None:
    log(
        instance=posting.user,
        action=action,
        user=by,
        data={"posting": str(posting), "day": day.isoformat(), "previous": previous},
    )
