"""Where units stand on the tile map: one square a unit, set by hand, true to who lies beside whom.

A schema and no geography: it holds neither outlines nor areas.
"""

from functools import cache

from lms.geography.domain.files import SHIPPED, read_rows

_COLUMNS = ("edition", "code", "column", "row")


def tile_places(*, edition_code: str) -> dict[str, tuple[int, int]]:
    """Return (column, row) from the top left by code of the unit; empty for a map without tiles."""
    return _places().get(edition_code, {})


@cache
def _places() -> dict[str, dict[str, tuple[int, int]]]:
    places: dict[str, dict[str, tuple[int, int]]] = {}
    for row in read_rows(SHIPPED / "tiles.csv", _COLUMNS):
        unit = (int(row["column"]), int(row["row"]))
        places.setdefault(row["edition"], {})[row["code"]] = unit
    return places
