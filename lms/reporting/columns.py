"""The columns of the report: one definition for the page, the print and the file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import Sex
from lms.core.display import vi_number
from lms.reporting.domain.narrowing import DayRange
from lms.reporting.domain.rows import Row
from lms.reporting.domain.tables import Table
from lms.reporting.enums import CommunesOf, CountedAt, Part, PersonState, TargetUse
from lms.reporting.extensions import ReportColumn, report_columns
from lms.reporting.indicators import INDICATORS, KEYS, Indicator
from lms.spreadsheets.tables import Cell

#: A figure that says what it means.
Defined = Indicator | ReportColumn

# Behind the people who completed, from what is nearest to it.
STATES = (
    PersonState.LEARNING,
    PersonState.TO_COME,
    PersonState.NOT_COMPLETED,
    PersonState.NO_CLASS,
)


@dataclass(frozen=True)
class Column:
    """A figure of each row beside the people and those who completed.

    `state`: the people in it are counted. `opens`: what an address says of the names that the figure
    leads to; None for nobody's. `lists`: the communes that it counts. `whole`: what the figure is a part of; the page shows
    both in one cell. `only_file`, `only_page`: the other tells it elsewhere.
    """

    key: str
    label: str | Promise
    value: Callable[[Row], Cell]
    state: PersonState | None = None
    whole: Callable[[Row], int] | None = None
    only_file: bool = False
    only_page: bool = False
    opens: Mapping[str, str] | None = None
    lists: CommunesOf | None = None

    def text(self, row: Row) -> str:
        """Return the figure as the page shows it; "" where there is nothing to count."""
        whole = self.whole(row) if self.whole else None
        if whole == 0:
            return ""
        figure = vi_number(self.value(row))
        return figure if whole is None else f"{figure}/{vi_number(whole)}"


def columns_of(table: Table, *, has_communes: bool) -> list[Column]:
    """Return the columns of this table, in their order; those of the plug-ins last."""
    return [
        *(_TARGETS if table.target_use == TargetUse.SET else ()),
        *(_of_state(state) for state in STATES),
        Column("starts_on", _("First class begins on"), _starts_on, only_file=True),
        *(() if table.narrowing.sex else _SEXES),
        *([_of_period(within)] if (within := table.narrowing.within) else ()),
        *(_COMMUNES if has_communes else ()),
        *(_MOVES if table.counted_at == CountedAt.NOW else ()),
        *(_of_plug_in(column) for column in report_columns),
    ]


def defined_figures() -> list[Defined]:
    """Return the figures of the report, those of plug-ins last."""
    return [*INDICATORS, *(column for column in report_columns if column.definition)]


def is_defined(key: str) -> bool:
    """Return whether `defined_figures` has a figure with this key."""
    column = report_columns.get(key)
    return key in KEYS or bool(column and column.definition)


def _of_state(state: PersonState) -> Column:
    return Column(
        state.value,
        state.label,
        lambda row: row.figures.count(state),
        state=state,
        opens={"state": state.value},
    )


def _of_period(period: DayRange) -> Column:
    def completed(row: Row) -> int:
        return sum(people for day, people in row.figures.days.items() if period.holds(day))

    return Column(
        Part.WITHIN.value, Part.WITHIN.label, completed, opens={"part": Part.WITHIN.value}
    )


def _of_sex(sex: Sex, people_label: Promise, completed_label: Promise) -> tuple[Column, Column]:
    """Return the column of the people of a sex, for files, and that of those who completed."""

    def people(row: Row) -> int:
        return row.figures.people_of(sex)

    key = f"{sex.value}_completed"
    opens = {"state": PersonState.COMPLETED.value, "sex": sex.value}
    return (
        Column(sex.value, people_label, people, only_file=True),
        Column(
            key,
            completed_label,
            lambda row: row.figures.completed_of(sex),
            whole=people,
            opens=opens,
        ),
    )


def _of_plug_in(column: ReportColumn) -> Column:
    opens = {"figure": column.key} if column.opens_names else None
    return Column(column.key, column.label, partial(_extra, key=column.key), opens=opens)


def _extra(row: Row, *, key: str) -> int:
    return row.figures.extra.get(key, 0)


def _starts_on(row: Row) -> Cell:
    return row.figures.starts_on


def _communes(row: Row) -> int:
    return row.communes


def _threshold(row: Row) -> str:
    return str(row.goal.threshold)


_TARGETS = (
    Column(
        "people", _("People to train"), lambda row: row.figures.people, only_page=True, opens={}
    ),
    Column("goal", _("Target"), lambda row: row.goal.people, only_file=True),
    Column("threshold", _("Counts as done at"), _threshold),
)
_SEXES = (
    *_of_sex(Sex.FEMALE, _("Women to train"), _("Women who completed")),
    *_of_sex(Sex.MALE, _("Men to train"), _("Men who completed")),
)
_COMMUNES = (
    Column("communes", _("Communes"), _communes, only_file=True),
    Column(
        "communes_reached",
        CommunesOf.REACHED.label,
        lambda row: row.communes_reached,
        whole=_communes,
        lists=CommunesOf.REACHED,
    ),
    Column(
        "communes_done",
        CommunesOf.DONE.label,
        lambda row: row.communes_done,
        whole=_communes,
        lists=CommunesOf.DONE,
    ),
)
_MOVES = (
    Column("moved_in", _("Moved in"), lambda row: row.moved_in, opens={"part": "moved_in"}),
    Column("moved_out", _("Moved out"), lambda row: row.moved_out, opens={"part": "moved_out"}),
    Column(
        "enrolled_from",
        _("Enrolled from here"),
        lambda row: row.enrolled_from,
        opens={"counted": ""},
    ),
    Column("left", _("Without a post"), lambda row: row.figures.left, opens={"part": "left"}),
)
