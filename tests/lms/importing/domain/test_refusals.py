"""What is refused on the way, each with its code or sentence."""

from django.utils import timezone

from lms.accounts.enums import Role
from lms.geography.domain.finding import UnitIndex
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

    assert refused(upload, sheet(NEW), by=coordinator) == "too_big"
    assert not ImportBatch.objects.exists()


def test_one_column_cannot_mean_two_things(coordinator):
    batch = upload(sheet(NEW), by=coordinator)
    kind, opened = import_kinds.get("people"), open_file(batch=batch)

    with raises_refusal("column_twice"):
        choose(batch=batch, kind=kind, opened=opened, columns={"full_name": 1, "staff_code": 1})


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


def test_post_moves_neither_unasked_of_several_nor_on_its_first_day_nor_from_elsewhere(
    coordinator, make_person
):
    several, today, elsewhere = (make_person(f"Trần Văn {name}") for name in ("An", "Bé", "Du"))
    PostingFactory(user=several, unit=unit("13387"))
    today.postings.update(valid_from=timezone.localdate())
    elsewhere.postings.update(valid_to=timezone.localdate())
    PostingFactory(user=elsewhere, unit=unit("13591"))
    moves = ((several, "", "Cán bộ cấp huyện"), (today, "Nguyễn Úy", ""), (elsewhere, "Quế", ""))
    rows = [(one.staff_code, one.full_name, "", "", "", to, cadre) for one, to, cadre in moves]

    first, second, third = rehearsed(sheet(*rows), by=coordinator).rows.order_by("number")

    assert list(first.errors) == ["unit"]
    assert second.error_codes == {"unit": ["too_early"]}
    assert third.error_codes == {"unit": ["post_out_of_area"]}
    assert "Đức Lý" not in str((third.changes, third.errors))


def test_unknown_cadre_and_address_are_told(coordinator):
    header = (*HEADER, "Email")
    row = (*NEW[:-1], "Phi hành gia", "khong-phai-thu")

    told = rehearsed(sheet(row, header=header), by=coordinator).rows.get()

    assert (set(told.errors), set(told.warnings)) == ({"cadre"}, {"email"})


def test_place_of_two_communes_asks_for_the_district(edition):
    namesake = unit("13588")
    set_fields(namesake, name="Quế")
    index = UnitIndex(edition.pk)

    with raises_refusal("unit_ambiguous"):
        index.find("Quế")

    assert index.find("Quế", within=index.find("Lý Nhân")).pk == namesake.pk


def test_list_is_rehearsed_again_when_asked_once_its_columns_were_named(coordinator):
    unnamed = upload(sheet(NEW), by=coordinator)
    assert refused(ask_again, batch=unnamed) == "columns_not_named"
    assert unnamed.state == "uploaded"

    batch = rehearsed(sheet(NEW), by=coordinator)
    assert ask_again(batch=batch).state == "rehearsing"
    assert rehearse(batch_id=batch.pk)

    batch.refresh_from_db()
    assert batch.state == "rehearsed"
