"""A journal of changed rows: what was written, column by column, and the way back.

A change is `{model, pk, is_new, fields: {column: [old, new]}}`. Imports and merges store it as JSON;
a column that names another row goes by its `…_id`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lms.core.databases import lock_rows
from lms.core.fields import with_derived

# One statement carries as many ids on every database.
_IDS = 5000
# Between so many changes the caller is told how far it is.
_AT_ONCE = 1000


@dataclass
class Change:
    """One row that was written; `old` is None where the row is new."""

    model: str
    pk: Any
    is_new: bool
    fields: Mapping[str, list[Any]]
    #: Changes of one group are taken back together or not at all.
    group: str = ""


def set_columns(row: models.Model, values: Mapping[str, Any], group: str = "") -> Change:
    """Set these columns of the row, which the caller saves, and record what they held."""
    fields = {name: [getattr(row, name), new] for name, new in values.items()}
    for name, new in values.items():
        setattr(row, name, new)
    return Change(row._meta.label_lower, row.pk, False, fields, group)


def record_new(row: models.Model, names: Iterable[str], group: str = "") -> Change:
    """Record a row that was just added, with what these columns hold."""
    fields = {name: [None, getattr(row, name)] for name in names}
    return Change(row._meta.label_lower, row.pk, True, fields, group)


def plain(value: Any) -> Any:
    """Return a value as JSON keeps it; Django's own encoder cuts off the microseconds."""
    return value.isoformat() if isinstance(value, date) else value


def plain_fields(change: Change) -> dict[str, list[Any]]:
    return {name: [plain(value) for value in pair] for name, pair in change.fields.items()}


def from_plain(model: type[models.Model], name: str, stored: Any) -> Any:
    """Return a value as the column holds it, from what JSON kept of it."""
    if stored is None:
        # What stood in a new row before: no column need be able to hold it.
        return None
    column: Any = model._meta.get_field(name)
    return (column.target_field if column.is_relation else column).to_python(stored)


def compare(row: models.Model, fields: Mapping[str, list[Any]]) -> tuple[dict[str, Any], list[str]]:
    """Return the old values of columns that still hold what was written, and the other columns."""
    old: dict[str, Any] = {}
    changed: list[str] = []
    for name, (before, written) in fields.items():
        if getattr(row, name) == from_plain(type(row), name, written):
            old[name] = from_plain(type(row), name, before)
        else:
            changed.append(name)
    return old, changed


