"""What is drawn on the server: tiles at their places, bars on one scale."""

import pytest

from lms.design.pictures import Bar, Tile, draw_bar_chart, draw_tile_map


def tile(name, share=0.5, place=None):
    return Tile(name=name, share=share, value="50%", note="1/2", title=name, place=place)


def corners(picture):
    return [(drawn.tile.name, drawn.x, drawn.y) for drawn in picture.tiles]


def test_tiles_stand_at_their_places():
    picture = draw_tile_map([tile("Phủ Lý", place=(1, 1)), tile("Duy Tiên", place=(1, 0))])
    assert corners(picture) == [("Duy Tiên", 0, 0), ("Phủ Lý", 0, 106)]
    assert (picture.width, picture.height, picture.is_placed) == (100, 206, True)


def test_part_of_the_grid_begins_at_its_corner():
    places = {"Phủ Lý": (1, 1), "Lý Nhân": (2, 1), "Thanh Liêm": (1, 2)}
    picture = draw_tile_map([tile(name, place=place) for name, place in places.items()])
    assert corners(picture) == [("Lý Nhân", 106, 0), ("Phủ Lý", 0, 0), ("Thanh Liêm", 0, 106)]


def test_tiles_without_places_stand_in_the_order_of_their_names():
    names = ["Văn Xá", "Ba Sao", "Đồng Hóa", "Đại Cương", "Ngọc Sơn"]
    picture = draw_tile_map([tile(name) for name in names])
    in_order = [name for name, _x, _y in corners(picture)]
    assert in_order == ["Ba Sao", "Đại Cương", "Đồng Hóa", "Ngọc Sơn", "Văn Xá"]
    assert corners(picture)[-1] == ("Văn Xá", 0, 106)
    assert not picture.is_placed


def test_tiles_that_the_grid_does_not_know_stand_below_it():
    picture = draw_tile_map([tile("Mới"), tile("Phủ Lý", place=(1, 1))])
    assert corners(picture) == [("Phủ Lý", 0, 0), ("Mới", 0, 106)]


def test_tile_map_of_nothing_is_empty():
    picture = draw_tile_map([])
    assert (picture.tiles, picture.height) == ([], 0)


@pytest.mark.parametrize(
    ("share", "filled", "is_done"),
    [(None, 0, False), (0, 0, False), (0.004, 2, False), (0.5, 50, False), (1, 100, True)],
)
def test_tile_is_filled_as_high_as_its_share(share, filled, is_done):
    (drawn,) = draw_tile_map([tile("Phủ Lý", share=share)]).tiles
    assert (drawn.filled, drawn.top, drawn.is_done) == (filled, 100 - filled, is_done)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Phủ Lý", ["Phủ Lý"]),
        ("Lương Khánh Thiện", ["Lương", "Khánh Thiện"]),
        ("Krôngpachlumbum", ["Krôngpachlumbum"]),
    ],
)
def test_long_name_of_a_tile_is_broken_between_words(name, lines):
    (drawn,) = draw_tile_map([tile(name)]).tiles
    assert [line for _y, line in drawn.lines] == lines


def test_bars_share_one_scale_and_leave_out_what_is_nothing():
    chart = draw_bar_chart([Bar("A", (10, 20, 10), "", ""), Bar("B", (5, 0, 5), "", "")])
    assert [[(p.series, p.x, p.width) for p in drawn.parts] for drawn in chart.bars] == [
        [(0, 0, 25), (1, 25, 50), (2, 75, 25)],
        [(0, 0, 12.5), (2, 12.5, 12.5)],
    ]
    assert [drawn.y for drawn in chart.bars] == [0, 54]


def test_number_is_written_where_it_has_room():
    chart = draw_bar_chart([Bar("A", (3, 97, 0), "", "")])
    assert [part.has_room for part in chart.bars[0].parts] == [False, True]


def test_chart_of_nobody_has_bars_without_parts():
    chart = draw_bar_chart([Bar("A", (0, 0, 0), "", "")])
    assert chart.bars[0].parts == []
    assert draw_bar_chart([]).height == 0


def test_goal_is_marked_and_may_lie_beyond_all_bars():
    chart = draw_bar_chart(
        [
            Bar("A", (10, 10), "", "", goal=16),
            Bar("B", (5, 0), "", "", goal=40),
            Bar("C", (5,), "", ""),
        ]
    )
    assert [drawn.goal for drawn in chart.bars] == [40, 100, None]
    assert chart.bars[0].parts[1].x == 25


def test_line_stands_behind_bars_that_leave_it_room():
    bars = [Bar("A", (10,), "", "", line=(0, 5, 10)), Bar("B", (5,), "", "", line=(0, 0))]
    chart = draw_bar_chart([*bars, Bar("C", (5,), "", "")])
    points = [drawn.points for drawn in chart.bars]
    assert points == ["0.0,22.0 50.0,11.0 100.0,0.0", "0.0,22.0 100.0,22.0", ""]
    assert chart.bars[0].parts[0].width == 84
