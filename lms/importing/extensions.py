"""The extension point of imports: which lists an app takes in.

Write a `lms.spreadsheets.import_rows.RowResource` in the app's `resources.py` and register one `ImportKind`
in `AppConfig.ready()`: `import_kinds.register(ENROLMENTS)`. The five steps are the same for all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.functional import Promise

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.core.registry import Registry
from lms.spreadsheets.import_rows import ImportColumn, RowResource


@dataclass
class TextRow:
    """A row in a text that is no table: the line where it begins, its cells by column.

    `fault` says why the row cannot be taken in, `remarks` what of it is left out.
    """

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    remarks: list[str] = field(default_factory=list)
    #: Of a table that is read cell by cell: D14.
    address: str = ""


@dataclass(frozen=True)
class TextForm:
    """A text file that is no table and holds the rows of a list all the same.

    A name with an ending of `endings` says that it may be one, `recognises` looks at its text, and
    `read` finds the rows.
    """

    #: At most 10 characters; stored, so it never changes.
    key: str
    label: str
    endings: tuple[str, ...]
    recognises: Callable[[str], bool]
    read: Callable[[str], Sequence[TextRow]]


class FoundTable(Protocol):
    """The table of a sheet as `lms.importing.reading` finds it; each row has `number` and `cells`."""

    @property
    def labels(self) -> list[str]: ...

    @property
    def header_rows(self) -> tuple[int, ...]: ...

    @property
    def rows(self) -> Sequence[Any]: ...


@dataclass(frozen=True)
class TableForm:
    """A table that holds the rows of a list in another shape, such as one row for each cell.

    `recognises` looks at its headings; `read` finds the rows, and names the columns that it
    leaves out.
    """

    recognises: Callable[[Sequence[str]], bool]
    read: Callable[[FoundTable], tuple[Sequence[TextRow], Sequence[str]]]


@dataclass(frozen=True)
class ImportKind:
    """One list that is taken in; `roles` may do so, each for the own area."""

    #: At most 30 characters; stored, so it never changes.
    key: str
    label: str | Promise
    #: Its place in the choice of lists.
    order: int
    #: What a row of it is and what becomes of it: shown before the upload.
    help: str | Promise
    roles: tuple[Role, ...]
    resource_class: type[RowResource]
    #: Whether it is for administrators of the whole province alone.
    for_province: bool = False
    #: Whether places in it are looked up on a map; else the import refers to none.
    on_a_map: bool = True
    #: Text files that hold the same rows, beside the tables that every list may be.
    text_forms: tuple[TextForm, ...] = ()
    #: Another shape of table that holds the same rows.
    table_form: TableForm | None = None
    #: Two made-up rows, by column, for the empty list that one fills in; it has their columns.
    examples: tuple[Mapping[str, str], ...] = ()

    @property
    def fields(self) -> Sequence[ImportColumn]:
        return [column for column in self.resource_class.columns() if not column.derived]

    def is_open_to(self, user: User) -> bool:
        if self.for_province:
            return bool(user.scope.administers_province)
        return bool(user.scope.has_role(*self.roles))


import_kinds: Registry[ImportKind] = Registry("import kinds")
