"""What the report shows as a spreadsheet: typed cells, headings of the page, fixed header."""

from collections.abc import Iterable, Sequence

from django.utils.timezone import now
from django.utils.translation import gettext as _

from lms.core.display import vi_date
from lms.reporting.domain.tables import Row, Table
from lms.reporting.enums import CountedAt
from lms.reporting.extensions import report_columns
from lms.reporting.labels import row_label
from lms.spreadsheets.tables import Cell, Share, Spreadsheet

Cells = Sequence[Cell]


def completion_sheet(*, table: Table) -> Spreadsheet:
    """Return the rows and the total of `table`; a second sheet with its communes,
    where it has districts.
    """
    counted = _count_headings(table)
    communes = [_("Communes"), _("Communes reached"), _("Communes done")]
    return Spreadsheet(
        title=_("Completion"),
        head=_head(table),
        headings=[_("Place"), *counted, *communes, *_column_headings()],
        rows=[
            [_label(row, table), *_counts(row, table), *_communes(row), *_columns(row)]
            for row in (*table.rows, table.total)
        ],
        following=[_commune_sheet(table)] if table.places else [],
    )


def people_sheet(
    *, head: Sequence[str], headings: Sequence[str], rows: Iterable[Cells]
) -> Spreadsheet:
    """Return a list of names: the columns of the page, below what it was taken from."""
    return Spreadsheet(
        title=_("People counted here"), head=[*head, _taken_on()], headings=headings, rows=rows
    )


def _commune_sheet(table: Table) -> Spreadsheet:
    return Spreadsheet(
        title=_("By commune"),
        head=_head(table),
        headings=[_("District"), _("Place"), *_count_headings(table), *_column_headings()],
        rows=[
            [_district(row), _label(row, table), *_counts(row, table), *_columns(row)]
            for row in (*table.places, table.total)
        ],
    )


def _taken_on() -> str:
    return _("Generated on %(when)s") % {"when": vi_date(now(), "time")}


def _head(table: Table) -> list[str]:
    edition = f"{table.edition} ({table.edition.legal_basis})"
    lines = [table.programme.name, _("Map: %(edition)s") % {"edition": edition}]
    if _is_now(table):
        lines.append(str(table.counted_at.label))
    return [*lines, _taken_on()]


def _is_now(table: Table) -> bool:
    return table.counted_at == CountedAt.NOW


def _count_headings(table: Table) -> list[str]:
    headings = [
        _("People to train"),
        _("In a class"),
        _("Completed"),
        _("Share"),
        _("Class not begun"),
        _("First class begins on"),
    ]
    if _is_now(table):
        headings += [_("Moved in"), _("Moved out"), _("Enrolled from here"), _("Without a post")]
    return headings


def _column_headings() -> list[str]:
    return [str(column.label) for column in report_columns]


def _label(row: Row, table: Table) -> str:
    return _("Total") if row is table.total else row_label(row)


def _district(row: Row) -> str | None:
    return row.district.display_name if row.district else None


def _counts(row: Row, table: Table) -> Cells:
    figures = row.figures
    share = Share(figures.completed / figures.people if figures.people else 0)
    counts: list[Cell] = [figures.people, figures.enrolled, figures.completed]
    counts += [share, figures.waiting, figures.starts_on]
    if _is_now(table):
        counts += [row.moved_in, row.moved_out, row.enrolled_from, figures.left]
    return counts


def _communes(row: Row) -> Cells:
    return [row.communes, row.communes_reached, row.communes_done]


def _columns(row: Row) -> Cells:
    return [row.figures.extra.get(column.key, 0) for column in report_columns]
