"""The extension point of imports: which lists an app takes in.

Write a `lms.spreadsheets.import_rows.RowResource` in the app's `resources.py` and register one `ImportKind`
in `AppConfig.ready()`: `import_kinds.register(ENROLMENTS)`. The five steps are the same for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.core.registry import Registry
from lms.spreadsheets.import_rows import ImportColumn, RowResource


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

    @property
    def fields(self) -> Sequence[ImportColumn]:
        return [column for column in self.resource_class.columns() if not column.derived]

    def is_open_to(self, user: User) -> bool:
        if self.for_province:
            return bool(user.scope.administers_province)
        return bool(user.scope.has_role(*self.roles))


import_kinds: Registry[ImportKind] = Registry("import kinds")