def standing_on(
    *,
    model: type[models.Model],
    pks: Collection[Any],
    besides: Collection[type[models.Model]] = (),
) -> dict[Any, set[str]]:
    """Return what kinds of rows point at these, by pk; those of the models `besides` do not count,
    nor those that only say what others say (`is_derived`): they go with their row.
    """
    found: dict[Any, set[str]] = defaultdict(set)
    for rows, column in _pointing_at(model):
        if rows in besides or getattr(rows, "is_derived", False):
            continue
        name = capfirst(str(rows._meta.verbose_name))
        for ids in _portions(list(pks), _IDS):
            taken = rows._base_manager.filter(**{f"{column}__in": ids})
            for pk in taken.values_list(column, flat=True).distinct():
                found[pk].add(name)
    return found


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
    else stands on it. Models that point at others go before them; `tell` hears how many are done.
    The caller holds the transaction.
    """
    steps = [_Step(change) for change in changes]
    by_model: dict[type[models.Model], list[_Step]] = defaultdict(list)
    for step in steps:
        by_model[apps.get_model(step.change.model)].append(step)
    done = 0
    for model in _dependents_first(by_model):
        for groups in _portions(_groups(by_model[model]), _AT_ONCE):
            tell(done)
            portion = [step for group in groups for step in group]
            _Portion(model, portion, whole, owned).take_back(groups)
            done += len(portion)
    return [step.left for step in steps]


@dataclass
class _Step:
    change: Change
    left: list[str] = field(default_factory=list)


@dataclass
class _Portion:
    """Undo changes of one model in a number of statements that they do not change."""

    model: type[models.Model]
    steps: Sequence[_Step]
    whole: bool
    owned: Collection[type[models.Model]]

    def take_back(self, groups: Iterable[Sequence[_Step]]) -> None:
        rows: dict[Any, models.Model] = {}
        for ids in _portions(list({step.change.pk for step in self.steps}), _IDS):
            rows |= lock_rows(self.model._base_manager.all(), pks=ids)
        self._judge(rows)
        for group in groups:
            reasons = [reason for step in group for reason in step.left]
            for step in group:
                step.left = step.left or list(reasons)
        self._delete(
            [step.change.pk for step in self.steps if step.change.is_new and not step.left]
        )
        self._restore(
            [step for step in self.steps if not step.change.is_new and not step.left], rows
        )

    def _judge(self, rows: Mapping[Any, models.Model]) -> None:
        """Say what keeps a row that goes, or returns, as a whole."""
        new = {step.change.pk for step in self.steps if step.change.is_new}
        others = standing_on(model=self.model, pks=new, besides=self.owned) if new else {}
        for step in self.steps:
            change, row = step.change, rows.get(step.change.pk)
            if row is not None and (change.is_new or change.group or self.whole):
                step.left = self._sentences(compare(row, change.fields)[1])
            if change.is_new and change.pk in others:
                names = ", ".join(sorted(others[change.pk]))
                step.left.append(
                    _("Other records now depend on it: %(records)s.") % {"records": names}
                )

    def _delete(self, pks: Sequence[Any]) -> None:
        for ids in _portions(pks, _IDS):
            for rows, column in _pointing_at(self.model):
                if rows in self.owned:
                    rows._base_manager.filter(**{f"{column}__in": ids}).delete()
            self.model._base_manager.filter(pk__in=ids).delete()

    def _restore(self, steps: Sequence[_Step], rows: Mapping[Any, models.Model]) -> None:
        restored: dict[Any, _Step] = {}
        names: set[str] = set()
        for step in steps:
            row = rows.get(step.change.pk)
            if row is None:
                step.left = [_("It has been deleted since.")]
                continue
            old, changed = compare(row, step.change.fields)
            step.left = self._sentences(changed)
            for name, value in old.items():
                setattr(row, name, value)
            if old:
                restored[row.pk] = step
                names |= old.keys()
        self._save([(rows[pk], step) for pk, step in restored.items()], names)

    def _save(self, restored: Sequence[tuple[models.Model, _Step]], names: set[str]) -> None:
        if not restored:
            return
        rows = [row for row, _step in restored]
        fields = [self.model._meta.get_field(name).name for name in with_derived(rows, names)]
        try:
            with transaction.atomic():
                self.model._base_manager.bulk_update(rows, fields, batch_size=500)
        except IntegrityError:
            # Somebody else has what one of them had: then each by itself, and that one is left.
            for row, step in restored:
                self._save_one(row, fields, step)

    def _save_one(self, row: models.Model, fields: Sequence[str], step: _Step) -> None:
        try:
            with transaction.atomic():
                row.save(update_fields=fields)
        except IntegrityError:
            step.left.append(_("The earlier value now belongs to another record."))

    def _sentences(self, names: Iterable[str]) -> list[str]:
        columns: list[Any] = [self.model._meta.get_field(name) for name in names]
        return [
            _("%(column)s has been changed since.") % {"column": capfirst(str(one.verbose_name))}
            for one in columns
        ]


def _pointing_at(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Yield the models whose rows point at this one, with the name of the column."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and (relation.one_to_many or relation.one_to_one):
            yield relation.related_model, relation.field.name  # type: ignore[misc, union-attr]


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


def _groups(steps: Iterable[_Step]) -> list[list[_Step]]:
    grouped: dict[Any, list[_Step]] = defaultdict(list)
    for place, step in enumerate(steps):
        grouped[step.change.group or place].append(step)
    return list(grouped.values())


def _portions(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
