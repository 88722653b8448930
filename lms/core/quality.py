"""What is wrong in the register, and where one mends it: each room offers its own checks."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet
from django.utils.functional import Promise

from lms.core.registry import Registry

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


@dataclass(frozen=True)
class QualityLine:
    """One thing that is wrong: who or what, where, and why in a few words.

    `url` shows it, `mend_url` is where this reader mends it; "" where there is no such page.
    """

    label: str
    code: str = ""
    place: str = ""
    note: str = ""
    url: str = ""
    mend_url: str = ""


@dataclass(frozen=True)
class QualityAct:
    """Where this reader mends, or meets again, what a check has found."""

    label: str | Promise
    url: str


class QualityCheck(ABC):
    """A kind of thing that is wrong; registered in `AppConfig.ready()`.

    A reader is told of what lies in units that he or she oversees, and of nothing else. Each method
    spends a constant number of queries, `count_by_path` as few as it can: a page asks all checks.
    """

    key: str
    label: str | Promise
    #: What it means for the figures, and what to do about it: a sentence or two.
    explanation: str | Promise
    order: int

    @abstractmethod
    def count_by_path(self, reader: "User", *, at: datetime) -> Mapping[str, int]:
        """Return how many there are by the treebeard path of their unit; "" for those without."""

    @abstractmethod
    def subjects(self, reader: "User", *, at: datetime, path: str = "") -> Any:
        """Return the rows or a list of them, in the order of the page, to be cut into pages.

        As many as are counted at `path` and below it, in all where it is "".
        """

    @abstractmethod
    def lines(self, subjects: Sequence[Any], *, reader: "User", at: datetime) -> list[QualityLine]:
        """Return a line for each of these subjects, in their order."""

    def act(self, reader: "User") -> QualityAct | None:
        """Return where the reader mends all of them together."""
        return None

    def sums(self, reader: "User", *, at: datetime) -> list[QualityAct]:
        """Return the figures that the total is the sum of where another page tells them, each with that
        page; none where it is told nowhere else. Asked where something is wrong.
        """
        return []


class RowCheck(QualityCheck):
    """A check whose subjects are rows of one query: `rows` and `lines` are left to write."""

    #: From a row to the path of its unit.
    path_field = "unit__path"

    @abstractmethod
    def rows(self, reader: "User", *, at: datetime) -> QuerySet[Any]:
        """Return what is wrong in the units that the reader oversees, in the order of the page."""

    def count_by_path(self, reader: "User", *, at: datetime) -> Mapping[str, int]:
        rows = self.rows(reader, at=at).order_by().values_list(self.path_field)
        return {path or "": count for path, count in rows.annotate(Count("pk"))}

    def subjects(self, reader: "User", *, at: datetime, path: str = "") -> QuerySet[Any]:
        rows = self.rows(reader, at=at)
        return rows.filter(**{f"{self.path_field}__startswith": path}) if path else rows


quality_checks: Registry[QualityCheck] = Registry("data quality checks")
