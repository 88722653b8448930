"""What other apps tell accounts: groups that can be invited together, and what points at people."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.functional import Promise

from lms.accounts.enums import RetentionAction
from lms.accounts.models import User
from lms.core.registry import Registry


class PeopleGroup(ABC):
    """Something people belong to, such as a class; registered in `AppConfig.ready()`."""

    key: str
    label: str | Promise

    @abstractmethod
    def choices(self, user: Any) -> QuerySet[Any]:
        """The rows that this person may choose from; starts from `visible_to(user)`."""

    @abstractmethod
    def people(self, chosen: Any) -> QuerySet[User]:
        """Those who belong to the chosen row; who of them may be invited is not its business."""


people_groups: Registry[PeopleGroup] = Registry("people groups")


@dataclass(frozen=True)
class PeopleReference:
    """A column of a model that points at a person, and what becomes of it when two records of one
    person are made one.

    `follows`: the row goes over to the record that is kept; `stays_because` says why not.

    Where the database allows a person one such row only, `clash_key(row)` names which one (None:
    this row clashes with nothing) and `settle(theirs, mine, today)` says what becomes of the row
    of the record that is closed, when the record that is kept has one already.
    """

    model: type[models.Model]
    field: str
    follows: bool = False
    stays_because: str = ""
    clash_key: Callable[[Any], Hashable | None] | None = None
    settle: Callable[[Any, Any, date], "Settlement"] | None = None

    @property
    def key(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field}"


@dataclass(frozen=True)
class Settlement:
    """What becomes of two rows of which a person can have only one.

    `swap`: the row of the closed record goes to the kept one, and the other the opposite way;
    `drop`: the row of the closed record says nothing new and is taken away; neither: it goes over
    when `theirs` makes that possible, else stays. `theirs` and `mine` are columns to set.
    """

    swap: bool = False
    drop: bool = False
    moves: bool = False
    theirs: dict[str, Any] = field(default_factory=dict)
    mine: dict[str, Any] = field(default_factory=dict)
    #: A sentence for the person who merges.
    note: str = ""


people_references: Registry[PeopleReference] = Registry("people references")


@dataclass(frozen=True)
class PersonalRecords:
    """Rows of a model that are about a person, for the page that shows people what is held of them.

    `path` leads from the model to the person (`enrolment__user`); `fields` are shown, dotted where
    they stand on another model (`run.title`).
    """

    model: type[models.Model]
    path: str
    fields: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.model._meta.label_lower}.{self.path}"


personal_records: Registry[PersonalRecords] = Registry("personal records")


Spared = Iterable[tuple[int, str | Promise]]


@dataclass(frozen=True)
class RetentionRule:
    """How long one kind of personal row is kept, from which day on, and what is done with it then.

    `due(before)` are the rows whose day lies before `before`; `purge(rows, at)` deletes a batch of
    them, or makes it anonymous, and answers of how many. What it has done is no longer due.
    `spared(before)` counts rows that are old enough and stay, each count with the reason. A rule
    without `days` keeps its rows for good; `reason` says why, `due` then counts what is held.

    The periods are defaults of a product, not law: `settings.SUITE_RETENTION_DAYS` changes them by
    key, but for those that another rule fixes (`is_fixed`).
    """

    key: str
    what: str | Promise
    reason: str | Promise
    action: RetentionAction
    due: Callable[[datetime], models.QuerySet[Any]]
    #: From which day the period counts.
    since: str | Promise = ""
    days: int | None = None
    purge: "Callable[[models.QuerySet[Any], datetime], int]" = field(
        default=lambda rows, _at: _delete(rows)
    )
    spared: Callable[[datetime], Spared] = field(default=lambda _before: ())
    is_fixed: bool = False


def _delete(rows: models.QuerySet[Any]) -> int:
    _deleted, by_model = rows.delete()
    return by_model.get(rows.model._meta.label, 0)


retention_rules: Registry[RetentionRule] = Registry("retention rules")

#: Every column of text, JSON or files of a model.
ALL: tuple[str, ...] = ("*",)


@dataclass(frozen=True)
class CopyRule:
    """What becomes of the rows of a model in a pseudonymised copy of the database.

    `removed`: all rows go. Else each column of text, JSON or a file is named, but for those with a
    fixed choice: it is `emptied`, `replaced` by what is worked out from the row (once people have
    their new names), or `kept`, since it says nothing about a person; `why` says so. `related` are
    fetched with the row. A column that is not named stops the command.
    """

    model: type[models.Model]
    removed: bool = False
    emptied: tuple[str, ...] = ()
    replaced: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    why: str = ""
    related: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.model._meta.label_lower


copy_rules: Registry[CopyRule] = Registry("copy rules")
