"""The hand-set grid of the tile map against the official lists it stands beside."""

import csv

import pytest

from lms.geography.domain.files import SHIPPED
from lms.geography.domain.tiles import tile_places


def districts(edition: str) -> set[str]:
    with (SHIPPED / f"units_{edition}.csv").open(encoding="utf-8") as file:
        return {row["code"] for row in csv.DictReader(file) if row["level"] == "district"}


@pytest.mark.parametrize("edition", ["2013-07-24", "2020-01-01", "2025-01-01"])
def test_every_district_has_a_tile_of_its_own(edition):
    places = tile_places(edition_code=edition)
    assert set(places) == districts(edition)
    assert len(set(places.values())) == len(places)


def test_tiles_lie_as_the_districts_do():
    places = tile_places(edition_code="2013-07-24")
    duy_tien, kim_bang, phu_ly, ly_nhan = (places[code] for code in ("349", "350", "347", "353"))
    assert duy_tien[1] < phu_ly[1], "Duy Tiên lies north of Phủ Lý"
    assert kim_bang[0] < phu_ly[0] < ly_nhan[0], "Kim Bảng west, Lý Nhân east of it"


@pytest.mark.parametrize("edition", ["2025-07-01", "1996-11-06"])
def test_map_without_tiles_has_no_places(edition):
    assert tile_places(edition_code=edition) == {}
