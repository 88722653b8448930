"""Communes and titles that nobody can look up: asked once a spelling, remembered for the sender."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lms.accounts.enums import NO_CADRE, Cadre, SpellingKind
from lms.accounts.models import Posting
from lms.geography.models import AdministrativeUnit
from lms.importing.domain.confirming import confirm
from lms.importing.domain.rehearsing import ask_again, rehearse
from lms.importing.domain.spellings import answer, choices
from lms.importing.models import RememberedSpelling
from lms.importing.personal_data import PERSONAL_DATA
from tests.factories.geography import make_map, unit
from tests.factories.importing import outcomes, rehearsed, sheet, write
from tests.factories.rows import set_fields
from tests.refusing import raises_refusal

HEADER = ("Họ và tên", "Năm sinh", "Xã", "Chức danh")
UNIT, DISTRICT, CADRE = SpellingKind.UNIT, SpellingKind.DISTRICT, SpellingKind.CADRE


def people(*places_and_titles):
    names = ("Lê Thị Mới", "Lê Thị Hai", "Lê Thị Ba", "Lê Thị Tư")
    return [(name, "1980", *told) for name, told in zip(names, places_and_titles, strict=False)]


def taken_in(*rows, by, header=HEADER, sender=""):
    return rehearsed(sheet(*rows, header=header), by=by, sender=sender)


def asked(batch):
    return [(one["kind"], one["text"], one["rows"]) for one in batch.spellings]


def told(batch, meanings):
    answer(batch=batch, meanings=meanings)
    rehearse(batch_id=batch.pk)
    batch.refresh_from_db()
    return batch


def test_each_spelling_is_asked_once_with_the_number_of_its_rows(coordinator):
    rows = people(
        ("Thị trấn Quê mới", "CTV"), ("thi tran que MOI", "Trưởng xóm"), ("Quế", "Hội LHPN")
    )
    batch = taken_in(*rows, ("Lê Thị Tư", "1980", "Quế", "CTV"), by=coordinator)

    assert outcomes(batch) == ["error"] * 3 + ["new"]
    assert asked(batch) == [
        (UNIT, "Thị trấn Quê mới", 2),
        (CADRE, "Trưởng xóm", 1),
        (CADRE, "Hội LHPN", 1),
    ]


def test_answer_counts_for_all_rows_with_the_spelling_and_is_told_in_each(coordinator):
    batch = taken_in(*people(("Quê mới", "Hội LHPN"), ("QUÊ MỚI", "hội lhpn")), by=coordinator)

    told(batch, {(UNIT, "Quê mới"): "13384", (CADRE, "Hội LHPN"): Cadre.COLLABORATOR.value})

    assert (outcomes(batch), batch.spellings) == (["new", "new"], [])
    assert all({"unit", "cadre"} <= row.notes.keys() for row in batch.rows.all())
    write(batch)
    assert set(Posting.objects.values_list("unit__code", "cadre")) == {("13384", "collaborator")}


def test_answer_is_remembered_for_the_sender_and_for_nobody_else(coordinator, make_official):
    first = taken_in(*people(("Quê mới", "CTV")), by=coordinator, sender="UBND xã Quế")
    told(first, {(UNIT, "Quê mới"): "13384"})

    again = taken_in(*people(("Quê  mới", "CTV")), by=coordinator, sender="ubnd xa que")
    other = taken_in(*people(("Quê mới", "CTV")), by=coordinator, sender="UBND xã khác")
    colleague = make_official("coordinator", "350")
    theirs = taken_in(*people(("Quê mới", "CTV")), by=colleague, sender="UBND xã Quế")

    assert [outcomes(one) for one in (again, other, theirs)] == [["new"], ["error"], ["error"]]


def test_later_answer_takes_the_place_of_the_earlier(coordinator):
    batch = taken_in(*people(("Quê mới", "CTV")), by=coordinator)
    told(batch, {(UNIT, "Quê mới"): "13384"})
    told(batch, {(UNIT, "Quê mới"): "13387"})

    assert RememberedSpelling.objects.get().meaning == "13387"
    write(batch)
    assert Posting.objects.get().unit == unit("13387")


def test_unit_that_the_map_of_the_list_lacks_is_asked_for_again(coordinator):
    batch = taken_in(*people(("Quê mới", "CTV")), by=coordinator)
    told(batch, {(UNIT, "Quê mới"): "13384"})
    make_map("2025-07-01")
    AdministrativeUnit.objects.filter(edition__code="2025-07-01", code="13384").delete()
    batch.edition = unit("350", "2025-07-01").edition
    batch.save()

    ask_again(batch=batch)
    rehearse(batch_id=batch.pk)
    batch.refresh_from_db()

    assert asked(batch) == [(UNIT, "Quê mới", 1)]


def test_answer_that_has_changed_since_the_rehearsal_stops_the_writing(coordinator):
    batch = taken_in(*people(("Quê mới", "CTV")), by=coordinator)
    told(batch, {(UNIT, "Quê mới"): "13384"})
    RememberedSpelling.objects.update(meaning="13387")
    batch.state = "confirming"
    batch.save()

    assert not confirm(batch_id=batch.pk)
    assert not Posting.objects.filter(user__full_name="Lê Thị Mới").exists()


def test_title_may_say_nothing_of_the_cadre(coordinator, make_person):
    person = make_person("Lê Thị Mới", year_of_birth=1980)
    batch = taken_in(
        (person.full_name, "1980", "Quế", "Bí thư"),
        ("Lê Thị Hai", "1981", "Quế", "Bí thư"),
        by=coordinator,
    )

    told(batch, {(CADRE, "Bí thư"): NO_CADRE})

    assert outcomes(batch) == ["same", "error"]


def test_district_is_asked_for_before_the_commune(coordinator):
    header = ("Họ và tên", "Năm sinh", "Huyện", "Xã", "Chức danh")
    rows = [("Lê Thị Mới", "1980", "Kim Bãng 2", "Quê mới", "CTV")]
    batch = taken_in(*rows, header=header, by=coordinator)
    assert asked(batch) == [(DISTRICT, "Kim Bãng 2", 1)]

    told(batch, {(DISTRICT, "Kim Bãng 2"): "350"})
    assert asked(batch) == [(UNIT, "Quê mới, huyện Kim Bảng", 1)]

    told(batch, {(UNIT, "Quê mới, huyện Kim Bảng"): "13384"})
    assert outcomes(batch) == ["new"]


def test_name_that_two_communes_have_is_asked_once(administrator):
    set_fields(unit("13588"), name="Quế", display_name="xã Quế, huyện Lý Nhân")
    batch = taken_in(*people(("Quế", "CTV"), ("Quế", "CTV")), by=administrator)
    assert asked(batch) == [(UNIT, "Quế", 2)]

    told(batch, {(UNIT, "Quế"): "13588"})

    assert outcomes(batch) == ["new", "new"]


def test_titles_in_a_list_of_changes_are_asked_too(coordinator, make_person):
    person = make_person()
    header = ("Mã cán bộ", "Đơn vị mới", "Chức danh", "Từ ngày")
    batch = rehearsed(
        sheet((person.staff_code, "Nguyễn Úy", "Trưởng xóm", "01/09/2014"), header=header),
        by=coordinator,
        kind="postings",
    )
    assert asked(batch) == [(CADRE, "Trưởng xóm", 1)]


def test_only_what_the_sender_may_see_is_an_answer(coordinator):
    batch = taken_in(*people(("Quê mới", "CTV")), by=coordinator)

    for meanings, code in (
        ({}, "no_answer"),
        ({(UNIT, "Quê mới"): "13588"}, "not_a_choice"),
        ({(CADRE, "Hội"): "chief"}, "not_a_choice"),
        ({(DISTRICT, "Kim"): "13384"}, "not_a_choice"),
    ):
        with raises_refusal(code):
            answer(batch=batch, meanings=meanings)
    assert not RememberedSpelling.objects.exists()


def test_list_that_has_gone_on_takes_no_answer_and_one_whose_app_has_gone_has_no_choices(
    coordinator,
):
    batch = write(taken_in(*people(("Quế", "CTV")), by=coordinator))
    with raises_refusal("not_open"):
        answer(batch=batch, meanings={(UNIT, "Quê mới"): "13384"})
    assert not RememberedSpelling.objects.exists()
    assert {code for code, _name in choices(batch=batch, kind=UNIT)} == {"350", "13384", "13387"}

    batch.kind = "gone"
    assert choices(batch=batch, kind=UNIT) == []


def test_column_of_the_wrong_things_is_not_asked_for_ever(coordinator):
    rows = [("Lê Thị Mới", "1980", f"chỗ lạ {number}", "CTV") for number in range(230)]
    rows.append(("Lê Thị Hai", "1980", "x" * 151, "CTV"))
    batch = taken_in(*rows, by=coordinator)

    assert len(batch.spellings) == 200


@pytest.mark.parametrize(
    ("cells", "column"), [("Hội LHPN,Trưởng xóm", 3), (",Trưởng xóm", 4), ("Hội LHPN,CTV", 4)]
)
def test_of_two_columns_of_titles_the_one_that_can_be_read_is_suggested(coordinator, cells, column):
    text = f"Họ và tên,Năm sinh,Xã,Chức vụ,Chức danh\nLê Thị Mới,1980,Quế,{cells}\n"
    batch = rehearsed(SimpleUploadedFile("a.csv", text.encode()), by=coordinator)

    assert batch.choices["columns"]["cadre"] == column


def test_spelling_of_the_list_title_is_not_asked(coordinator):
    text = "DANH SÁCH CỘNG TÁC VIÊN,,,\nHọ và tên,Năm sinh,Xã,Chức vụ\nLê Thị Mới,1980,Quế,Trưởng xóm\n"
    batch = rehearsed(SimpleUploadedFile("a.csv", text.encode()), by=coordinator)

    assert (outcomes(batch), batch.spellings) == (["new"], [])


def test_spelling_that_no_list_had_for_a_year_is_due(coordinator):
    batch = taken_in(*people(("Quê mới", "CTV")), by=coordinator)
    told(batch, {(UNIT, "Quê mới"): "13384"})
    long_ago = timezone.now() - timedelta(days=400)
    RememberedSpelling.objects.update(used_at=long_ago)
    rule = next(
        one for data in PERSONAL_DATA for one in data.keep if one.key == "remembered_spellings"
    )
    assert rule.due(timezone.now() - timedelta(days=365)).count() == 1

    ask_again(batch=batch)
    rehearse(batch_id=batch.pk)

    assert not rule.due(timezone.now() - timedelta(days=365)).exists()
