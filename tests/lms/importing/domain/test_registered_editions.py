"""A list corrects an edition that is registered: names and days, nothing else."""

from datetime import date

import pytest

from lms.core.take_back import DELETED_SINCE
from lms.geography.domain.files import SHIPPED
from lms.geography.domain.loading import load_boundaries
from lms.geography.domain.take_back import CHANGED_SINCE
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.importing.domain.confirming import ask_to_confirm, confirm
from tests.factories.accounts import browse
from tests.factories.boundaries import (
    NEW,
    commune,
    district,
    errors,
    everything,
    new_rows,
    province,
    rehearse,
    spoilt,
    warnings,
)
from tests.factories.geography import unit
from tests.factories.importing import outcomes, take_back, write
from tests.factories.rows import set_fields
from tests.reading import numbers

# --- An edition that is registered -----------------------------------------------------

OLD = "2013-07-24"


def test_corrected_name_is_written_with_all_that_shows_it_and_comes_back(administrator):
    rows = [district("353", "Lý Nhơn"), commune("13591", "Đức Lí", "353")]
    before = everything()
    batch = rehearse(*rows, by=administrator, edition=OLD)

    assert [row.changes for row in batch.rows.all()] == [
        [["name", "Lý Nhân", "Lý Nhơn"]],
        [["name", "Đức Lý", "Đức Lí"]],
    ]
    write(batch)
    assert unit("13591").display_name == "xã Đức Lí, huyện Lý Nhơn"
    assert unit("13588").display_name == "xã Bắc Lý, huyện Lý Nhơn"
    assert unit("13588").search_text == "xa bac ly, huyen ly nhon"

    assert take_back(batch) == set()
    assert everything() == before
    assert set(AdministrativeUnit.objects.values_list("first_name", flat=True)) == {""}


def test_name_that_was_corrected_again_stays_when_the_first_list_is_undone(administrator):
    first = write(
        rehearse(
            commune("13591", "Đức Lí", "353"),
            commune("13588", "Bắc Lí", "353"),
            by=administrator,
            edition=OLD,
        )
    )
    write(rehearse(commune("13591", "Đức Lỳ", "353"), by=administrator, edition=OLD))

    assert take_back(first) == {CHANGED_SINCE}
    assert (unit("13591").name, unit("13588").name) == ("Đức Lỳ", "Bắc Lý")
    assert unit("13591").first_name == "xã Đức Lý"


def test_undo_of_a_correction_says_when_the_unit_has_gone(administrator):
    batch = write(rehearse(commune("13588", "Bắc Lí", "353"), by=administrator, edition=OLD))
    AdministrativeUnit._base_manager.filter(code="13588").delete()

    assert take_back(batch) == {DELETED_SINCE}


def test_last_day_and_legal_basis_are_filled_in_and_come_back(administrator):
    rows = [province(**{"from": "", "to": "31/12/2019", "districts": "", "communes": ""})]
    edition = BoundaryEdition.objects.get(code=OLD)
    batch = write(rehearse(*rows, by=administrator, edition=OLD))

    edition.refresh_from_db()
    assert (edition.valid_to, edition.legal_basis) == (date(2019, 12, 31), "Nghị quyết 829")

    set_fields(edition, legal_basis="Nghị quyết khác")
    assert take_back(batch) == {CHANGED_SINCE}
    edition.refresh_from_db()
    assert (edition.valid_to, edition.legal_basis) == (None, "Nghị quyết khác")


def test_corrected_name_of_the_province_is_that_of_the_edition(administrator):
    rows = [province(name="Hà Nam Ninh", basis="", districts="", communes="", **{"from": ""})]
    batch = write(rehearse(*rows, by=administrator, edition=OLD))

    assert BoundaryEdition.objects.get(code=OLD).province_name == "Hà Nam Ninh"
    take_back(batch)
    assert BoundaryEdition.objects.get(code=OLD).province_name == "Hà Nam"


