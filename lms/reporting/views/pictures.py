"""The table as two pictures: where, and how many of whom."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lms.core.display import NOTHING, percent, vi_date, vi_number
from lms.design.pictures import Bar, BarChart, Tile, TileMap, draw_bar_chart, draw_tile_map
from lms.geography.domain.tiles import tile_places
from lms.reporting.domain.rows import Row
from lms.reporting.domain.summary import share_of
from lms.reporting.domain.tables import Table
from lms.reporting.domain.trend import STEP, WEEK, completed_by, line_of
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


def chart_of(*, table: Table, on: date, url_of: Callable[[Row], str]) -> BarChart:
    """Draw people by how far they have come: where most are late first, where all wait last."""
    return draw_bar_chart([_bar(row, on, url_of(row)) for row in _rows_drawn(table)])


def _rows_drawn(table: Table) -> list[Row]:
    rows = [row for row in table.rows if row.figures.people]
    rows.sort(key=lambda row: (row.is_ahead, -row.figures.missing))
    return rows[:BARS]


def chart_words(*, table: Table, on: date) -> dict[str, Any]:
    """Return legend: the parts of a bar; title: which of the rows the chart holds; note: how to read
    what stands on its bars besides; "" for nothing.
    """
    counted = sum(1 for row in table.rows if row.figures.people)
    title = _("Progress of trainees")
    if counted > BARS:
        title = _(
            "Progress of trainees: the %(count)s places with the most people still to complete"
        )
        title %= {"count": BARS}
    return {
        "legend": [str(state.label) for state in BAR_PARTS],
        "title": title,
        "note": " ".join(_notes(table, on)),
    }


def _notes(table: Table, on: date) -> list[str]:
    """Return how to read the plus, the line and the mark, as far as a bar has one."""
    rows, notes = _rows_drawn(table), []
    if any(_completed_since(on - STEP, row) for row in rows if not row.is_ahead):
        lately = _(
            "+: completed since %(month)s; %(all)s in all, %(lately)s of them since %(week)s."
        )
        notes.append(lately % _since(table.total, on))
    if any(row.figures.completed for row in rows):
        notes.append(_("Line: completed in the last 12 months."))
    if any(_goal(row) is not None for row in rows):
        notes.append(_("Mark on a bar: how many must complete for the place to be done."))
    return notes


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
        note = f"{vi_number(figures.completed)}/{vi_number(row.goal.people)}"
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
    return NOTHING if row.is_ahead else percent(figures.completed, row.goal.people)


def _bar(row: Row, on: date, url: str) -> Bar:
    figures = row.figures
    told = [f"{state.label}: {vi_number(figures.count(state))}" for state in BAR_PARTS]
    return Bar(
        label=row_label(row),
        parts=tuple(figures.count(state) for state in BAR_PARTS),
        value=ahead_label(row) or _value_of_bar(row, on),
        title=f"{row_label(row)}. {', '.join(told)}",
        url=url,
        goal=_goal(row),
        line=line_of(figures.days, on=on) if figures.completed else (),
    )


def _goal(row: Row) -> int | None:
    """Return how many must complete for the place to be done; None where all must, unasked, and where
    each of its communes is asked for so many.
    """
    goal = row.goal
    return goal.wanted(communes=row.communes) if goal.is_set or goal.has_threshold else None


def _value_of_bar(row: Row, on: date) -> str:
    """Return “93/436 (21 %)”, and how many have completed since a month ago, where anybody has."""
    figures = row.figures
    done = f"{vi_number(figures.completed)}/{vi_number(row.goal.people)} ({_value(row)})"
    since = _completed_since(on - STEP, row)
    return f"{done} +{vi_number(since)}" if since else done


def _since(row: Row, on: date) -> dict[str, str]:
    """Return how many have completed since a month ago and since a week ago, with these days."""
    month, week = on - STEP, on - WEEK
    return {
        "month": vi_date(month),
        "all": vi_number(_completed_since(month, row)),
        "week": vi_date(week),
        "lately": vi_number(_completed_since(week, row)),
    }


def _completed_since(day: date, row: Row) -> int:
    """Return how many have completed after this day."""
    return row.figures.completed - completed_by(row.figures.days, day)


def _values(row: Row) -> dict[str, str]:
    figures = row.figures
    return {
        "place": row_label(row),
        "completed": vi_number(figures.completed),
        "people": vi_number(row.goal.people),
        "share": percent(figures.completed, row.goal.people),
    }
