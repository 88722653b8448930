"""People of a list written to the register at once: new ones, changed cells, posts taken and moved."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import (
    UNUSABLE_PASSWORD_PREFIX,
    UNUSABLE_PASSWORD_SUFFIX_LENGTH,
)

from lms.accounts.domain.matching import HeldPost, PersonRecord
from lms.accounts.models import Posting, User
from lms.core.fields import with_derived
from lms.core.histories import log_many
from lms.core.resources import WrittenObject

IMPORTED = "accounts.imported"
_CELLS = ("staff_code", "full_name", "sex", "year_of_birth", "phone", "email")
# One statement carries as many ids on every database.
_IDS = 5000
# Posts of one person are undone together: one closed and none open would be a hole.
_POST = "post"


@dataclass(frozen=True)
class RosterRow:
    """A person as the list has it; `original` as the register has it, None for somebody new."""

    number: int
    record: PersonRecord
    original: PersonRecord | None


def lock_people(*, pks: Sequence[int]) -> dict[int, User]:
    """These people, held until the transaction ends; those who are gone are left out."""
    held: dict[int, User] = {}
    for start in range(0, len(pks), _IDS):
        ids = sorted(pks)[start : start + _IDS]
        held |= User.objects.select_for_update(no_key=True).in_bulk(ids)
    return held


def write_people(
    *, rows: Sequence[RosterRow], by: User, on: date
) -> dict[int, list[WrittenObject]]:
    """Write these people; by row number what was written. The caller holds the transaction.

    A new person gets no password that works. A post is taken up on the day `on`, and one that it
    takes the place of ends the day before. The number of statements does not grow with the rows,
    but for their size. Writes the history of each person.
    """
    written: dict[int, list[WrittenObject]] = {row.number: [] for row in rows}
    people = _create(rows, written) | _change(rows, written)
    _end_posts(rows, written, last_day=on - timedelta(days=1))
    _take_posts(rows, people, written, on=on)
    changed = [person for number, person in people.items() if written[number]]
    log_many(objects=changed, action=IMPORTED, by=by)
    return written


def _create(rows: Sequence[RosterRow], written: dict[int, list[WrittenObject]]) -> dict[int, User]:
    new = {
        row.number: User(
            **{name: getattr(row.record, name) for name in _CELLS},
            # As `set_unusable_password` does, which takes as long as all the rest of a row.
            password=UNUSABLE_PASSWORD_PREFIX
            + secrets.token_urlsafe(UNUSABLE_PASSWORD_SUFFIX_LENGTH),
        )
        for row in rows
        if row.original is None
    }
    User.objects.bulk_create(new.values(), batch_size=1000)
    for number, person in new.items():
        fields = {name: [None, getattr(person, name)] for name in (*_CELLS, "last_login")}
        written[number].append(WrittenObject("accounts.user", person.pk, True, fields))
    return new


def _change(rows: Sequence[RosterRow], written: dict[int, list[WrittenObject]]) -> dict[int, User]:
    """Every known person of the list, those with a changed cell written."""
    known = {row.number: row for row in rows if row.original is not None}
    users = lock_people(pks=[row.original.pk for row in known.values() if row.original])  # type: ignore[misc]
    people: dict[int, User] = {}
    changed: list[User] = []
    names: set[str] = set()
    for number, row in known.items():
        user = users[row.record.pk]  # type: ignore[index]
        people[number] = user
        cells = _changed_cells(row)
        if cells:
            for name, (_old, new) in cells.items():
                setattr(user, name, new)
            changed.append(user)
            names |= cells.keys()
            written[number].append(WrittenObject("accounts.user", user.pk, False, cells))
    if changed:
        User.objects.bulk_update(changed, with_derived(changed, names), batch_size=500)
    return people


def _changed_cells(row: RosterRow) -> dict[str, list[Any]]:
    pairs = {name: [getattr(row.original, name), getattr(row.record, name)] for name in _CELLS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _moves(row: RosterRow) -> bool:
    """Whether the row brings a post that is not held."""
    record, held = row.record, row.record.post
    wanted = record.unit and (record.unit.pk, record.cadre)
    return bool(wanted) and wanted != (held and (held.unit.pk, held.cadre))


def _end_posts(
    rows: Sequence[RosterRow], written: dict[int, list[WrittenObject]], *, last_day: date
) -> None:
    ended: list[HeldPost] = []
    for row in rows:
        if row.record.post is not None and _moves(row):
            ended.append(row.record.post)
            written[row.number].append(
                WrittenObject(
                    "accounts.posting",
                    row.record.post.pk,
                    False,
                    {"valid_to": [None, last_day]},
                    _POST,
                )
            )
    for start in range(0, len(ended), _IDS):
        ids = [post.pk for post in ended[start : start + _IDS]]
        Posting.objects.filter(pk__in=ids).update(valid_to=last_day)


def _take_posts(
    rows: Sequence[RosterRow],
    people: dict[int, User],
    written: dict[int, list[WrittenObject]],
    *,
    on: date,
) -> None:
    taken = {
        row.number: Posting(
            user=people[row.number],
            unit_id=row.record.unit.pk,
            cadre=row.record.cadre,
            valid_from=on,
        )
        for row in rows
        if row.record.unit is not None and _moves(row)
    }
    Posting.objects.bulk_create(taken.values(), batch_size=1000)
    for number, posting in taken.items():
        fields: dict[str, list[Any]] = {
            "unit_id": [None, posting.unit_id],
            "cadre": [None, posting.cadre],
            "valid_from": [None, posting.valid_from],
            "valid_to": [None, None],
        }
        written[number].append(WrittenObject("accounts.posting", posting.pk, True, fields, _POST))