def test_units_that_the_list_leaves_out_stay_and_are_told(administrator):
    before = everything()

    batch = rehearse(commune("13591", "Đức Lý", "353"), by=administrator, edition=OLD)

    assert outcomes(batch) == ["same"]
    (left,) = warnings(batch)["13591"]["edition"]
    assert numbers(left) == [6, 13384, 13387, 13588, 35, 350]
    assert everything() == before


def test_empty_cells_of_a_registered_unit_say_nothing(administrator):
    batch = rehearse({"level": "", "code": "13591", "name": ""}, by=administrator, edition=OLD)

    assert outcomes(batch) == ["same"]


REGISTERED = [
    (commune("13591", "Đức Lý", "350"), "code", "other_unit"),
    (district("13591", "Đức Lý", above="353"), "code", "other_unit"),
    (commune("13600", "Mới", "353"), "code", "unknown_unit"),
    (commune("", "Mới", "353"), "code", "empty"),
    (commune("13591", "Đức Lý", "353", whole="13588"), "whole_from", "other_succession"),
    (commune("13591", "Đức Lý", "353", **{"from": "25/07/2013"}), "valid_from", "other_first_day"),
    (commune("13591", "Đức Lý", "353", communes="5"), "communes", "wrong_count"),
    (commune("13591", "Đ" * 101, "353"), "name", "too_long"),
]


@pytest.mark.parametrize(("row", "cell", "reason"), REGISTERED)
def test_registered_edition_keeps_its_units_and_what_they_were_made_of(
    administrator, row, cell, reason
):
    batch = rehearse(row, by=administrator, edition=OLD)

    assert batch.rows.get().error_codes == {cell: [reason]}


def test_loader_keeps_a_corrected_name(root, tmp_path):
    load_boundaries(folder=SHIPPED)
    write(rehearse(commune("13591", "Đức Lí", "353"), by=root, edition=OLD))

    assert load_boundaries(folder=SHIPPED).units_added == 0
    assert unit("13591").name == "Đức Lí"


# --- Who may, and how much it asks -----------------------------------------------------


def test_right_that_was_withdrawn_since_stops_the_writing(administrator):
    batch = rehearse(*new_rows(), by=administrator)
    administrator.role_assignments.all().delete()
    ask_to_confirm(batch=batch)

    assert not confirm(batch_id=batch.pk)

    batch.refresh_from_db()
    assert set(outcomes(batch)) == {"error"}
    assert errors(batch)["35"]["edition"] == ["not_administrator"]
    assert not BoundaryEdition.objects.filter(code=NEW).exists()


def test_same_edition_written_meanwhile_is_rehearsed_again(administrator):
    first, second = (rehearse(*new_rows(), by=administrator) for _number in range(2))
    write(first)
    ask_to_confirm(batch=second)

    assert not confirm(batch_id=second.pk)

    second.refresh_from_db()
    assert outcomes(second) == ["same"] * 6


@pytest.mark.parametrize("count", [1, 3])
def test_rehearsal_asks_the_same_queries_for_any_number_of_rows(
    administrator, django_assert_num_queries, count
):
    from lms.geography.resources import BoundaryResource
    from lms.importing.domain.planning import as_sheet_row

    batch = rehearse(*new_rows()[:count], by=administrator)
    rows = [as_sheet_row(row) for row in batch.rows.all()]
    resource = BoundaryResource(by=batch.by, day=date(2026, 1, 1), edition_id=None)
    assert resource.by.scope.administers_province

    with django_assert_num_queries(2):
        resource.plan(rows)


def test_row_of_a_whole_list_is_no_choice_among_people(administrator):
    batch = rehearse(*spoilt(3, whole="13999"), by=administrator)
    row = batch.rows.get(number=5)
    before = batch.rows.values().get(number=5)

    browse(administrator).post(f"/quan-tri/imports/{batch.pk}/rows/{row.pk}/who/", {"who": ""})

    assert batch.rows.values().get(number=5) == before
