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

from lms.accounts.enums import ConsentPurpose
from lms.accounts.models import Consent, User
from lms.accounts.register.domain.locks import lock_people
from lms.accounts.rosters.domain.matching import PersonRecord
from lms.accounts.rosters.domain.posting_changes import NewPost, PostingStep, write_steps
from lms.accounts.rosters.domain.staff_codes import give_staff_codes
from lms.core.audit_log import log_many
from lms.core.change_journal import Change, record_new, set_columns
from lms.core.fields import with_derived

IMPORTED = "accounts.imported"
_CELLS = (
    "staff_code",
    "full_name",
    "sex",
    "year_of_birth",
    "phone",
    "phone_raw",
    "email",
    "is_minimal",
)


_NEW_PERSON = "person"


@dataclass(frozen=True)
class RosterRow:
    """A person as the list has it; `original` as the register has it, None for somebody new."""

    number: int
    record: PersonRecord
    original: PersonRecord | None


def write_people(*, rows: Sequence[RosterRow], by: User, on: date) -> dict[int, list[Change]]:
    """Write these people; by row number what was written. The caller holds the transaction.

    A new person gets no password that works, and a staff code where the list has none. A post is
    taken up on the day that the row tells, else `on`, and one that it takes the place of ends the
    day before. The number of statements does not grow with the rows,
    but for their size. Writes the history of each person.
    """
    written: dict[int, list[Change]] = {row.number: [] for row in rows}
    people = _create(rows, written) | _change(rows, written)
    consents = _consent(rows, people, written, by)
    steps = {
        row.number: (people[row.number].pk, _step(row, on, consents.get(row.number)))
        for row in rows
        if brings_post(row.record)
    }
    for number, objects in write_steps(steps=steps).items():
        written[number] += objects
    for row in rows:
        if row.original is None:
            # Somebody without a post, or a post of nobody: an undo takes both or neither.
            for change in written[row.number]:
                change.group = _NEW_PERSON
    changed = [person for number, person in people.items() if written[number]]
    log_many(objects=changed, action=IMPORTED, by=by)
    return written


def _create(rows: Sequence[RosterRow], written: dict[int, list[Change]]) -> dict[int, User]:
    fresh = [row for row in rows if row.original is None]
    _give_codes([row.record for row in fresh if not row.record.staff_code])
    new = {
        row.number: User(
            **{name: getattr(row.record, name) for name in _CELLS},
            # As `set_unusable_password` does, which takes as long as all the rest of a row.
            password=UNUSABLE_PASSWORD_PREFIX
            + secrets.token_urlsafe(UNUSABLE_PASSWORD_SUFFIX_LENGTH),
        )
        for row in fresh
    }
    User.objects.bulk_create(new.values(), batch_size=1000)
    for number, person in new.items():
        written[number].append(record_new(person, (*_CELLS, "last_login")))
    return new


def _give_codes(records: Sequence[PersonRecord]) -> None:
    units = [record.unit.code for record in records if record.unit is not None]
    for record, code in zip(records, give_staff_codes(unit_codes=units), strict=True):
        record.staff_code = code


def _change(rows: Sequence[RosterRow], written: dict[int, list[Change]]) -> dict[int, User]:
    """Return every known person of the list, those with a changed cell written."""
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
            changed.append(user)
            names |= cells.keys()
            written[number].append(set_columns(user, cells))
    if changed:
        User.objects.bulk_update(changed, with_derived(changed, names), batch_size=500)
    return people


def _changed_cells(row: RosterRow) -> dict[str, Any]:
    told = {name: getattr(row.record, name) for name in _CELLS}
    return {name: new for name, new in told.items() if new != getattr(row.original, name)}


def brings_post(record: PersonRecord) -> bool:
    """Return whether the list brings a post that is not held."""
    held = record.post
    wanted = record.unit and (record.unit.pk, record.cadre)
    return bool(wanted) and wanted != (held and (held.unit.pk, held.cadre))


def _consent(
    rows: Sequence[RosterRow],
    people: dict[int, User],
    written: dict[int, list[Change]],
    by: User,
) -> dict[int, int]:
    """Write down the consents that the list brings;
    return by row number the one that a post stands on.
    """
    new = {
        row.number: Consent(
            user=people[row.number],
            purpose=ConsentPurpose.TAKING_PART,
            giver=given.giver,
            guardian=given.guardian,
            given_on=given.given_on,
            recorded_by=by,
        )
        for row in rows
        if (given := row.record.new_consent) is not None
    }
    Consent.objects.bulk_create(new.values(), batch_size=1000)
    for number, consent in new.items():
        names = ("guardian", "given_on", "withdrawn_on")
        written[number].append(record_new(consent, names))
    held = {row.number: row.record.consent for row in rows if row.record.is_minimal}
    on_file = {number: given.pk for number, given in held.items() if given and given.pk}
    return on_file | {number: consent.pk for number, consent in new.items()}


def _step(row: RosterRow, on: date, consent_id: int | None) -> PostingStep:
    record = row.record
    assert record.unit is not None  # noqa: S101 (only such a row moves)
    since = record.since or on
    ends = record.post
    return PostingStep(
        ends=ends,
        last_day=since - timedelta(days=1) if ends else None,
        takes=NewPost(record.unit, record.cadre, since, consent_id),
    )
