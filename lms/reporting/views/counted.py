"""The table that is asked for, of today or of a past day."""

from typing import Any

from lms.reporting.domain.tables import (
    Table,
    completion_table,
    completion_table_as_of,
    table_in_short,
)
from lms.reporting.views.asking import ReportQuery


def table_of(asked: ReportQuery, *, with_places: bool = True) -> Table:
    """Return the children of the unit that is asked for, or the top level, with their figures."""
    of_whom: dict[str, Any] = {
        "programme": asked.programme,
        "edition": asked.edition,
        "on": asked.day,
        "reader": asked.reader,
        "parent": asked.unit,
        "cadres": asked.cadres,
        "counted_at": asked.counted_at,
    }
    if asked.is_past:
        return completion_table_as_of(**of_whom)
    return (completion_table if with_places else table_in_short)(
        **of_whom, narrowing=asked.narrowing
    )
