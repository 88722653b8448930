"""A map of several provinces: each monitor sees the own one, who oversees all begins with the provinces."""

import pytest
from django.urls import reverse

from lms.accounts.enums import Role
from lms.reporting.domain.placing import place_of, place_units
from lms.reporting.enums import Beyond, CountedAt
from tests.factories.accounts import PostingFactory, browse, make_official
from tests.factories.geography import add_province, unit
from tests.factories.reporting import enrolled, table_of
from tests.shared import shared

pytestmark = pytest.mark.django_db


@shared
def country(world):
    add_province(world.programme.edition)
    enrolled(world, "350", "13384", completed=True)
    for code in ("13591", "13690"):
        PostingFactory(unit=unit(code))
    return world


def people(found) -> dict[str, int]:
    return {row.unit.name: row.figures.people for row in found.rows if row.unit}


def test_whoever_oversees_all_begins_with_the_provinces(country, everywhere):
    found = table_of(country, everywhere)

    assert (people(found), found.parent) == ({"Hà Nam": 2, "Nam Định": 1}, None)
    assert (found.total.figures.people, found.total.communes, len(found.places)) == (3, 6, 6)
    below = table_of(country, everywhere, parent=unit("36"))
    assert (people(below), below.parent) == ({"Mỹ Lộc": 1}, unit("36"))


def test_monitor_sees_the_own_province_alone(country):
    first, second = (make_official(Role.MONITOR, code) for code in ("35", "36"))

    assert people(table_of(country, first)) == {"Kim Bảng": 1, "Lý Nhân": 1}
    assert people(table_of(country, second)) == {"Mỹ Lộc": 1}


@pytest.mark.parametrize("counted_at", CountedAt)
def test_district_is_the_same_alone_and_in_the_whole(country, everywhere, counted_at):
    alone = table_of(country, everywhere, parent=unit("350"), counted_at=counted_at)

    whole = table_of(country, everywhere, parent=unit("35"), counted_at=counted_at)
    (row,) = (row for row in whole.rows if row.unit == unit("350") and not row.is_office)
    assert alone.total.figures == row.figures
    assert alone.total.figures.people == 1


def test_unit_of_the_map_that_is_not_shown_is_beyond(country):
    (shown, hidden) = (unit("13384").pk, unit("13690").pk)

    placed = place_units(unit_ids=[shown, hidden], edition=country.programme.edition, units=[shown])
    assert placed == {shown: shown, hidden: place_of(Beyond.AWAY)}


def test_page_leads_from_the_provinces_down(country, everywhere):
    client = browse(everywhere)
    page = client.get(reverse("reporting:completion"))

    links = [line["url"] for line in page.context["rows"]]
    assert links == [
        reverse("reporting:completion_unit", args=[unit(code).pk]) for code in ("35", "36")
    ]
    assert client.get(links[1]).context["table"].parent == unit("36")
