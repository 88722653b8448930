"""Where units stand on the tile map: one square a unit, set by hand, true to who lies beside whom.

A schema and no geography: it holds neither outlines nor areas.
"""

from functools import cache
from pathlib import Path

from django.conf import settings

from lms.geography.domain.files import read_rows

TILES_FILE = "tiles.csv"
_COLUMNS = ("edition", "code", "column", "row")


def tile_places(*, edition_code: str) -> dict[str, tuple[int, int]]:
    """(column, row) from the top left by the code of the unit; empty for a map without tiles."""
    return _places(settings.FIXTURES_DIR / "boundaries" / TILES_FILE).get(edition_code, {})


@cache
def _places(path: Path) -> dict[str, dict[str, tuple[int, int]]]:
    """Read once a process. Raises BoundaryFileError for a file that cannot be read."""
    places: dict[str, dict[str, tuple[int, int]]] = {}
    if not path.is_file():
        return places
    for row in read_rows(path, _COLUMNS):
        unit = (int(row["column"]), int(row["row"]))
        places.setdefault(row["edition"], {})[row["code"]] = unit
    return places
