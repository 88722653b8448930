"""What other apps tell accounts: groups that can be invited together, and what they hold about people."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
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
    def choices(self, user: User) -> QuerySet[Any]:
        """Return the rows that this person may choose from; start from `visible_to(user)`."""

    @abstractmethod
    def people(self, chosen: Any) -> QuerySet[User]:
        """Return those who belong to the chosen row; who of them may be invited
        is not its business.
        """


people_groups: Registry[PeopleGroup] = Registry("people groups")


@dataclass(frozen=True)
class PersonFigure:
    """A figure that every page shows to who is logged in, such as what is unread.

    It comes with the person, in the one query of each request that asks for the person: `key` is the
    attribute, `expression()` a subquery on `OuterRef("pk")` that costs next to nothing.
    """

    key: str
    expression: Callable[[], Any]


person_figures: Registry[PersonFigure] = Registry("person figures")


@dataclass(frozen=True)
class PersonPage:
    """A page about a person that another app has, offered on the record to those who may open it."""

    key: str
    label: str | Promise
    icon: str
    url: Callable[[User], str]
    is_open_to: Callable[[User], bool]


person_pages: Registry[PersonPage] = Registry("person pages")


@dataclass(frozen=True)
class Settlement:
    """What becomes of two rows of which a person can have only one.

    `swap`: the row of the closed record goes to the kept one, and the other the opposite way;
    `drop`: the row of the closed record says nothing new and is taken away; neither: it goes over
    when `theirs` makes that possible (`moves`), else stays. `theirs` and `mine` are columns to set.
    """

    swap: bool = False
    drop: bool = False
    moves: bool = False
    theirs: dict[str, Any] = field(default_factory=dict)
    mine: dict[str, Any] = field(default_factory=dict)
    #: A sentence for the person who merges.
    note: str = ""


def one_is_enough(_theirs: Any, _mine: Any, _today: date) -> Settlement:
    """Drop the row of the closed record, which says nothing new: both have it."""
    return Settlement(drop=True)


@dataclass(frozen=True)
class Follow:
    """A row goes over to the record that is kept when two records of one person are merged.

    Where the database allows a person one such row only, `clash_key(row)` names which one (None:
    this row clashes with nothing) and `settle(theirs, mine, today)` says what becomes of the row
    of the record that is closed, when the record that is kept has one already.
    """

    clash_key: Callable[[Any], Hashable | None] | None = None
    settle: Callable[[Any, Any, date], Settlement] | None = None


#: Stands where the database or a reader asks for a text, and the true one has gone.
NO_LONGER_KEPT = "–"

Exempted = Iterable[tuple[int, str | Promise]]


def _delete(rows: QuerySet[Any], _at: datetime) -> int:
    _deleted, by_model = rows.delete()
    return by_model.get(rows.model._meta.label, 0)


@dataclass(frozen=True)
class RetentionRule:
    """How long rows of a model are kept, from which day on, and what is done with them then.

    `due(before)` are the rows whose day lies before `before`; `purge(rows, at)` deletes a batch of
    them, or makes it anonymous, and answers of how many. What it has done is no longer due.
    `exempted(before)` counts rows that are old enough and stay, each count with the reason. A rule
    without `days` keeps its rows for good; `reason` says why, `due` then counts what is held.

    The periods are defaults of a product, not law: `settings.SUITE_RETENTION_DAYS` changes them by
    key, but for those that another rule fixes (`is_fixed`).
    """

    key: str
    label: str | Promise
    reason: str | Promise
    action: RetentionAction
    due: Callable[[datetime], QuerySet[Any]]
    #: From which day the period counts.
    counted_from: str | Promise = ""
    days: int | None = None
    purge: Callable[[QuerySet[Any], datetime], int] = _delete
    exempted: Callable[[datetime], Exempted] = lambda _before: ()
    is_fixed: bool = False


#: Every column of text, JSON or files of a model.
ALL: tuple[str, ...] = ("*",)


@dataclass(frozen=True)
class PseudonymisationRule:
    """What becomes of the rows of a model in a pseudonymised copy of the database.

    `removed`: all rows go. Else each column of text, JSON or a file is named, but for those with a
    fixed choice: it is `emptied`, `replaced` by what is worked out from the row (once people have
    their new names), or `kept`, since it says nothing about a person; `why` says so. `related` are
    fetched with the row.
    """

    removed: bool = False
    emptied: tuple[str, ...] = ()
    replaced: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    why: str = ""
    related: tuple[str, ...] = ()

    def names(self, column: str) -> bool:
        """Return whether it says what becomes of this column."""
        named = (*self.emptied, *self.replaced, *self.kept)
        return self.removed or self.kept == ALL or column in named


REMOVED = PseudonymisationRule(removed=True)


@dataclass(frozen=True)
class PersonalData:
    """What a model holds about people, said once for all who have to do with it.

    `shown`: columns that people see of their own rows on the page “Dữ liệu về tôi”, dotted where
    they stand on another model (`run.title`); `subject` leads from the model to the person whose
    row it is (`enrolment__user`).
    `on_merge`: for each column that points at a person, whether a row follows when two records of
    one person are merged, or the reason in a sentence why it stays.
    `ends_with_person`: the rows of a person are deleted when the record is made anonymous.
    `keep`: how long, and what happens then.
    `copy`: what becomes of it in a pseudonymised copy. A column of text, JSON or a file that is
    not named here stops the command.
    """

    model: type[models.Model]
    subject: str = ""
    shown: tuple[str, ...] = ()
    ends_with_person: bool = False
    on_merge: Mapping[str, Follow | str] = field(default_factory=dict)
    keep: Sequence[RetentionRule] = ()
    copy: PseudonymisationRule = field(default_factory=PseudonymisationRule)

    @property
    def key(self) -> str:
        return self.model._meta.label_lower

    def following(self) -> Iterator[tuple[str, Follow]]:
        """Yield the columns whose rows go over in a merge."""
        for column, happens in self.on_merge.items():
            if isinstance(happens, Follow):
                yield column, happens


#: In the order in which a merge walks them and the pages show them.
personal_data: Registry[PersonalData] = Registry("personal data")


def retention_rules() -> list[RetentionRule]:
    """Return the rules of all models."""
    return [rule for data in personal_data for rule in data.keep]
