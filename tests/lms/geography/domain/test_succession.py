"""Figures carried from one map to another: only where the files leave no doubt."""

import pytest

from lms.geography.domain.succession import Atlas, map_units
from lms.geography.models import BoundaryEdition, UnitSuccession
from tests.factories.geography import make_edition, make_map, unit

CODES = ["2013-07-24", "2020-01-01", "2025-01-01", "2025-07-01"]


def names(mapping):
    """The mapping by GSO code, with the code in the other edition."""
    codes = dict(BoundaryEdition.objects.values_list("units__pk", "units__code"))
    return {codes[pk]: codes[at] if at else None for pk, at in mapping.items()}


@pytest.mark.parametrize("start", CODES)
@pytest.mark.parametrize("end", CODES)
def test_every_unit_of_the_start_is_answered_with_a_unit_of_the_end(editions, start, end):
    mapping = map_units(from_edition=editions[start], to_edition=editions[end])

    ends = set(editions[end].units.values_list("pk", flat=True))
    assert set(mapping) == set(editions[start].units.values_list("pk", flat=True))
    assert {at for at in mapping.values() if at} <= ends
    # An edition maps to itself.
    assert start != end or all(pk == at for pk, at in mapping.items())


def test_edition_without_units_yet_maps_nothing(editions):
    empty = make_edition("2030-01-01")

    assert map_units(from_edition=empty, to_edition=editions[CODES[0]]) == {}
    assert set(map_units(from_edition=editions[CODES[3]], to_edition=empty).values()) == {None}


@pytest.mark.parametrize(
    ("start", "middle", "end"),
    [
        (CODES[0], CODES[1], CODES[2]),
        (CODES[0], CODES[1], CODES[3]),
        (CODES[0], CODES[2], CODES[3]),
        (CODES[3], CODES[2], CODES[0]),
        (CODES[2], CODES[1], CODES[0]),
    ],
)
def test_two_steps_are_one_way(editions, start, middle, end):
    first = map_units(from_edition=editions[start], to_edition=editions[middle])
    second = map_units(from_edition=editions[middle], to_edition=editions[end])

    whole = map_units(from_edition=editions[start], to_edition=editions[end])

    assert whole == {pk: second[at] if at else None for pk, at in first.items()}


@pytest.mark.parametrize(("start", "end"), [(CODES[0], CODES[3]), (CODES[0], CODES[1])])
def test_way_back_undoes_the_way_there(editions, start, end):
    there = map_units(from_edition=editions[start], to_edition=editions[end])
    back = map_units(from_edition=editions[end], to_edition=editions[start])

    assert all(there[at] == pk for pk, at in back.items() if at)


def test_every_commune_of_the_plan_has_one_unit_in_2020(editions):
    mapping = map_units(from_edition=editions[CODES[0]], to_edition=editions[CODES[1]])

    assert None not in mapping.values()


def test_reused_code_goes_where_the_territory_went(editions):
    mapping = map_units(from_edition=editions[CODES[0]], to_edition=editions[CODES[3]])

    # Đạo Lý and Bắc Lý became the new Bắc Lý, which took the code of Đạo Lý.
    merged = unit("13579", CODES[3]).pk
    assert mapping[unit("13579").pk] == merged
    assert mapping[unit("13588").pk] == merged


def test_succession_is_told_in_short(editions):
    succession = UnitSuccession.objects.get(from_unit=unit("13579"))

    assert str(succession) == (f"{succession.from_unit_id} > {succession.to_unit_id} (whole)")


@pytest.mark.parametrize(
    ("source", "target", "lost"),
    [
        # Split communes are not allocated, and districts are gone.
        (
            CODES[2],
            CODES[3],
            {"13285", "13324", "13354", "13357", "13363"}
            | {"347", "349", "350", "351", "352", "353"},
        ),
        # Merged communes have no way back.
        (CODES[1], CODES[0], {"13369", "13474", "13501", "13594", "13597"}),
    ],
)
def test_unit_of_unknown_fate_is_not_allocated(editions, source, target, lost):
    mapping = map_units(from_edition=editions[source], to_edition=editions[target])

    assert {code for code, at in names(mapping).items() if at is None} == lost


def test_district_follows_its_communes(editions):
    mapping = map_units(from_edition=editions[CODES[0]], to_edition=editions[CODES[2]])

    # A district town by then, the same district.
    assert mapping[unit("349").pk] == unit("349", CODES[2]).pk


def test_province_goes_into_the_merged_one_but_not_back(editions):
    there = map_units(from_edition=editions[CODES[2]], to_edition=editions[CODES[3]])
    back = map_units(from_edition=editions[CODES[3]], to_edition=editions[CODES[2]])

    assert there[unit("35", CODES[2]).pk] == unit("37", CODES[3]).pk
    assert back[unit("37", CODES[3]).pk] is None


def test_district_with_a_commune_of_unknown_fate_is_not_allocated(editions):
    UnitSuccession.objects.filter(from_unit=unit("13591")).delete()

    mapping = map_units(from_edition=editions[CODES[0]], to_edition=editions[CODES[1]])

    assert mapping[unit("13591").pk] is None
    assert mapping[unit("353").pk] is None
    assert mapping[unit("350").pk] == unit("350", CODES[1]).pk


def test_district_with_a_commune_from_nowhere_has_no_way_back(editions):
    # 13384 Quế is the only predecessor of the same code in 2020.
    UnitSuccession.objects.filter(to_unit=unit("13384", CODES[1])).delete()

    mapping = map_units(from_edition=editions[CODES[1]], to_edition=editions[CODES[0]])

    assert mapping[unit("350", CODES[1]).pk] is None
    assert mapping[unit("353", CODES[1]).pk] == unit("353").pk


@pytest.mark.parametrize(("start", "end"), [(CODES[0], CODES[3]), (CODES[3], CODES[0])])
def test_mapping_takes_two_queries(editions, django_assert_num_queries, start, end):
    with django_assert_num_queries(2):
        map_units(from_edition=editions[start], to_edition=editions[end])


@pytest.mark.django_db
def test_list_of_other_places_in_between_is_none_of_the_steps():
    """Two provinces may have lists of their own that take effect in turns."""
    first, other, last = (make_map(code) for code in ("2013-07-24", "2015-01-01", "2020-01-01"))
    before, after = unit("13384"), unit("13384", "2020-01-01")
    UnitSuccession.objects.create(from_unit=before, to_unit=after, extent="whole")
    atlas = Atlas()

    assert atlas.mapping(source=first.pk, target=last.pk)[before.pk] == after.pk
    assert atlas.mapping(source=last.pk, target=first.pk)[after.pk] == before.pk
    assert atlas.lies_within(after.pk, before.pk)
    for one, another in ((first, other), (other, last), (last, other), (other, first)):
        assert set(atlas.mapping(source=one.pk, target=another.pk).values()) == {None}
    assert not atlas.lies_within(before.pk, unit("13384", "2015-01-01").pk)
