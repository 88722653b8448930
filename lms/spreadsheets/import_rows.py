"""The rows of a list that is imported: read, matched, compared with the register, written in bulk.

django-import-export's `Resource` with its fields, widgets, diff and row results, without its saving row by
row: `lms.importing` asks for the plan of each row and, once a person has confirmed, for all writing at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import override
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import RowResult

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

from lms.core.change_journal import Change
from lms.core.refusal import CatchRefusal, Refusal
from lms.spreadsheets.export_rows import ExportedRows
from lms.spreadsheets.row_diffs import PlainDiff
from lms.spreadsheets.spellings import Spellings

#: The choice of a person who says that a suspected twin is somebody new.
SOMEBODY_NEW = 0


class CellKind(models.TextChoices):
    """How a cell of the sheet is read before a widget gets it."""

    TEXT = "text"
    PHONE = "phone"
    YEAR = "year"
    SEX = "sex"
    DATE = "date"
    #: A text that may be written as missing: “chưa có”.
    CODE = "code"


class ImportColumn(Field):
    """One field of a list: what people call it beside its label (`aliases`), and how its cells are read.

    `hints` are headings that mean it only when one of the cells below can be read. A `derived`
    one is no column of the file: it is worked out of another, compared, shown and written.
    """

    #: How many columns of the file it may take; their cells are joined with blanks between.
    most_columns = 1
    #: Whether a cell that cannot be read is left out with a warning instead of costing the row.
    optional = False
    #: Whether it may be said once for many rows: beside the first of them, or for all of the list.
    common = False
    #: Whether a heading of its `hints` counts only where cells can be read, and after what stands
    #: around the rows; else one that nobody can read is asked about.
    only_as_read = False

    def __init__(
        self,
        key: str,
        label: str | Promise,
        *,
        aliases: Sequence[str] = (),
        hints: Sequence[str] = (),
        derived: bool = False,
        kind: CellKind = CellKind.TEXT,
        required: bool = False,
        widget: Any = None,
    ) -> None:
        # An empty cell says nothing: what is stored stays.
        super().__init__(attribute=key, column_name=key, widget=widget, saves_null_values=False)
        self.key = key
        self.label = label
        self._aliases = aliases
        self.hints = hints
        self.derived = derived
        self.kind = kind
        self.required = required

    @cached_property
    def aliases(self) -> Sequence[str]:
        """What people call it, and what our own lists call it in each language."""
        labels = []
        for language, _name in settings.LANGUAGES:
            with override(language):
                labels.append(str(self.label))
        return (*self._aliases, *labels)

    def export(self, instance: Any, **kwargs: Any) -> Any:
        """Return the cell that is read as the same: days and numbers as such, the rest in words."""
        value = self.get_value(instance)
        if isinstance(value, (date, int)) or value is None:
            return value
        return self.widget.render(value)

    def reads(self, text: str) -> bool:
        """Return whether a cell under a heading that only may mean this column can be read."""
        try:
            self.widget.clean(text)
        except ValueError:
            return False
        return True


class NameColumn(ImportColumn):
    """A person's name, which offices also write over two or three columns."""

    most_columns = 3


class CommonColumn(ImportColumn):
    """What many rows have in common, such as the commune or the class."""

    common = True


class OptionalColumn(ImportColumn):
    """A detail that a row is taken in without."""

    optional = True


@dataclass(frozen=True)
class Surroundings:
    """What stands around a row: headings of its groups from the outermost on, the name of its
    sheet, letterhead and title above the list.
    """

    groups: tuple[str, ...] = ()
    sheet: str = ""
    head: tuple[str, ...] = ()

    @property
    def nearest(self) -> tuple[str, ...]:
        """All of them, from the nearest to the row to the one farthest away."""
        return (*reversed(self.groups), self.sheet, *reversed(self.head))


def place_in_file(*, sheet: str, address: str, number: int) -> str:
    """Return the cell or the number of a row, after the sheet where several make the list."""
    place = address or str(number)
    return f"{sheet}: {place}" if sheet else place


