"""Lists of plain rows: the records are those of one model, told apart by some of its columns."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from lms.core.change_journal import Change
from lms.core.databases import lock_rows
from lms.spreadsheets.import_rows import ImportColumn, PlannedRow, RowResource, SheetRow


class ModelRows(RowResource):
    """Subclasses name the model and its columns, and add in `check` what its form asks beyond them.

    All rows that the person may see are fetched at once: for models of some hundred rows. What a
    cell says of another model `look_up` puts into the values as a row of it.
    """

    model: ClassVar[type[models.Model]]
    #: The columns that say which row is meant; capital and small letters count as the same.
    told_apart_by: ClassVar[tuple[str, ...]]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._known: dict[tuple[Any, ...], Any] | None = None
        self._taken: dict[tuple[Any, ...], str] = {}

    @classmethod
    def candidate_scope(cls, by: Any) -> models.QuerySet:
        # No row of a list like this is ever one of several candidates.
        rows: models.QuerySet = cls._rows().none()
        return rows

    @classmethod
    def _rows(cls) -> Any:
        # The manager that every model of the suite has; the type of a model names none.
        model: Any = cls.model
        return model.objects

    @classmethod
    def related(cls) -> list[str]:
        """Return the columns that name a row of another model."""
        return [one.key for one in cls.columns() if cls._field(one).is_relation]

    @classmethod
    def _field(cls, column: ImportColumn) -> Any:
        return cls.model._meta.get_field(column.attribute)

    def known(self) -> models.QuerySet:
        rows: models.QuerySet = self._rows().visible_to(self.by)
        return rows.select_related(*self.related())

    def look_up(self, rows: Sequence[SheetRow]) -> None:
        """Put rows of other models in the place of the texts that name them: with `put`."""

    def put(
        self, row: SheetRow, key: str, found: Mapping[str, Any], code: str, sentence: str
    ) -> None:
        """Put what is found by its text in small letters under `key`, or refuse the cell."""
        text = row.values.pop(key, "")
        if named := found.get(text.lower()):
            row.values[key] = named
        elif text:
            row.refuse(key, code, sentence)

    def load(self, rows: Sequence[SheetRow]) -> None:
        if self._known is None:
            self._known = {self._key(self._values(one)): one for one in self.known()}
        self.look_up(rows)

    def find(self, row: SheetRow) -> Any:
        known = None if row.errors else (self._known or {}).get(self._key(row.values))
        if known is not None:
            # A code in other letters is no change of the code.
            row.values |= self._values(known)
        return known

    def _values(self, record: Any) -> dict[str, Any]:
        return {name: getattr(record, name) for name in self.told_apart_by}

    def _key(self, values: dict[str, Any]) -> tuple[Any, ...]:
        told = (values.get(name) for name in self.told_apart_by)
        return tuple(one.lower() if isinstance(one, str) else one for one in told)

    def init_instance(self, row: Any = None) -> Any:
        return self.model()

    def records(self, rows: Sequence[Any]) -> list[Any]:
        models.prefetch_related_objects(list(rows), *self.related())
        return list(rows)

    def check(self, row: SheetRow, record: Any, original: Any) -> None:
        if row.errors:
            return
        self._check_columns(row, record)
        if taken := self._taken.get(self._key(row.values)):
            row.refuse(
                self.told_apart_by[-1], "same_row", _("Same as row %(number)s.") % {"number": taken}
            )

    def _check_columns(self, row: SheetRow, record: Any) -> None:
        """Refuse what a column of the model does not hold; whether a relation exists was looked up."""
        for column in self.columns():
            field = self._field(column)
            value = getattr(record, field.attname)
            if field.is_relation:
                if value is None and not field.null:
                    row.refuse(column.key, "missing", str(field.error_messages["null"]))
                continue
            try:
                field.clean(value, record)
            except ValidationError as error:
                row.refuse(column.key, "invalid", " ".join(error.messages))

    def claim(self, row: SheetRow, record: Any) -> None:
        self._taken[self._key(row.values)] = row.where

    def lock(self, pks: Sequence[int]) -> None:
        lock_rows(self._rows().all(), pks=pks)

    def write(self, planned: Sequence[PlannedRow]) -> dict[int, list[Change]]:
        new = [plan.instance for plan in planned if plan.original is None]
        known = [plan.instance for plan in planned if plan.original is not None]
        rows, names = self._rows(), [one.attribute for one in self.columns()]
        rows.bulk_create(new, batch_size=500)
        rows.bulk_update(known, names, batch_size=500)
        return {plan.row.number: [self._change(plan)] for plan in planned}

    def _change(self, plan: PlannedRow) -> Change:
        row, before = plan.instance, plan.original
        names = [self._field(one).attname for one in self.columns()]
        fields = {name: [before and getattr(before, name), getattr(row, name)] for name in names}
        changed = {name: pair for name, pair in fields.items() if pair[0] != pair[1]}
        return Change(self.model._meta.label_lower, row.pk, before is None, changed)
