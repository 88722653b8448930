"""The table in a sentence: how many places are done, who is not, where to begin."""

from datetime import timedelta

import pytest
from django.utils.translation import gettext as _

from courses.enums import RunStatus
from lms.core.local_time import local_moment
from lms.geography.enums import Extent
from lms.geography.models import UnitSuccession
from lms.reporting.domain.summary import summarise
from lms.reporting.domain.tally_keeping import update_tallies
from lms.reporting.enums import PersonState
from lms.reporting.views.acts import act_for, act_on_most
from lms.reporting.views.headline import headline
from lms.reporting.views.pictures import BAR_PARTS, chart_of, chart_words, tile_map_of
from tests.factories.accounts import PostingFactory
from tests.factories.geography import make_map, unit
from tests.factories.reporting import DONE_AT, TODAY, enrolled, put_off, table_of
from tests.factories.rows import set_fields
from tests.reading import numbers


def told(table):
    return headline(
        summary=summarise(table=table),
        url_of=lambda row: f"/{row.unit.code}/",
        names_of=lambda row, state: f"/{state}/",
    )


def places(named):
    """The numbers and the address of each place of a headline."""
    return [(numbers(place["late"]), place["url"]) for place in named["places"]]


def test_summary_counts_places_and_people(world, monitor):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13387", completed=True)
    enrolled(world, "353", "13591", completed=True)
    enrolled(world, "353", "13588")
    PostingFactory(unit=unit("13588"))
    summary = summarise(table=table_of(world, monitor))
    total = summary.total
    assert (total.communes, total.communes_done, total.communes_unknown) == (4, 3, 0)
    figures = summary.figures
    assert (figures.completed, figures.learning, figures.no_class) == (3, 1, 1)
    assert (figures.missing, figures.late, figures.people) == (2, 1, 5)
    assert [row.unit.code for row in summary.late] == ["353"]
    assert not summary.is_done


def close(world, district):
    set_fields(world.runs[district], status=RunStatus.CLOSED)


def test_places_where_nobody_is_in_any_class_come_first_then_the_largest_part_of_late(
    world, monitor
):
    enrolled(world, "353", "13591")
    close(world, "353")
    for code in ("13384", "13384", "13387"):
        PostingFactory(unit=unit(code))
    enrolled(world, "350", "13387")
    enrolled(world, "350", "13588", completed=True)
    summary = summarise(table=table_of(world, monitor))
    assert [row.unit.code for row in summary.unreached] == ["13384"]
    assert [row.unit.code for row in summary.late] == ["350", "353"]
    assert summary.latest_commune.unit.code == "13591"
    assert summary.total.communes_unreached == 1


def test_place_that_sits_in_class_is_not_late(world, monitor):
    enrolled(world, "350", "13384")
    enrolled(world, "350", "13387")
    summary = summarise(table=table_of(world, monitor))
    assert (summary.late, summary.unreached, summary.latest_commune) == ([], [], None)


def test_headline_says_how_far_who_is_late_and_what_to_do(world, monitor):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13387", completed=True)
    enrolled(world, "353", "13591")
    PostingFactory(unit=unit("13588"))
    PostingFactory(unit=unit("13588"))
    words = told(table_of(world, monitor))
    assert numbers(words["title"]) == [2, 5, 40]
    # Communes with somebody who completed, where nobody is in a class, and who is late.
    assert numbers(words["text"]) == [2, 4, 1, 2]
    assert places(words["unreached"]) == [([2, 2], "/13588/")]
    assert "Xã Bắc Lý, huyện Lý Nhân" in words["unreached"]["places"][0]["label"]
    assert places(words["late"]) == [([2, 3], "/353/")]
    assert words["late"]["more"] == 0
    assert [(numbers(action["text"]), action["url"]) for action in words["actions"]] == [
        ([2, 2], "/no_class/"),
        ([1, 1], "/learning/"),
    ]
    assert all("Huyện Lý Nhân" in action["text"] for action in words["actions"])
    assert words["gaps"] == []
    assert len(f"{words['title']} {words['text']}".split()) <= 40


