"""The table in a sentence: how many places are done, who is not, where to begin."""

from datetime import date

import pytest
from django.utils import translation

from lms.accounts.enums import Role
from lms.geography.enums import Extent
from lms.geography.models import UnitSuccession
from lms.reporting.domain.summary import summarise
from lms.reporting.domain.tables import completion_table
from lms.reporting.views.headline import headline
from lms.reporting.views.pictures import chart_of, chart_words, tile_map_of
from tests.factories.accounts import PostingFactory, UserFactory, make_official
from tests.factories.courses import EnrolmentFactory
from tests.factories.geography import make_map, unit
from tests.factories.reporting import enrolled, put_off

TODAY = date(2014, 6, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def table_of(world, edition):
    monitor = make_official(Role.MONITOR, "35")

    def make(**asked):
        asked = {"edition": edition} | asked
        return completion_table(programme=world.programme, on=TODAY, reader=monitor, **asked)

    return make


def told(table):
    with translation.override("vi"):
        return headline(summary=summarise(table=table), url_of=lambda row: f"/{row.unit.code}/")


def test_summary_counts_places_and_people(table_of, world):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13387", completed=True)
    enrolled(world, "353", "13591", completed=True)
    enrolled(world, "353", "13588")
    PostingFactory(unit=unit("13588"))
    summary = summarise(table=table_of())
    assert (summary.places, summary.places_reached, summary.places_done) == (2, 2, 1)
    assert (summary.communes, summary.communes_done, summary.communes_unknown) == (4, 3, 0)
    assert (summary.completed, summary.learning, summary.unreached) == (3, 1, 1)
    assert (summary.missing, summary.people) == (2, 5)
    assert [row.unit.code for row in summary.behind] == ["353"]
    assert not summary.is_done


def test_summary_puts_the_smallest_share_first_then_the_most_people(table_of, world):
    enrolled(world, "350", "13384")
    enrolled(world, "353", "13591")
    enrolled(world, "353", "13591")
    assert [row.unit.code for row in summarise(table=table_of()).behind] == ["353", "350"]
    enrolled(world, "353", "13591", completed=True)
    assert [row.unit.code for row in summarise(table=table_of()).behind] == ["350", "353"]


def test_headline_says_how_far_who_is_behind_and_what_to_do(table_of, world):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13387", completed=True)
    enrolled(world, "353", "13591")
    PostingFactory(unit=unit("13588"))
    PostingFactory(unit=unit("13588"))
    words = told(table_of())
    assert words["title"] == "Đã xong 1/2 huyện, thành phố và 2/4 xã."
    assert words["text"] == (
        "Còn 3/5 người chưa hoàn thành: 1 người đang học, 2 người chưa vào lớp nào."
    )
    assert words["behind"] == [{"label": "Huyện Lý Nhân", "share": "0%", "url": "/353/"}]
    assert [(action["text"], action["url"]) for action in words["actions"]] == [
        ("Mở lớp cho 2 người chưa vào lớp nào, nhiều nhất ở Huyện Lý Nhân (2 người).", "/353/"),
        ("Nhắc 1 người đang học hoàn thành nốt, nhiều nhất ở Huyện Lý Nhân (1 người).", "/353/"),
    ]
    assert words["gaps"] == []


def test_headline_of_a_district_speaks_of_its_communes(table_of, world):
    enrolled(world, "350", "13384", completed=True)
    words = told(table_of(parent=unit("350")))
    assert words["title"] == "Đã xong 1/2 xã."
    assert words["gaps"] == ["1/2 xã chưa có danh sách người cần tập huấn."]


def test_headline_when_everybody_has_completed(table_of, world):
    enrolled(world, "350", "13384", completed=True)
    words = told(table_of())
    assert words["text"] == "Mọi người đều đã hoàn thành. Địa bàn này không còn việc phải làm."
    assert (words["behind"], words["actions"]) == ([], [])


def test_headline_without_anybody_says_what_will_happen(table_of):
    words = told(table_of())
    assert words["title"] == "Chưa có ai để tính"
    assert (words["behind"], words["actions"], words["gaps"]) == ([], [], [])


def test_headline_tells_of_people_whom_the_map_cannot_place(table_of, world):
    later = make_map("2020-01-01")
    for code in ("13384", "13591"):
        UnitSuccession.objects.create(
            from_unit=unit(code), to_unit=unit(code, later.code), extent=Extent.PART
        )
    enrolled(world, "350", "13384")
    words = told(table_of(edition=later))
    assert (
        words["gaps"][-1] == "1 người chưa xếp được vào bản đồ này, do địa bàn cũ đã bị chia tách."
    )
    assert words["actions"] == []


def test_tile_map_shows_missing_figures_as_missing(table_of, world):
    enrolled(world, "350", "13384", completed=True)
    with translation.override("vi"):
        picture = tile_map_of(table=table_of(), url_of=lambda row: f"/{row.unit.code}/")
    drawn = {one.tile.name: one.tile for one in picture.tiles}
    assert picture.is_placed
    assert (drawn["Kim Bảng"].value, drawn["Kim Bảng"].note) == ("100%", "1/1")
    assert drawn["Lý Nhân"].share is None
    assert drawn["Lý Nhân"].title == "Huyện Lý Nhân: chưa có danh sách"


def test_chart_begins_where_most_is_missing(table_of, world):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "353", "13591")
    PostingFactory(unit=unit("13591"))
    chart = chart_of(table=table_of())
    assert [(drawn.bar.label, drawn.bar.parts) for drawn in chart.bars] == [
        ("Huyện Lý Nhân", (0, 1, 1, 0)),
        ("Huyện Kim Bảng", (1, 0, 0, 0)),
    ]


