"""What other apps tell accounts: groups that can be invited together, and what points at people."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.functional import Promise

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
