"""A list of an edition that is wrong is told so at its row and cell."""

import pytest

from lms.geography.models import BoundaryEdition, UnitSuccession
from lms.importing.domain.confirming import ask_to_confirm
from tests.factories.boundaries import (
    NEW,
    commune,
    errors,
    new_rows,
    province,
    rehearse,
    spoilt,
    warnings,
)
from tests.factories.geography import unit
from tests.factories.importing import outcomes, write
from tests.reading import numbers
from tests.refusing import refused

# --- What is wrong, at its row and cell ------------------------------------------------


SPOILT = [
    (spoilt(3, above="399"), "13387", "parent_code", "unknown_parent"),
    (spoilt(3, above=""), "13387", "parent_code", "unknown_parent"),
    (spoilt(3, above="13384"), "13387", "parent_code", "wrong_level"),
    (spoilt(0, above="350"), "35", "parent_code", "above_province"),
    ([*new_rows(), province(code="37", name="Ninh Bình")], "35", "level", "one_province"),
    (spoilt(3, code=""), 5, "code", "empty"),
    (spoilt(3, level="Thôn"), "13387", "level", "unreadable"),
    (spoilt(3, level=""), "13387", "level", "empty"),
    (spoilt(3, name=""), "13387", "name", "empty"),
    (spoilt(3, kind="", level="Cấp xã"), "13387", "kind", "empty"),
    (spoilt(3, name="Ú" * 101), "13387", "name", "too_long"),
    (
        [*spoilt(4, name="L" * 90)[:5], commune("13591", "Đ" * 90, "353", whole="13591; 13588")],
        "13591",
        "name",
        "too_long",
    ),
    (spoilt(3, whole="13999"), "13387", "whole_from", "unknown_unit"),
    (spoilt(3, part="13591"), "13591", "whole_from", "transferred_whole"),
    (spoilt(3, part="13387"), "13387", "part_from", "repeated"),
    (spoilt(4, whole="353"), "353", "whole_from", "no_commune"),
    (spoilt(3, whole="xã cũ"), "13387", "whole_from", "unreadable"),
    (spoilt(0, communes="4"), "35", "communes", "wrong_count"),
    (spoilt(0, communes="ba"), "35", "communes", "unreadable"),
    (spoilt(0, districts=""), "35", "districts", "needed"),
    (spoilt(0, basis=""), "35", "legal_basis", "needed"),
    (spoilt(0, to="31/12/2019"), "35", "valid_to", "ends_too_early"),
    (spoilt(0, **{"from": "24/07/2013"}), "35", "valid_from", "not_newest"),
    (spoilt(3, edition="2025-01-01"), "13387", "edition", "other_edition"),
    (spoilt(0, edition="0" * 21), "35", "edition", "unreadable"),
    (spoilt(3, basis="Nghị quyết 830"), "13387", "legal_basis", "contradicts"),
    (spoilt(3, **{"from": "02/01/2020"}), "13387", "valid_from", "contradicts"),
]


@pytest.mark.parametrize(("rows", "code", "cell", "reason"), SPOILT)
def test_error_stands_at_its_row_and_cell_and_nothing_can_be_written(
    administrator, rows, code, cell, reason
):
    batch = rehearse(*rows, by=administrator)

    assert reason in errors(batch)[code][cell], errors(batch)
    assert refused(ask_to_confirm, batch=batch) in ("not_whole", "nothing_to_write")
    assert BoundaryEdition.objects.count() == 1


def test_code_that_stands_twice_is_told_at_the_second_row(administrator):
    batch = rehearse(*spoilt(3, code="13384"), by=administrator)

    assert outcomes(batch) == ["new", "new", "new", "error", "new", "new"]
    wrong = batch.rows.exclude(errors={}).get()
    assert wrong.number == 5
    assert wrong.error_codes == {"code": ["repeated"]}
    assert numbers(*wrong.errors["code"]) == [13384, 4]


def test_half_an_edition_is_no_edition(administrator):
    batch = rehearse(*new_rows()[:3], by=administrator)

    assert errors(batch) == {"35": {"districts": ["wrong_count"], "communes": ["wrong_count"]}}
    told = batch.rows.get(cells__code="35").errors
    assert (numbers(*told["districts"]), numbers(*told["communes"])) == ([2, 1], [3, 1])
    (left,) = warnings(batch)["35"]["edition"]
    assert numbers(left) == [3, 13387, 13588, 13591]


def test_list_without_its_province_is_refused(administrator):
    _province, *rows = new_rows()
    rows[0] |= {"from": "01/01/2020", "basis": "NQ", "districts": "2", "communes": "3"}

    batch = rehearse(*rows, by=administrator)

    above = {"parent_code": ["unknown_parent"]}
    one = {"level": ["one_province"]}
    assert errors(batch) == {"350": above | one, "353": above}


def test_former_units_need_an_edition_before(root):
    batch = rehearse(*new_rows(), by=root)

    assert errors(batch)["13384"] == {"whole_from": ["no_edition_before"]}


def test_list_that_names_no_edition_is_refused(administrator):
    batch = rehearse(*new_rows(), by=administrator, edition="")

    assert errors(batch)["35"]["edition"] == ["edition_missing"]


def test_edition_whose_code_is_no_day_needs_its_first_day(administrator):
    rows = new_rows()
    del rows[0]["from"]

    batch = rehearse(*rows, by=administrator, edition="NQ-829")

    assert errors(batch) == {"35": {"valid_from": ["needed"]}}


def test_commune_without_a_former_unit_can_be_written_and_is_pointed_out(administrator):
    rows = spoilt(3, whole="")

    batch = write(rehearse(*rows, by=administrator))

    assert list(warnings(batch)["13387"]) == ["whole_from"]
    assert not unit("13387", NEW).predecessors.exists()


def test_commune_that_was_split_is_written_in_parts(administrator):
    rows = new_rows()
    rows[3] |= {"whole": "13387", "part": "13591"}
    rows[5] |= {"whole": "13588", "part": "13591"}

    write(rehearse(*rows, by=administrator))

    parts = UnitSuccession.objects.filter(extent="part")
    assert sorted(parts.values_list("from_unit__code", "to_unit__code")) == [
        ("13591", "13387"),
        ("13591", "13591"),
    ]
