"""Two records of one person are made one, for 30 days with a way back.

What points at the closed record goes over to the kept one, as each app says in its `personal_data`.
What a person can have only once is settled by the rule of its app.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.extensions import Follow, Settlement, personal_data
from lms.accounts.merging.domain.swap import exchange
from lms.accounts.models import Merge, User
from lms.core.change_journal import plain, plain_fields, set_columns
from lms.core.databases import lock_rows
from lms.core.fields import with_derived
from lms.core.refusal import Refusal

MERGED = "accounts.merged"

# What the kept record takes over where it says nothing itself.
_FILLED = ("phone", "phone_raw", "email", "sex", "year_of_birth")
# Of these nobody has the same twice: the closed record gives them up.
_UNIQUE = ("phone", "email")


@dataclass
class ChangeJournal:
    """What is done, step by step, for the way back."""

    moves: list[dict[str, Any]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def set(self, row: Any, values: dict[str, Any]) -> None:
        """Write these columns, and remember what they held; `field_id` for a person or a place."""
        change = set_columns(row, values)
        fields = [_column(row, name).name for name in values]
        row.save(update_fields=with_derived([row], fields))
        self.moves.append({**_named(row), "fields": plain_fields(change)})

    def drop(self, row: models.Model) -> None:
        """Take the row away, and remember all of it."""
        columns = {name.attname: plain(getattr(row, name.attname)) for name in _columns(row)}
        self.moves.append({**_named(row), "dropped": columns})
        row.delete()

    def swap(self, column: str, theirs: Any, mine: Any) -> None:
        exchange(field=column, first=theirs, second=mine)
        self.moves.append({**_named(theirs), "swapped": [column, mine.pk]})


def merge(*, keep: User, close: User, by: User, at: datetime) -> Merge:
    """Make `close` one with `keep`: its rows go over, its account is closed,
    its code still finds.

    Raises Refusal: `same_record`, `not_manageable`, `own_record`, `merged_already`,
    `kinds_differ` where one of them is a minimal record and the other is not. Both records are
    locked in the order of their numbers. Writes the log.
    """
    if keep.pk == close.pk:
        raise Refusal("same_record", _("These are the same record."))
    if close.pk == by.pk:
        raise Refusal("own_record", _("You cannot close your own record."))
    with transaction.atomic():
        kept, closed = lock_pair(keep.pk, close.pk)
        _check(kept, closed, by)
        journal = ChangeJournal()
        for held in personal_data:
            for column, follow in held.following():
                owner = held.model._meta.get_field(column)
                _move(owner, follow, (kept, closed), journal, localdate(at))
        _fill(kept, closed, journal)
        journal.set(closed, {"merged_into_id": kept.pk, "is_active": False})
        done = Merge.objects.create(
            kept=kept, closed=closed, by=by, merged_at=at, moves=journal.moves, left=journal.left
        )
        data = {"kept": kept.staff_code, "closed": closed.staff_code}
        for person in (kept, closed):
            log(instance=person, action=MERGED, user=by, data=data)
    return done


def what_follows(*, close: User) -> list[tuple[str, int]]:
    """Return what would go over, by kind, in figures: for the page that asks first."""
    counted = []
    for data in personal_data:
        for column, _follow in data.following():
            rows = data.model._base_manager.filter(**{column: close}).count()
            if rows:
                counted.append((str(data.model._meta.verbose_name_plural), rows))
    return counted


def lock_pair(first: int, second: int) -> tuple[User, User]:
    """Lock both records and those that were merged into them, in the order of their numbers.

    Those go over as well: two who merge at once queue, and neither waits for what the other has.
    """
    wanted = {first, second}
    while True:
        before = transaction.savepoint()
        held = lock_rows(User.objects.all(), pks=wanted)
        merged = User.objects.filter(merged_into__in=(first, second)).values_list("pk", flat=True)
        if wanted.issuperset(merged):
            transaction.savepoint_commit(before)
            return held[first], held[second]
        # The locks are given back: one of those merged meanwhile may have the lowest number.
        transaction.savepoint_rollback(before)
        wanted.update(merged)


def _check(kept: User, closed: User, by: User) -> None:
    if kept.merged_into_id or closed.merged_into_id or not kept.is_active:
        raise Refusal(
            "merged_already", _("One of the two records is closed or has been merged already.")
        )
    if kept.is_minimal != closed.is_minimal:
        raise Refusal(
            "kinds_differ",
            _(
                "One of the two is the minimal record of a parent group member or core child: it "
                "stays separate, since nothing else may be stored in it."
            ),
        )
    changeable = User.objects.manageable_by(by).filter(pk__in=(kept.pk, closed.pk))
    if changeable.count() < 2:  # noqa: PLR2004 (both of them)
        raise Refusal(
            "not_manageable", _("You may not change the record of one of these two people.")
        )


def _move(
    owner: Any, follow: Follow, pair: tuple[User, User], journal: ChangeJournal, today: date
) -> None:
    """Take the rows that name the closed record in the column `owner` over to the kept one."""
    kept, closed = pair
    rows = owner.model._base_manager.select_for_update()
    mine = _by_key(follow, rows.filter(**{owner.name: kept}))
    going = {owner.attname: kept.pk}
    for theirs in rows.filter(**{owner.name: closed}).order_by("pk"):
        rival = mine.get(follow.clash_key(theirs)) if follow.clash_key else None
        if rival is None or follow.settle is None:
            journal.set(theirs, going)
        else:
            settlement = follow.settle(theirs, rival, today)
            _settle(owner.name, settlement, (theirs, rival), journal, going)


def _settle(
    column: str,
    settlement: Settlement,
    rows: tuple[Any, Any],
    journal: ChangeJournal,
    going: dict[str, Any],
) -> None:
    theirs, mine = rows
    if settlement.mine:
        journal.set(mine, settlement.mine)
    if settlement.swap:
        journal.swap(column, theirs, mine)
    elif settlement.drop:
        journal.drop(theirs)
    values = settlement.theirs | (going if settlement.moves else {})
    if values:
        journal.set(theirs, values)
    if settlement.note:
        journal.left.append(settlement.note)


def _by_key(follow: Follow, rows: Any) -> dict[Hashable, Any]:
    if follow.clash_key is None:
        return {}
    return {key: row for row in rows if (key := follow.clash_key(row)) is not None}


def _fill(kept: User, closed: User, journal: ChangeJournal) -> None:
    """Let the kept record say from now on what only the closed one says."""
    taken = {
        name: getattr(closed, name)
        for name in _FILLED
        if getattr(closed, name) and not getattr(kept, name)
    }
    given_up = {name: None for name in taken if name in _UNIQUE}
    if given_up:
        journal.set(closed, given_up)
    if closed.is_staff and not kept.is_staff:
        taken["is_staff"] = True
    if taken:
        journal.set(kept, taken)


def _named(row: models.Model) -> dict[str, Any]:
    return {"model": row._meta.label_lower, "pk": row.pk}


def _columns(row: models.Model) -> list[Any]:
    return list(row._meta.concrete_fields)


def _column(model: Any, name: str) -> Any:
    """Return the column of this name, with or without its `_id`."""
    return next(one for one in model._meta.concrete_fields if name in (one.name, one.attname))
