"""Geometry of the pictures that are drawn on the server: the tile map and the bar chart.

The tile map is drawn in the units of its own box; the bars are shares of the width they get, so that
their words keep their size on a phone. The templates add the words and the patterns.
See `lms/components/tile_map.html` and `lms/components/chart.html`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lms.core.text import place_key

TILE = 100
GAP = 6
# Without places: as many in a line as can still be read on a phone.
LINE = 4
LONGEST_LINE = 12
BAR_STEP = 54
# Of the width, in per cent: the bars, where any has a line, and the line behind them.
BARS_BESIDE_LINES = 84
LINE_BOX = (100, 22)
# The share of the width that one figure of a number needs on a phone, in per cent.
ROOM_FOR_FIGURE = 3.4


@dataclass(frozen=True)
class Tile:
    """One place. `share` from 0 to 1, None where there is nothing to count; `title` says it all.

    `place` is (column, row), None for a unit that no grid knows.
    """

    name: str
    share: float | None
    value: str
    note: str
    title: str
    url: str = ""
    place: tuple[int, int] | None = None


@dataclass(frozen=True)
class DrawnTile:
    """A tile with its corner, its name in lines, and how high it is filled."""

    tile: Tile
    x: int
    y: int
    lines: tuple[tuple[int, str], ...]
    filled: int

    @property
    def top(self) -> int:
        return TILE - self.filled

    @property
    def is_done(self) -> bool:
        return self.tile.share is not None and self.tile.share >= 1


@dataclass(frozen=True)
class TileMap:
    """`is_placed`: the tiles lie as the units do; otherwise they stand in alphabetical order."""

    tiles: list[DrawnTile]
    width: int
    height: int
    is_placed: bool
    side: int = TILE


@dataclass(frozen=True)
class Bar:
    """One line of a chart. `parts` in the order of the legend; they add up to the whole bar.

    `goal`: how far the first part should reach, marked on the bar; `line`: how the first part grew,
    drawn behind the bar.
    """

    label: str
    parts: Sequence[int]
    value: str
    title: str
    url: str = ""
    goal: int | None = None
    line: Sequence[int] = ()


@dataclass(frozen=True)
class DrawnPart:
    """Where a part begins and how wide it is, in per cent of the picture."""

    x: float
    width: float
    number: int
    series: int

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)

    @property
    def has_room(self) -> bool:
        return self.width >= ROOM_FOR_FIGURE * len(str(self.number))


@dataclass(frozen=True)
class DrawnBar:
    """`goal`: where the mark stands, in per cent of the picture; `points`: of a polyline in LINE_BOX."""

    bar: Bar
    y: int
    parts: list[DrawnPart] = field(default_factory=list)
    goal: float | None = None
    points: str = ""


@dataclass(frozen=True)
class BarChart:
    bars: list[DrawnBar]
    height: int


def draw_tile_map(tiles: Iterable[Tile]) -> TileMap:
    """Draw tiles at their places; those without one in lines below, in alphabetical order."""
    ordered = sorted(tiles, key=lambda tile: place_key(tile.name))
    placed = _moved_to_the_corner([(tile, tile.place) for tile in ordered if tile.place])
    columns = max((column + 1 for _tile, (column, _row) in placed), default=LINE)
    first_free = max((row + 1 for _tile, (_column, row) in placed), default=0)
    loose = [tile for tile in ordered if not tile.place]
    spots = placed + [
        (tile, (at % columns, first_free + at // columns)) for at, tile in enumerate(loose)
    ]
    rows = max((row + 1 for _tile, (_column, row) in spots), default=0)
    return TileMap(
        tiles=[_drawn(tile, column, row) for tile, (column, row) in spots],
        width=columns * (TILE + GAP) - GAP,
        height=rows * (TILE + GAP) - GAP if rows else 0,
        is_placed=bool(placed),
    )


def draw_bar_chart(bars: Sequence[Bar]) -> BarChart:
    """Draw bars on one scale: the longest, or the farthest goal, fills the width that lines leave."""
    longest = max((max(sum(bar.parts), bar.goal or 0) for bar in bars), default=0)
    width = BARS_BESIDE_LINES if any(bar.line for bar in bars) else 100
    drawn = [_drawn_bar(bar, at * BAR_STEP, width / (longest or 1)) for at, bar in enumerate(bars)]
    return BarChart(bars=drawn, height=len(bars) * BAR_STEP)


def _moved_to_the_corner(
    placed: list[tuple[Tile, tuple[int, int]]],
) -> list[tuple[Tile, tuple[int, int]]]:
    """Return the same tiles without the empty columns and rows before them:
    some readers see a part.
    """
    left = min((column for _tile, (column, _row) in placed), default=0)
    top = min((row for _tile, (_column, row) in placed), default=0)
    return [(tile, (column - left, row - top)) for tile, (column, row) in placed]


def _drawn(tile: Tile, column: int, row: int) -> DrawnTile:
    share = min(max(tile.share or 0, 0), 1)
    lines = _lines(tile.name)
    first = 24 if len(lines) == 1 else 19
    return DrawnTile(
        tile=tile,
        x=column * (TILE + GAP),
        y=row * (TILE + GAP),
        lines=tuple((first + at * 15, line) for at, line in enumerate(lines)),
        filled=max(round(share * TILE), 2) if share else 0,
    )


def _lines(name: str) -> list[str]:
    """Break a long name into two lines, as even as its words allow."""
    words = name.split()
    if len(name) <= LONGEST_LINE or len(words) == 1:
        return [name]
    cuts = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return list(min(cuts, key=lambda pair: max(map(len, pair))))


def _drawn_bar(bar: Bar, y: int, unit: float) -> DrawnBar:
    """Draw one bar; `unit`: how wide one of what is counted is."""
    parts: list[DrawnPart] = []
    before = 0
    for series, number in enumerate(bar.parts):
        if number:
            parts.append(
                DrawnPart(round(before * unit, 2), round(number * unit, 2), number, series)
            )
        before += number
    goal = None if bar.goal is None else round(bar.goal * unit, 2)
    return DrawnBar(bar=bar, y=y, parts=parts, goal=goal, points=_points(bar.line))


def _points(line: Sequence[int]) -> str:
    """Return the line from nought at the bottom of LINE_BOX to its highest at the top."""
    width, height = LINE_BOX
    highest, steps = max(line, default=0) or 1, max(len(line) - 1, 1)
    return " ".join(
        f"{round(at * width / steps, 1)},{round(height - number * height / highest, 1)}"
        for at, number in enumerate(line)
    )