def test_chart_of_many_rows_says_which_it_holds(table_of, world, monkeypatch):
    monkeypatch.setattr("lms.reporting.views.pictures.BARS", 1)
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "353", "13591")
    table = table_of()
    assert len(chart_of(table=table).bars) == 1
    with translation.override("vi"):
        assert chart_words(table=table)["title"] == (
            "Tiến độ của học viên: 1 nơi còn nhiều người chưa hoàn thành nhất"
        )


def test_place_whose_people_all_wait_for_a_class_is_not_behind(table_of, world):
    put_off(world, "353")
    enrolled(world, "350", "13384")
    enrolled(world, "353", "13591")
    enrolled(world, "353", "13588")
    table = table_of()
    words = told(table)
    assert [(row.unit.code, row.is_ahead) for row in table.rows] == [("350", False), ("353", True)]
    assert [place["label"] for place in words["behind"]] == ["Huyện Kim Bảng"]
    assert words["text"] == (
        "Còn 3/3 người chưa hoàn thành: 1 người đang học, 2 người có lớp chưa bắt đầu "
        "(sớm nhất ngày 10/06/2014), 0 người chưa vào lớp nào. "
        "2 xã chưa bắt đầu."
    )
    assert [action["text"] for action in words["actions"]] == [
        "Nhắc 1 người đang học hoàn thành nốt, nhiều nhất ở Huyện Kim Bảng (1 người)."
    ]


def test_people_who_wait_do_not_lower_the_place_they_wait_in(table_of, world):
    put_off(world, "353")
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13387")
    enrolled(world, "350", "13387")
    enrolled(world, "353", "13591")
    EnrolmentFactory(user=UserFactory(), run=world.runs["350"], unit=unit("13591"))
    for _ in range(2):
        enrolled(world, "350", "13588", completed=True)
    words = told(table_of())
    assert [(place["label"], place["share"]) for place in words["behind"]] == [
        ("Huyện Kim Bảng", "33%"),
        ("Huyện Lý Nhân", "67%"),
    ]
    assert words["behind_words"] == "Chậm nhất, không tính người có lớp chưa bắt đầu:"


def test_slowest_commune_is_named_with_its_district(table_of, world):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13387")
    enrolled(world, "353", "13591")
    enrolled(world, "353", "13591")
    table = table_of()
    assert told(table)["slowest"] == {
        "label": "Xã Đức Lý, huyện Lý Nhân",
        "share": "0%",
        "url": "/13591/",
    }
    assert [row.slowest.unit.code for row in table.rows] == ["13387", "13591"]


def test_slowest_commune_is_not_named_where_the_rows_are_communes(table_of, world):
    enrolled(world, "350", "13384")
    words = told(table_of(parent=unit("350")))
    assert words["slowest"] is None
    assert [place["label"] for place in words["behind"]] == ["Thị trấn Quế"]


def test_pictures_show_a_place_that_waits_as_not_begun(table_of, world):
    put_off(world, "353")
    enrolled(world, "353", "13591")
    with translation.override("vi"):
        picture = tile_map_of(table=table_of(), url_of=lambda row: f"/{row.unit.code}/")
        chart = chart_of(table=table_of())
        legend = chart_words(table=table_of())["legend"]
    (tile,) = [drawn.tile for drawn in picture.tiles if drawn.tile.name == "Lý Nhân"]
    assert (tile.value, tile.note) == ("–", "từ 10/06")
    assert tile.title == "Huyện Lý Nhân: Chưa bắt đầu, lớp mở ngày 10/06/2014"
    assert chart.bars[0].bar.parts == (0, 0, 0, 1)
    assert chart.bars[0].bar.value == "Chưa bắt đầu, lớp mở ngày 10/06/2014"
    assert legend == ["Hoàn thành", "Đang học", "Chưa vào lớp", "Lớp chưa bắt đầu"]
