"""What lies in what across the maps: the rule behind who still sees whom."""

from datetime import date

import pytest

from lms.geography.domain.areas import area_q, record_areas
from lms.geography.domain.succession import Atlas, map_units
from lms.geography.domain.using import edition_in_use
from lms.geography.models import AdministrativeUnit, BoundaryEdition, UnitCover, UnitSuccession
from tests.factories.geography import make_map, unit

pytestmark = pytest.mark.django_db
CODES = ["2013-07-24", "2020-01-01", "2025-01-01", "2025-07-01"]


def within(holder):
    """(edition, code) of each unit of another map that lies in the unit, those below left out."""
    rows = UnitCover.objects.filter(unit=holder).select_related("covered__edition")
    return {(one.covered.edition.code, one.covered.code) for one in rows}


@pytest.mark.parametrize("start", CODES[:3])
def test_whoever_follows_by_rule_stays_in_the_area_of_the_successor(editions, start):
    """A unit that maps whole lies in what it became."""
    for end in CODES[CODES.index(start) + 1 :]:
        atlas = Atlas()
        became = map_units(from_edition=editions[start], to_edition=editions[end])

        assert all(atlas.lies_within(pk, at) for pk, at in became.items() if at)


def test_province_covers_its_province_on_every_map(editions):
    assert within(unit("35")) == {(CODES[1], "35"), (CODES[2], "35"), (CODES[3], "37")}


def test_district_covers_the_communes_made_of_it_alone_where_districts_are_gone(editions):
    covered = {pair for pair in within(unit("350")) if pair[0] == CODES[3]}

    sources = UnitSuccession.objects.filter(to_unit__edition=editions[CODES[3]])
    by_commune = {}
    for one in sources.select_related("from_unit", "to_unit"):
        at = one.from_unit.get_parent().code
        by_commune.setdefault(one.to_unit.code, set()).add(at)
    back = Atlas()
    alone = {
        (CODES[3], code)
        for code in by_commune
        if back.lies_within(unit(code, CODES[3]).pk, unit("350").pk)
    }
    assert covered == alone
    assert covered


def test_same_area_is_found_at_the_same_level_only(editions):
    same = Atlas().same_areas(source=editions[CODES[0]].pk, target=editions[CODES[3]].pk)

    levels = dict(AdministrativeUnit.objects.values_list("pk", "level"))
    assert same[unit("35").pk] == unit("37", CODES[3]).pk
    assert unit("350").pk not in same
    assert all(levels[one] == levels[other] for one, other in same.items())


def test_successors_are_all_that_got_a_part_and_what_a_district_became(editions):
    successors = Atlas().successors(source=editions[CODES[2]].pk, target=editions[CODES[3]].pk)

    parts = UnitSuccession.objects.filter(extent="part").values_list("from_unit", "to_unit")
    assert parts
    assert all(to_unit in successors[from_unit] for from_unit, to_unit in parts)
    # Where districts are gone, one became its communes and the province.
    found = AdministrativeUnit.objects.in_bulk(successors[unit("350", CODES[2]).pk])
    assert {one.level for one in found.values()} == {"province", "commune"}


def test_part_with_one_known_successor_lies_in_nothing_and_without_any_nothing_does():
    make_map()
    make_map("2020-01-01")
    assert record_areas() == 0
    UnitSuccession.objects.create(
        from_unit=unit("13384"), to_unit=unit("13384", "2020-01-01"), extent="part"
    )

    record_areas()

    assert within(unit("13384", "2020-01-01")) == set()
    assert within(unit("13384")) == {("2020-01-01", "13384")}


def test_areas_worked_out_again_are_the_same(editions):
    before = set(UnitCover.objects.values_list("unit", "covered"))

    record_areas()

    assert set(UnitCover.objects.values_list("unit", "covered")) == before


def test_area_of_a_unit_holds_what_lies_in_it_on_other_maps(editions):
    communes = AdministrativeUnit.objects.filter(level="commune")
    district = unit("350", CODES[1])

    found = communes.filter(area_q(unit=district, unit_field="covered_by__covered")).distinct()

    assert unit("13384") in found


def test_edition_in_use_is_the_latest_that_took_effect():
    old, new = make_map(), make_map("2020-01-01")

    assert edition_in_use(on=date(2020, 6, 1)) is None

    BoundaryEdition.objects.filter(pk=old.pk).update(in_use_from=date(2014, 1, 1))
    BoundaryEdition.objects.filter(pk=new.pk).update(in_use_from=date(2020, 3, 1))
    assert edition_in_use(on=date(2020, 2, 29)) == old
    assert edition_in_use(on=date(2020, 3, 1)) == new
