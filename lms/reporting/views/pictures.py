"""The table as two pictures: where, and how many of whom."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from lms.core.display import NOTHING, percent, vi_date, vi_number
from lms.design.pictures import Bar, BarChart, Tile, TileMap, draw_bar_chart, draw_tile_map
from lms.geography.domain.tiles import tile_places
from lms.reporting.domain.rows import Row
from lms.reporting.domain.summary import share_of
from lms.reporting.domain.tables import Table
from lms.reporting.enums import PersonState
from lms.reporting.labels import ahead_label, row_label

# More bars than this are no picture any more; the table holds them all.
BARS = 10
# From what is done to what is farthest from it.
BAR_PARTS = (
    PersonState.COMPLETED,
    PersonState.LEARNING,
    PersonState.TO_COME,
    PersonState.NOT_COMPLETED,
    PersonState.NO_CLASS,
)


def tile_map_of(*, table: Table, url_of: Callable[[Row], str]) -> TileMap:
    """Draw one tile for each unit of the table; people on no unit are in the table alone."""
    places = tile_places(edition_code=table.edition.code)
    return draw_tile_map(
        _tile(row, places.get(row.unit.code), url_of(row))
        for row in table.rows
        if row.unit is not None and not row.is_office
    )


def chart_of(*, table: Table) -> BarChart:
    """Draw people by how far they have come: where most are late first, where all wait last."""
    rows = [row for row in table.rows if row.figures.people]
    rows.sort(key=lambda row: (row.is_ahead, -row.figures.missing))
    return draw_bar_chart([_bar(row) for row in rows[:BARS]])


def chart_words(*, table: Table) -> dict[str, Any]:
    """Return legend: the parts of a bar; title: which of the rows the chart holds."""
    counted = sum(1 for row in table.rows if row.figures.people)
    title = _("Progress of trainees")
    if counted > BARS:
        title = _(
            "Progress of trainees: the %(count)s places with the most people still to complete"
        )
        title %= {"count": BARS}
    return {"legend": [str(state.label) for state in BAR_PARTS], "title": title}


def _tile(row: Row, place: tuple[int, int] | None, url: str) -> Tile:
    figures = row.figures
    label = row_label(row)
    if not figures.people:
        title = _("%(place)s: nobody recorded") % {"place": label}
        note = _("nobody recorded")
    elif row.is_ahead:
        title = f"{label}: {ahead_label(row)}"
        note = _("from %(day)s") % {"day": vi_date(figures.starts_on, "short")}
    else:
        title = _("%(place)s: %(completed)s of %(people)s people, %(share)s") % _values(row)
        note = f"{vi_number(figures.completed)}/{vi_number(figures.people)}"
    return Tile(
        name=row.unit.name if row.unit else label,
        share=share_of(row) if figures.people else None,
        value=_value(row),
        note=note,
        title=title,
        url=url,
        place=place,
    )


def _value(row: Row) -> str:
    """Return the share that has completed; a dash where nobody could have."""
    figures = row.figures
    return NOTHING if row.is_ahead else percent(figures.completed, figures.people)


def _bar(row: Row) -> Bar:
    figures = row.figures
    told = [f"{state.label}: {vi_number(figures.count(state))}" for state in BAR_PARTS]
    return Bar(
        label=row_label(row),
        parts=tuple(figures.count(state) for state in BAR_PARTS),
        value=ahead_label(row) or _("%(missing)s still to complete") % _values(row),
        title=f"{row_label(row)}. {', '.join(told)}",
    )


def _values(row: Row) -> dict[str, str]:
    figures = row.figures
    return {
        "place": row_label(row),
        "completed": vi_number(figures.completed),
        "people": vi_number(figures.people),
        "share": percent(figures.completed, figures.people),
        "missing": vi_number(figures.missing),
    }
