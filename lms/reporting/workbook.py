"""What the report shows as a spreadsheet: typed cells, headings of the page, fixed header."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from lms.core.quality import QualityLine
from lms.reporting.columns import Column, Defined, columns_of, defined_figures
from lms.reporting.domain.rows import Row
from lms.reporting.domain.tables import Table
from lms.reporting.extensions import TrainingFigure, training_figures
from lms.reporting.labels import row_label
from lms.spreadsheets.tables import Cell, Share, Spreadsheet

Cells = Sequence[Cell]


def completion_sheet(*, table: Table) -> Spreadsheet:
    """Return the rows and the total of `table` in the columns of the page; a second sheet with its
    communes, where it has districts.
    """
    columns = _columns(table, has_communes=bool(table.places))
    return Spreadsheet(
        title=_("Completion"),
        headings=[_("Place"), *_headings(columns)],
        rows=[[_label(row, table), *_cells(row, columns)] for row in (*table.rows, table.total)],
        following=[
            *([_commune_sheet(table)] if table.places else []),
            _meanings(defined_figures()),
        ],
    )


def training_sheet(*, table: Table) -> Spreadsheet:
    """Return the training of each place in the columns of the page, with what they mean."""
    return Spreadsheet(
        title=_("Training given"),
        headings=[_("Place"), *(str(one.label) for one in training_figures)],
        rows=[
            [_label(row, table), *(one.value(row.figures.extra) for one in training_figures)]
            for row in (*table.rows, table.total)
        ],
        following=[_meanings(training_figures)],
    )


def people_sheet(*, headings: Sequence[str], rows: Iterable[Cells]) -> Spreadsheet:
    """Return a list of names: the columns of the page."""
    return Spreadsheet(title=_("People counted here"), headings=headings, rows=rows)


def quality_sheet(
    *, title: str, headings: Sequence[str], lines: Iterable[QualityLine]
) -> Spreadsheet:
    """Return what a check has found: the columns of the page."""
    rows = ([line.label, line.code, line.place, line.note] for line in lines)
    return Spreadsheet(title=title, headings=headings, rows=rows)


def _commune_sheet(table: Table) -> Spreadsheet:
    columns = _columns(table, has_communes=False)
    return Spreadsheet(
        title=_("By commune"),
        headings=[_("District"), _("Place"), *_headings(columns)],
        rows=[
            [_district(row), _label(row, table), *_cells(row, columns)]
            for row in (*table.places, table.total)
        ],
    )


def _columns(table: Table, *, has_communes: bool) -> list[Column]:
    found = columns_of(table, has_communes=has_communes)
    return [column for column in found if not column.only_page]


def _meanings(defined: Iterable[Defined | TrainingFigure]) -> Spreadsheet:
    return Spreadsheet(
        title=_("What the figures mean"),
        headings=[_("Figure"), _("Meaning")],
        rows=[[str(one.label), str(one.definition)] for one in defined],
    )


def _headings(columns: list[Column]) -> list[str]:
    counted = [_("People to train"), _("Completed"), _("Share")]
    return [*counted, *(str(column.label) for column in columns)]


def _label(row: Row, table: Table) -> str:
    return _("Total") if row is table.total else row_label(row)


def _district(row: Row) -> str | None:
    return row.district.display_name if row.district else None


def _cells(row: Row, columns: list[Column]) -> Cells:
    figures = row.figures
    share = Share(figures.completed / row.goal.people if row.goal.people else 0)
    return [figures.people, figures.completed, share, *(column.value(row) for column in columns)]