@dataclass(slots=True)
class SheetRow:
    """One row on its way: `cells` as text by column, then the `values` that the widgets made."""

    number: int
    cells: dict[str, str]
    #: Where it stands, of a list that is no table of rows: a cell such as D14.
    address: str = ""
    #: The sheet that it stands in, of a list that several sheets make.
    sheet: str = ""
    #: Who is meant, said by a person: a pk, SOMEBODY_NEW, or None when nobody was asked.
    choice: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[Refusal]] = field(default_factory=dict)
    #: What a person should look at, though the row can be written.
    warnings: dict[str, list[str]] = field(default_factory=dict)
    #: What will be put in, beyond what the cells say.
    notes: dict[str, str] = field(default_factory=dict)
    #: Those who could be meant.
    candidates: list[int] = field(default_factory=list)
    #: The other row of the file that may mean the same person, while nobody has said.
    same_as: str = ""

    @property
    def where(self) -> str:
        return place_in_file(sheet=self.sheet, address=self.address, number=self.number)

    def refuse(self, column: str, code: str, sentence: str) -> None:
        self.errors.setdefault(column, []).append(Refusal(code, sentence, field=column))

    def warn(self, column: str, sentence: str) -> None:
        self.warnings.setdefault(column, []).append(sentence)

    def refuse_cell(self, column: ImportColumn, code: str, sentence: str) -> None:
        """Refuse a cell that cannot be read; an optional one is left out and told."""
        if not column.optional:
            self.refuse(column.key, code, sentence)
            return
        text = self.cells[column.key]
        self.cells[column.key] = ""
        self.warn(
            column.key,
            _("%(reason)s “%(value)s” is left out.") % {"reason": sentence, "value": text},
        )


