"""A map of several provinces: each monitor sees the own one, who oversees all begins with the provinces."""

import pytest
from django.urls import reverse

from lms.accounts.enums import Role
from lms.geography.domain.rules import ListedUnit
from lms.geography.domain.writing import grow_tree, next_root_step
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.placing import place_of, place_units
from lms.reporting.domain.tables import completion_table
from lms.reporting.enums import Beyond, CountedAt
from tests.factories.accounts import PostingFactory, UserFactory, browse, make_official
from tests.factories.geography import unit
from tests.factories.reporting import enrolled
from tests.lms.reporting.test_counting import TODAY
from tests.shared import shared

pytestmark = pytest.mark.django_db


@shared
def country(world):
    """Beside Hà Nam a second province on the same map, with one district of two communes."""
    listed = [
        ListedUnit(0, Level.PROVINCE, "36", "tỉnh", "Nam Định"),
        ListedUnit(0, Level.DISTRICT, "358", "huyện", "Mỹ Lộc", "36"),
        ListedUnit(0, Level.COMMUNE, "13690", "xã", "Mỹ Hà", "358"),
        ListedUnit(0, Level.COMMUNE, "13693", "xã", "Mỹ Tiến", "358"),
    ]
    edition = world.programme.edition
    units = grow_tree(edition=edition, units=listed, root_step=next_root_step())
    AdministrativeUnit.objects.bulk_create(units.values())
    enrolled(world, "350", "13384", completed=True)
    PostingFactory(unit=unit("13591"))
    PostingFactory(unit=unit("13690"))
    return world


@shared
def everywhere(edition):
    return UserFactory(is_superuser=True)


def table(country, reader, **more):
    edition = country.programme.edition
    return completion_table(
        programme=country.programme, edition=edition, on=TODAY, reader=reader, **more
    )


def people(found) -> dict[str, int]:
    return {row.unit.name: row.figures.people for row in found.rows if row.unit}


def test_whoever_oversees_all_begins_with_the_provinces(country, everywhere):
    found = table(country, everywhere)

    assert (people(found), found.parent) == ({"Hà Nam": 2, "Nam Định": 1}, None)
    assert (found.total.figures.people, found.total.communes, len(found.places)) == (3, 6, 6)
    below = table(country, everywhere, parent=unit("36"))
    assert (people(below), below.parent) == ({"Mỹ Lộc": 1}, unit("36"))


def test_monitor_sees_the_own_province_alone(country):
    first, second = (make_official(Role.MONITOR, code) for code in ("35", "36"))

    assert people(table(country, first)) == {"Kim Bảng": 1, "Lý Nhân": 1}
    assert people(table(country, second)) == {"Mỹ Lộc": 1}


@pytest.mark.parametrize("counted_at", CountedAt)
def test_district_is_the_same_alone_and_in_the_whole(country, everywhere, counted_at):
    alone = table(country, everywhere, parent=unit("350"), counted_at=counted_at)

    whole = table(country, everywhere, parent=unit("35"), counted_at=counted_at)
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
