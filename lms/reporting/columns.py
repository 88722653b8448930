"""The columns of the report: one definition for the page, the print and the file."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.core.display import vi_number
from lms.reporting.domain.rows import Row
from lms.reporting.domain.tables import Table
from lms.reporting.enums import CountedAt, PersonState
from lms.reporting.extensions import ReportColumn, report_columns
from lms.spreadsheets.tables import Cell

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

    `state`: the people in it are counted. `whole`: what the figure is a part of; the page shows
    both in one cell. `only_file`: the page tells it in another cell.
    """

    key: str
    label: str | Promise
    value: Callable[[Row], Cell]
    state: PersonState | None = None
    whole: Callable[[Row], int] | None = None
    only_file: bool = False

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
        *(_of_state(state) for state in STATES),
        Column("starts_on", _("First class begins on"), _starts_on, only_file=True),
        *(_COMMUNES if has_communes else ()),
        *(_MOVES if table.counted_at == CountedAt.NOW else ()),
        *(_of_plug_in(column) for column in report_columns),
    ]


def _of_state(state: PersonState) -> Column:
    return Column(state.value, state.label, lambda row: row.figures.count(state), state=state)


def _of_plug_in(column: ReportColumn) -> Column:
    return Column(column.key, column.label, partial(_extra, key=column.key))


def _extra(row: Row, *, key: str) -> int:
    return row.figures.extra.get(key, 0)


def _starts_on(row: Row) -> Cell:
    return row.figures.starts_on


def _communes(row: Row) -> int:
    return row.communes


_COMMUNES = (
    Column("communes", _("Communes"), _communes, only_file=True),
    Column(
        "communes_reached", _("Communes reached"), lambda row: row.communes_reached, whole=_communes
    ),
    Column("communes_done", _("Communes done"), lambda row: row.communes_done, whole=_communes),
)
_MOVES = (
    Column("moved_in", _("Moved in"), lambda row: row.moved_in),
    Column("moved_out", _("Moved out"), lambda row: row.moved_out),
    Column("enrolled_from", _("Enrolled from here"), lambda row: row.enrolled_from),
    Column("left", _("Without a post"), lambda row: row.figures.left),
)
