"""What is refused on the way, each with its code or sentence."""

import pytest
from django.utils import timezone

from lms.accounts.enums import Role
from lms.core.refusal import Refusal
from lms.geography.domain.finding import UnitIndex
from lms.geography.models import BoundaryEdition
from lms.importing.domain import uploading
from lms.importing.domain.choose_candidate import choose as choose_person
from lms.importing.domain.mapping import choose
from lms.importing.domain.planning import kind_of
from lms.importing.domain.rehearsing import ask_again, rehearse
from lms.importing.domain.sheets import open_file
from lms.importing.extensions import import_kinds
from lms.importing.models import ImportBatch
from tests.factories.accounts import PostingFactory
from tests.factories.geography import unit
from tests.factories.importing import HEADER, rehearsed, sheet, upload
from tests.factories.rows import set_fields
from tests.refusing import raises_refusal, refused

NEW = ("KB-9001", "Lê Thị Mới", "1980", "Nữ", "", "Quế", "CTV")


def test_trainer_may_not_import_people(make_official):
    with raises_refusal("kind_not_open"):
        upload(sheet(NEW), by=make_official(Role.TRAINER, "350"))


def test_file_that_is_too_big_is_refused_before_it_is_kept(coordinator, monkeypatch):
    monkeypatch.setattr(uploading, "MAX_BYTES", 10)

    with pytest.raises(Refusal) as refused:
        upload(sheet(NEW), by=coordinator)

    assert (refused.value.code, ImportBatch.objects.count()) == ("too_big", 0)


def test_one_column_cannot_mean_two_things(coordinator):
    batch = upload(sheet(NEW), by=coordinator)

    with raises_refusal("column_twice"):
        choose(
            batch=batch,
            kind=import_kinds.get("people"),
            opened=open_file(batch=batch),
            columns={"full_name": 1, "staff_code": 1},
        )


def test_list_of_a_kind_that_is_gone_stops_with_a_notice(coordinator):
    batch = rehearsed(sheet(NEW), by=coordinator)
    ImportBatch.objects.filter(pk=batch.pk).update(kind="gone", state="rehearsing")

    rehearse(batch_id=batch.pk)

    batch.refresh_from_db()
    assert refused(kind_of, batch) == "kind_gone"
    assert (batch.state, batch.notice != "") == ("failed", True)


def test_nobody_is_chosen_once_the_list_is_being_written(coordinator):
    batch = rehearsed(sheet(NEW), by=coordinator)
    ImportBatch.objects.filter(pk=batch.pk).update(state="confirming")

    with raises_refusal("not_open"):
        choose_person(row=batch.rows.get(), choice=0)


def test_move_on_the_day_of_the_last_one_is_refused(coordinator, make_person):
    person = make_person()
    person.postings.update(valid_from=timezone.localdate())
    row = (person.staff_code, person.full_name, "", "", "", "Nguyễn Úy", "")

    errors = rehearsed(sheet(row), by=coordinator).rows.get().error_codes

    assert errors == {"unit": ["too_early"]}


def test_which_of_several_posts_moves_is_for_a_person_to_say(coordinator, make_person):
    person = make_person()
    PostingFactory(user=person, unit=unit("13387"))
    row = (person.staff_code, person.full_name, "", "", "", "", "Cán bộ cấp huyện")

    errors = rehearsed(sheet(row), by=coordinator).rows.get().errors

    assert list(errors) == ["unit"]


def test_person_with_a_post_elsewhere_is_not_taken_over(coordinator, make_person):
    person = make_person()
    person.postings.update(valid_to=timezone.localdate())
    PostingFactory(user=person, unit=unit("13591"))
    row = (person.staff_code, person.full_name, "", "", "", "Quế", "")

    told = rehearsed(sheet(row), by=coordinator).rows.get()

    assert told.error_codes == {"unit": ["post_out_of_area"]}
    assert "Đức Lý" not in str((told.changes, told.errors))


def test_unknown_cadre_and_address_are_told(coordinator):
    header = (*HEADER, "Email")
    row = (*NEW[:-1], "Phi hành gia", "khong-phai-thu")

    told = rehearsed(sheet(row, header=header), by=coordinator).rows.get()

    assert (set(told.errors), set(told.warnings)) == ({"cadre"}, {"email"})


@pytest.mark.parametrize("text", ["13384", "Quế", "quế", "Thị trấn Quế", "TT. Quế", "tt Que"])
def test_commune_is_found_as_people_write_it(edition, text):
    found = UnitIndex(BoundaryEdition.objects.get().pk).find(text)

    assert found.pk == unit("13384").pk


def test_place_of_two_communes_asks_for_the_district(edition):
    namesake = unit("13588")
    set_fields(namesake, name="Quế")
    index = UnitIndex(edition.pk)

    with raises_refusal("unit_ambiguous"):
        index.find("Quế")

    assert index.find("Quế", within=index.find("Lý Nhân")).pk == namesake.pk


def test_list_whose_columns_were_never_named_is_not_rehearsed_again(coordinator):
    batch = upload(sheet(NEW), by=coordinator)

    with pytest.raises(Refusal) as refused:
        ask_again(batch=batch)

    assert (refused.value.code, batch.state) == ("columns_not_named", "uploaded")


def test_list_with_columns_is_rehearsed_again_when_asked(coordinator):
    batch = rehearsed(sheet(NEW), by=coordinator)

    assert ask_again(batch=batch).state == "rehearsing"
    assert rehearse(batch_id=batch.pk)

    batch.refresh_from_db()
    assert batch.state == "rehearsed"
