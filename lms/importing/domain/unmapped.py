"""Columns of a list that nobody gave a meaning: what they hold is not imported."""

from collections.abc import Mapping
from typing import Any

from lms.importing.reading.cells import as_text
from lms.importing.reading.mapping import Places, columns_of
from lms.importing.reading.tables import Table
from lms.importing.reading.vocabulary import RUNNING_NUMBER, heading

_EXAMPLES = 3
_LONGEST_EXAMPLE = 40


def unmapped_columns(*, table: Table, columns: Mapping[str, Places]) -> list[dict[str, Any]]:
    """Return label, number of filled cells and some of their values of each column that is lost.

    The running number and columns that hold nothing are no loss.
    """
    mapped = {place for places in columns.values() for place in columns_of(places)}
    lost = []
    own = len(table.labels) - table.added
    for place, label in enumerate(table.labels[:own]):
        if place in mapped or heading(label) == RUNNING_NUMBER:
            continue
        texts = [text for row in table.rows if (text := as_text(row.cells[place]))]
        if texts:
            examples = list(dict.fromkeys(text[:_LONGEST_EXAMPLE] for text in texts))[:_EXAMPLES]
            lost.append({"label": label, "filled": len(texts), "examples": examples})
    return lost