class RefusalOnRow(CatchRefusal):
    """Put a refusal into the cell that it is about: that of its code, else `column`."""

    def __init__(
        self, row: SheetRow, column: str, *, columns: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.row = row
        self.column = column
        self.columns = columns

    def show(self, refusal: Refusal) -> None:
        self.row.refuse(self.columns.get(refusal.code, self.column), refusal.code, refusal.message)


class PlannedRow(RowResult):
    """What an import would do with one row; `changes` are [column, old, new]."""

    def __init__(self) -> None:
        super().__init__()
        self.row: SheetRow = SheetRow(0, {})
        self.changes: list[list[str]] = []


class _Loader(BaseInstanceLoader):
    def get_instance(self, row: SheetRow) -> Any:
        return self.resource.find(row)


class RowResource(ExportedRows):
    """Subclasses live in the `resources.py` of the app that owns the rows.

    `by` is the person who imports: rows beyond the own area are refused, and the sentence names
    nobody. `day` is the day of the import, `edition_id` the map that names of places refer to.

    For each chunk of rows `load` fetches what they may refer to in a constant number of queries; then for each
    row `find` answers the record, None for a new one, and `check` refuses. `write` gets the new and changed ones.
    """

    #: Whether the rows make one thing: `load` gets all, `write` is called once, and one error stops it.
    is_whole = False
    #: The column by which rows may mean the same person: those with one text in it are planned together
    #: when a person has said who one of them is. "": each by itself.
    together_by = ""
    #: Whether `foresee` gets the planned rows, all at once; else none are kept for it.
    looks_ahead = False

    def __init__(self, *, by: "User", day: date, edition_id: int | None) -> None:
        super().__init__()
        self.by = by
        self.day = day
        self.edition_id = edition_id
        #: What stands above the list of each sheet: letterhead and title.
        self.heads: Mapping[str, Sequence[str]] = {}
        #: The fields of which the rows say nothing themselves, but what stands around them.
        self.told: frozenset[str] = frozenset()
        #: Who is meant by a row, as a person has said: no other row takes them. By pk, the row.
        self.reserved: Mapping[int, str] = {}
        #: What a person has said that odd spellings mean.
        self.spellings = Spellings()

    @classmethod
    def columns(cls) -> list[ImportColumn]:
        return list(cls.fields.values())

    @classmethod
    def candidate_scope(cls, by: "User") -> models.QuerySet:
        """Return the people who may be named to this person as candidates."""
        raise NotImplementedError

    def head_of(self, row: SheetRow) -> Sequence[str]:
        """Return letterhead and title of the sheet that the row stands in."""
        return self.heads.get(row.sheet, ())

    def read_around(self, around: Surroundings) -> dict[str, str]:
        """Return what its surroundings tell of a row: text by column, as a cell would have it."""
        return {}

    @classmethod
    def said(cls, key: str, text: str, values: Mapping[str, str]) -> str:
        """Return a value in words, for a sentence; `values`: all that the row writes, by column."""
        return values.get(key, text)

    def load(self, rows: Sequence[SheetRow]) -> None:
        raise NotImplementedError

    def find(self, row: SheetRow) -> Any:
        raise NotImplementedError

    def check(self, row: SheetRow, record: Any, original: Any) -> None:
        """Add to `row.errors` what may not be written."""

    def claim(self, row: SheetRow, record: Any) -> None:
        """Remember what a later row must not take as well; asked for rows without errors."""

    def lock(self, pks: Sequence[int]) -> None:
        """Hold the known records until the transaction ends, so that the plan stays true."""

    def write(self, planned: Sequence[PlannedRow]) -> dict[int, list[Change]]:
        """Write all in one transaction that the caller holds; by row number what was written."""
        raise NotImplementedError

    def foresee(self, planned: Sequence[PlannedRow]) -> list[str]:
        """Say what would follow from writing all of these, beyond the rows; nothing is written."""
        return []

    @classmethod
    def take_back(cls, *, written: Sequence[Change], by: "User") -> dict[int, str] | None:
        """Undo what was written; by pk why something was left.

        None: the caller puts old values back and deletes what is new. Facts that are only ever
        added to are taken back here, by adding what counts from now on.
        """
        return None

    def plan(self, rows: Sequence[SheetRow]) -> list[PlannedRow]:
        """Plan what would be done with these rows; a constant number of queries, nothing written."""
        for row in rows:
            self._clean(row)
        self.load(rows)
        loader = _Loader(self)
        planned = [self.import_row(row, loader, row_number=row.number) for row in rows]
        for result in planned:
            # Import-export keeps any exception as an error of the row; a mistake of ours is none.
            if result.errors:
                raise result.errors[0].error
        return planned

    def _clean(self, row: SheetRow) -> None:
        for column in self.columns():
            text = row.cells.get(column.key, "")
            if text and column.key not in row.errors:
                try:
                    row.values[column.key] = column.clean(row.cells)
                except ValueError as error:
                    row.refuse_cell(column, "unreadable", str(error))

    # --- What import-export calls -------------------------------------------

    @classmethod
    def get_row_result_class(cls) -> type[PlannedRow]:
        return PlannedRow

    @classmethod
    def get_diff_class(cls) -> type[PlainDiff]:
        return PlainDiff

    def get_import_fields(self) -> list[Field]:
        return self._import_fields

    @cached_property
    def _import_fields(self) -> list[Field]:
        # Asked twice a row, and sorted each time.
        return list(super().get_import_fields())

    def import_instance(self, instance: Any, row: SheetRow, **kwargs: Any) -> None:
        for column in self.columns():
            if row.values.get(column.key) not in (None, ""):
                setattr(instance, column.attribute, row.values[column.key])

    def skip_row(
        self, instance: Any, original: Any, row: SheetRow, import_validation_errors: Any = None
    ) -> bool:
        if not row.candidates:
            self.check(row, instance, original)
        if row.errors or row.candidates or row.same_as:
            return False
        self.claim(row, instance)
        return bool(
            super().skip_row(
                instance, original, row, import_validation_errors=import_validation_errors
            )
        )

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        return

    def save_instance(self, instance: Any, is_create: bool, row: SheetRow, **kwargs: Any) -> None:
        """Save nothing yet: `write` does it for all rows."""

    def after_import_row(self, row: SheetRow, row_result: PlannedRow, **kwargs: Any) -> None:
        row_result.row = row
        row_result.changes = [
            [column.key, *(str(column.widget.render(value) or "") for value in (old, new))]
            for column, (old, new) in zip(self.columns(), row_result.diff, strict=True)
            if old != new and (old or new)
        ]
        if row.errors:
            raise ValidationError(
                {name: [one.message for one in said] for name, said in row.errors.items()}
            )

    class Meta:
        # `find` says who is meant: no column alone does.
        import_id_fields = ()
        skip_unchanged = True
        store_instance = True