@pytest.mark.parametrize(
    ("status", "first_day", "act"),
    [
        (RunStatus.OPEN, TODAY, PersonState.LEARNING),
        (RunStatus.OPEN, TODAY + timedelta(days=1), PersonState.TO_COME),
        (RunStatus.CLOSED, TODAY, PersonState.NOT_COMPLETED),
        (RunStatus.CANCELLED, TODAY, PersonState.NO_CLASS),
    ],
)
def test_act_fits_the_state(world, monitor, status, first_day, act):
    enrolled(world, "350", "13384")
    set_fields(put_off(world, "350", first_day), status=status)
    table = table_of(world, monitor)
    most = summarise(table=table).most
    assert list(most) == [act]
    expected = act_on_most(act, table.total.figures, most[act])
    assert act_for(act)
    assert [action["text"] for action in told(table)["actions"]] == [expected]


def test_headline_without_anybody_of_a_district_and_when_everybody_has_completed(world, monitor):
    nobody = told(table_of(world, monitor))
    assert numbers(nobody["title"]) == []
    assert (nobody["late"], nobody["actions"], nobody["gaps"]) == (None, [], [])

    enrolled(world, "350", "13384", completed=True)
    district, whole = (
        told(table_of(world, monitor, parent=unit("350"))),
        told(table_of(world, monitor)),
    )
    assert numbers(district["title"]) == [1, 1, 100]
    assert [numbers(gap) for gap in district["gaps"]] == [[1, 2]]
    assert numbers(whole["text"]) == []
    assert (whole["late"], whole["actions"]) == (None, [])


def test_headline_tells_of_people_whom_the_map_cannot_place(world, monitor):
    later = make_map("2020-01-01")
    for code in ("13384", "13591"):
        UnitSuccession.objects.create(
            from_unit=unit(code), to_unit=unit(code, later.code), extent=Extent.PART
        )
    enrolled(world, "350", "13384")
    words = told(table_of(world, monitor, edition=later))
    assert numbers(words["gaps"][-1]) == [1]
    assert words["actions"] == []


def test_tile_map_shows_missing_figures_as_missing(world, monitor):
    enrolled(world, "350", "13384", completed=True)
    picture = tile_map_of(table=table_of(world, monitor), url_of=lambda row: f"/{row.unit.code}/")
    drawn = {one.tile.name: one.tile for one in picture.tiles}
    assert picture.is_placed
    assert (drawn["Kim Bảng"].value, drawn["Kim Bảng"].note) == ("100%", "1/1")
    assert drawn["Lý Nhân"].share is None
    assert numbers(drawn["Lý Nhân"].title) == []


def test_bar_says_how_many_have_completed_and_since_a_month_ago_where_most_is_missing_first(
    world, monitor, monkeypatch
):
    enrolled(world, "350", "13384", completed=True)
    earlier = enrolled(world, "350", "13387", completed=True)
    set_fields(earlier, completed_at=DONE_AT - timedelta(days=60))
    enrolled(world, "353", "13591")
    PostingFactory(unit=unit("13591"))

    table = table_of(world, monitor)
    chart = chart_of(table=table, on=TODAY, url_of=lambda row: f"/{row.unit.code}/")

    bars = [drawn.bar for drawn in chart.bars]
    assert [(bar.label, bar.parts) for bar in bars] == [
        ("Huyện Lý Nhân", (0, 1, 0, 0, 1)),
        ("Huyện Kim Bảng", (2, 0, 0, 0, 0)),
    ]
    assert [(bar.url, bar.value, tuple(bar.line[-3:])) for bar in bars] == [
        ("/353/", "0/2 (0%)", ()),
        ("/350/", "2/2 (100%) +1", (1, 1, 2)),
    ]
    # Of many rows it says how many it holds.
    monkeypatch.setattr("lms.reporting.views.pictures.BARS", 1)
    assert len(chart_of(table=table, on=TODAY, url_of=str).bars) == 1
    assert numbers(chart_words(table=table, on=TODAY)["title"]) == [1]


@pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "counted"])
def test_note_says_how_many_have_completed_since_a_month_and_a_week_ago(world, monitor, is_kept):
    for days in (3, 7, 20, 30, 60):
        done = enrolled(world, "350", "13384", completed=True)
        moment = local_moment(TODAY - timedelta(days=days)) + timedelta(hours=20)
        set_fields(done, completed_at=moment)
    if is_kept:
        update_tallies(on=TODAY)

    told = numbers(chart_words(table=table_of(world, monitor), on=TODAY)["note"])

    month, week = (TODAY - timedelta(days=days) for days in (30, 7))
    days = [[one.day, one.month, one.year] for one in (month, week)]
    assert told[:8] == [*days[0], 3, 1, *days[1]]


def test_chart_explains_no_sign_that_no_bar_has(world, monitor):
    def notes():
        return chart_words(table=table_of(world, monitor), on=TODAY)["note"]

    enrolled(world, "353", "13591")
    nobody = notes()
    done = enrolled(world, "350", "13384", completed=True)
    lately = notes()
    set_fields(done, completed_at=DONE_AT - timedelta(days=60))
    line = _("Line: completed in the last 12 months.")
    assert nobody == ""
    assert ["+" in lately, line in lately] == [True, True]
    assert ["+" in notes(), line in notes()] == [False, True]


def test_place_whose_people_all_wait_for_a_class_is_not_late(world, monitor):
    put_off(world, "353")
    enrolled(world, "350", "13384")
    close(world, "350")
    enrolled(world, "353", "13591")
    enrolled(world, "353", "13588")
    table = table_of(world, monitor)
    words = told(table)
    assert [(row.unit.code, row.is_ahead) for row in table.rows] == [("350", False), ("353", True)]
    assert places(words["late"]) == [([1, 1], "/350/")]
    assert [(numbers(action["text"]), action["url"]) for action in words["actions"]] == [
        ([1, 1], "/not_completed/"),
        ([2, 2], "/to_come/"),
    ]


def test_latest_commune_is_named_with_its_district(world, monitor):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13387")
    enrolled(world, "353", "13591")
    enrolled(world, "353", "13591")
    close(world, "350")
    close(world, "353")
    table = table_of(world, monitor)
    latest = told(table)["latest"]
    assert (latest["label"], latest["url"]) == ("Xã Đức Lý, huyện Lý Nhân", "/13591/")
    assert numbers(latest["late"]) == [2, 2]
    assert [row.latest.unit.code for row in table.rows] == ["13387", "13591"]
    # Where the rows are communes themselves they are named as they are.
    words = told(table_of(world, monitor, parent=unit("350")))
    assert words["latest"] is None
    assert [place["label"] for place in words["late"]["places"]] == ["Xã Nguyễn Úy"]


def test_pictures_show_a_place_that_waits_as_not_begun(world, monitor):
    put_off(world, "353")
    enrolled(world, "353", "13591")
    picture = tile_map_of(table=table_of(world, monitor), url_of=lambda row: f"/{row.unit.code}/")
    chart = chart_of(table=table_of(world, monitor), on=TODAY, url_of=str)
    legend = chart_words(table=table_of(world, monitor), on=TODAY)["legend"]
    (tile,) = [drawn.tile for drawn in picture.tiles if drawn.tile.name == "Lý Nhân"]
    assert tile.value == "–"
    assert "10/06" in tile.note
    assert numbers(tile.title) == [10, 6, 2014]
    assert chart.bars[0].bar.parts == (0, 0, 1, 0, 0)
    assert numbers(chart.bars[0].bar.value) == [10, 6, 2014]
    assert legend == [state.label for state in BAR_PARTS]
