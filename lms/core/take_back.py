"""The way back of a journal: rows get their old values, new ones go, and what stays says why."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models.signals import post_delete, pre_delete
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core.change_journal import (
    IDS_AT_ONCE,
    Change,
    compare,
    from_plain,
    pointing_at,
    portions,
    standing_on,
)
from lms.core.databases import lock_rows
from lms.core.fields import with_derived

# Why a row was left, in one sentence; `changed_since` and `depended_on` name what keeps it.
DELETED_SINCE = gettext_lazy("It has been deleted since.")
TAKEN_SINCE = gettext_lazy("The earlier value now belongs to another record.")
# Between so many changes the caller is told how far it is.
_AT_ONCE = 1000


@dataclass
class _Step:
    change: Change
    left: list[str] = field(default_factory=list)

    @property
    def goes(self) -> bool:
        """Whether a new row will be deleted."""
        return self.change.is_new and not self.left


_ByModel = Mapping[type[models.Model], Sequence[_Step]]


def take_back(
    *,
    changes: Sequence[Change],
    whole: bool = False,
    owned: Collection[type[models.Model]] = (),
    tell: Callable[[int], None] = lambda _done: None,
) -> list[list[str]]:
    """Undo these changes, given last first; answer for each why something was left, in sentences.

    A column returns to its old value while it holds the new one, else it stays; `whole`: then the
    row stays as it is. A new row is deleted with what it owns, unless it was changed or something
    else stands on it. What is of one group stays or goes together, of whatever model it is, and all
    of it tells why. Models that point at others go before them; `tell` hears how many are done. The
    caller holds the transaction.
    """
    steps = [_Step(change) for change in changes]
    by_model: dict[type[models.Model], list[_Step]] = defaultdict(list)
    for step in steps:
        by_model[apps.get_model(step.change.model)].append(step)
    _judge(by_model, whole=whole, owned=owned)
    done = 0
    for model in _dependents_first(by_model):
        for portion in portions(by_model[model], _AT_ONCE):
            tell(done)
            _delete(model, [step.change.pk for step in portion if step.goes], owned)
            _restore(model, [one for one in portion if not one.change.is_new and not one.left])
            done += len(portion)
    return [step.left for step in steps]


def changed_since(model: type[models.Model], name: str) -> str:
    """Return that this column holds something else by now."""
    column: Any = model._meta.get_field(name)
    return _("%(column)s has been changed since.") % {"column": capfirst(str(column.verbose_name))}


def depended_on(kinds: Iterable[str]) -> str:
    """Return that records of these kinds stand on the row."""
    return _("Other records now depend on it: %(records)s.") % {"records": ", ".join(sorted(kinds))}


def _judge(by_model: _ByModel, *, whole: bool, owned: Collection[type[models.Model]]) -> None:
    """Say what keeps a row that goes, or returns, as a whole, and then all that hangs on it."""
    for model, steps in by_model.items():
        asked = [one for one in steps if whole or one.change.is_new or one.change.group]
        for some in portions(asked, IDS_AT_ONCE):
            _look_for_changes(model, some)
    groups = _groups(step for steps in by_model.values() for step in steps)
    _spread(groups)
    while _look_for_dependents(by_model, owned):
        _spread(groups)


def _look_for_changes(model: type[models.Model], steps: Sequence[_Step]) -> None:
    # With the key: nothing may point at a row that is about to go.
    rows = {
        **_locked(model, [one for one in steps if one.change.is_new], no_key=False),
        **_locked(model, [one for one in steps if not one.change.is_new], no_key=True),
    }
    for step in steps:
        row = rows.get(step.change.pk)
        if row is not None:
            step.left = [changed_since(model, name) for name in _changed(row, step.change)]
        elif not step.change.is_new:
            step.left = [str(DELETED_SINCE)]


def _locked(
    model: type[models.Model], steps: Sequence[_Step], *, no_key: bool
) -> dict[Any, models.Model]:
    pks = {step.change.pk for step in steps}
    return lock_rows(model._base_manager.all(), pks=pks, no_key=no_key) if pks else {}


def _look_for_dependents(by_model: _ByModel, owned: Collection[type[models.Model]]) -> bool:
    """Leave new rows that others stand on, unless those go or turn away as well; whether any is."""
    going = {model: _turning(steps) for model, steps in by_model.items()}
    found = False
    for model, steps in by_model.items():
        new = {step.change.pk: step for step in steps if step.goes}
        if not new:
            continue
        for pk, names in standing_on(model=model, pks=new, besides=owned, going=going).items():
            found = True
            new[pk].left.append(depended_on(names))
    return found


def _turning(steps: Iterable[_Step]) -> set[Any]:
    """Return rows that will point at nothing new any more."""
    return {
        step.change.pk
        for step in steps
        if not step.left
        and (step.change.is_new or any(name.endswith("_id") for name in step.change.fields))
    }


def _groups(steps: Iterable[_Step]) -> list[list[_Step]]:
    grouped: dict[str, list[_Step]] = defaultdict(list)
    for step in steps:
        if step.change.group:
            grouped[step.change.group].append(step)
    return list(grouped.values())


def _spread(groups: Iterable[Sequence[_Step]]) -> None:
    """Leave the whole of each group of which something is left, for the same reasons."""
    for group in groups:
        reasons = list(dict.fromkeys(reason for step in group for reason in step.left))
        for step in group:
            step.left = step.left or list(reasons)


def _delete(
    model: type[models.Model], pks: Sequence[Any], owned: Collection[type[models.Model]]
) -> None:
    """Delete these rows with what they own and what says the same as others; that nothing else points
    at them was looked for, and the database refuses what came since.
    """
    if not pks:
        return
    for rows, column in pointing_at(model):
        if rows in owned or getattr(rows, "is_derived", False):
            rows._base_manager.filter(**{f"{column}__among": pks}).delete()
    going = model._base_manager.filter(pk__among=pks)
    if _goes_alone(model):
        going._raw_delete(going.db)  # noqa: SLF001 (else each row is read, and every table again)
    else:
        going.delete()


def _goes_alone(model: type[models.Model]) -> bool:
    """Return whether the row is all: nobody is told of its end, and nothing of it is elsewhere."""
    is_told = any(one.has_listeners(model) for one in (pre_delete, post_delete))
    is_elsewhere = any(hasattr(one, "bulk_related_objects") for one in model._meta.private_fields)
    return not (is_told or is_elsewhere or model._meta.parents)


def _restore(model: type[models.Model], steps: Sequence[_Step]) -> None:
    if not steps:
        return
    pks = list({step.change.pk for step in steps})
    rows = lock_rows(model._base_manager.all(), pks=pks)
    restored: dict[Any, _Step] = {}
    names: set[str] = set()
    for step in steps:
        row = rows.get(step.change.pk)
        if row is None:
            step.left = [str(DELETED_SINCE)]
            continue
        step.left = [changed_since(model, name) for name in _changed(row, step.change)]
        old = compare(row, step.change.fields)[0]
        for name, value in old.items():
            setattr(row, name, value)
        if old:
            restored[row.pk] = step
            names |= old.keys()
    _save(model, [(rows[pk], step) for pk, step in restored.items()], names)


def _save(
    model: type[models.Model], restored: Sequence[tuple[models.Model, _Step]], names: set[str]
) -> None:
    if not restored:
        return
    rows = [row for row, _step in restored]
    fields = [model._meta.get_field(name).name for name in with_derived(rows, names)]
    try:
        with transaction.atomic():
            model._base_manager.bulk_update(rows, fields, batch_size=500)
    except IntegrityError:
        # Somebody else has what one of them had: then each by itself, and that one is left.
        for row, step in restored:
            _save_one(row, fields, step)


def _save_one(row: models.Model, fields: Sequence[str], step: _Step) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=fields)
    except IntegrityError:
        step.left.append(str(TAKEN_SINCE))


def _changed(row: models.Model, change: Change) -> list[str]:
    """Return the columns that hold something else by now; the old value has come back already."""
    changed = compare(row, change.fields)[1]
    if change.is_new:
        return changed
    return [
        name
        for name in changed
        if getattr(row, name) != from_plain(type(row), name, change.fields[name][0])
    ]


def _dependents_first(found: Collection[type[models.Model]]) -> list[type[models.Model]]:
    """Sort these models, each before those that its rows point at."""
    left = list(found)
    ordered: list[type[models.Model]] = []
    while left:
        pointed_at = {
            column.related_model
            for model in left
            for column in model._meta.concrete_fields
            if column.is_relation and column.related_model is not model
        }
        # Models that point at each other in a ring have no order: they go as they came.
        free = [model for model in left if model not in pointed_at] or left
        ordered += free
        left = [model for model in left if model not in free]
    return ordered
