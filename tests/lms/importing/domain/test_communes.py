"""Lists as communes keep them: no staff codes, titles for cadres, numbers of old, days of posts."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from lms.accounts.models import User
from lms.importing.domain.undoing import ask_to_undo, undo
from tests.factories.geography import unit
from tests.factories.importing import outcomes, rehearsed, sheet, write
from tests.reading import numbers

HEADER = ("STT", "Họ và tên", "Năm sinh", "Chức danh", "Số điện thoại", "Xã", "Từ ngày")


def row(name="Lê Thị Mới", year="1980", title="Cộng tác viên", phone="", since=""):
    return ("1", name, year, title, phone, "Quế", since)


def communal(*rows, by):
    return rehearsed(sheet(*rows, header=HEADER), by=by)


def test_person_without_a_staff_code_is_new_and_is_told_to_get_one(coordinator):
    batch = communal(row(), by=coordinator)

    told = batch.rows.get()
    assert (told.outcome, told.errors, told.warnings) == ("new", {}, {})
    assert list(told.notes) == ["staff_code"]


def test_codes_are_given_at_the_writing_and_taken_back_with_it(coordinator):
    batch = communal(row(), row("Trần Văn Hai"), by=coordinator)
    write(batch)
    codes = User.objects.filter(staff_code__startswith="CB").order_by("staff_code")
    assert list(codes.values_list("staff_code", "full_name")) == [
        ("CB13384-001", "Lê Thị Mới"),
        ("CB13384-002", "Trần Văn Hai"),
    ]

    ask_to_undo(batch=batch, by=coordinator, at=timezone.now())
    undo(batch_id=batch.pk)

    assert not codes.exists()
    write(communal(row(), by=coordinator))
    assert User.objects.get(full_name="Lê Thị Mới").staff_code == "CB13384-003"


def test_list_without_codes_comes_back_as_same(coordinator):
    write(communal(row(), by=coordinator))

    assert outcomes(communal(row(), by=coordinator)) == ["same"]


def test_without_a_year_nobody_new_gets_a_code(coordinator):
    errors = communal(row(year=""), by=coordinator).rows.get().error_codes

    assert errors == {"year_of_birth": ["missing"]}


def test_same_person_twice_without_a_code_is_a_question(coordinator):
    batch = communal(row(), row("lê thị mới"), by=coordinator)

    assert outcomes(batch) == ["new", "twin"]


@pytest.mark.parametrize(
    ("title", "cadre"),
    [
        ("Cộng tác viên", "collaborator"),
        ("Công chức Văn hóa - Xã hội", "commune_officer"),
        ("Cán bộ phụ trách công tác trẻ em", "commune_officer"),
        ("Tình nguyện viên", "collaborator"),
    ],
)
def test_title_is_taken_for_the_cadre_where_it_is_one(coordinator, title, cadre):
    batch = communal(row(title=title), by=coordinator)

    assert batch.choices["columns"]["cadre"] == 3
    write(batch)
    assert User.objects.get(full_name="Lê Thị Mới").postings.get().cadre == cadre


def test_title_that_is_no_cadre_is_suggested_and_asked_about(coordinator):
    batch = communal(row(title="Chủ tịch UBND"), row("B", title="Phó Chủ tịch"), by=coordinator)

    assert "cadre" in batch.choices["columns"]
    assert [one["text"] for one in batch.spellings] == ["Chủ tịch UBND", "Phó Chủ tịch"]


@pytest.mark.parametrize("old", ["0168 123 4567", "0351 3 852 222"])
def test_number_of_old_is_kept_as_it_came_with_a_warning(coordinator, old):
    batch = communal(row(phone=old), by=coordinator)
    told = batch.rows.get()
    assert (told.outcome, list(told.warnings)) == ("new", ["phone"])
    assert told.warnings["phone"][0].endswith(f"“{old}”.")

    write(batch)

    person = User.objects.get(full_name="Lê Thị Mới")
    assert (person.phone, person.phone_raw) == (None, old)
    assert outcomes(communal(row(phone=old), by=coordinator)) == ["same"]


def test_number_that_never_was_right_is_kept_as_it_came(coordinator):
    write(communal(row(phone="123"), by=coordinator))

    person = User.objects.get(full_name="Lê Thị Mới")
    assert (person.phone, person.phone_raw) == (None, "123")


@pytest.mark.parametrize("since", ["01/02/2014", "2014-02-01", "ngày 1 tháng 2 năm 2014"])
def test_post_begins_on_the_day_of_the_list(coordinator, since):
    write(communal(row(since=since), by=coordinator))

    post = User.objects.get(full_name="Lê Thị Mới").postings.get()
    assert post.valid_from == date(2014, 2, 1)


def test_move_on_a_day_of_the_past_ends_the_old_post_the_day_before(coordinator, make_person):
    person = make_person("Lê Thị Mới", code="13387", year_of_birth=1980)
    header = ("Mã cán bộ", "Họ và tên", "Xã", "Từ ngày")
    batch = rehearsed(
        sheet((person.staff_code, "Lê Thị Mới", "Quế", "01/06/2014"), header=header),
        by=coordinator,
    )
    assert ["since", "01/01/2014", "01/06/2014"] in batch.rows.get().changes
    write(batch)

    posts = person.postings.order_by("valid_from").values_list("unit", "valid_from", "valid_to")
    assert list(posts) == [
        (unit("13387").pk, date(2014, 1, 1), date(2014, 5, 31)),
        (unit("13384").pk, date(2014, 6, 1), None),
    ]


def test_day_of_a_post_that_is_held_is_not_overwritten(coordinator, make_person):
    make_person("Lê Thị Mới", year_of_birth=1980)

    told = communal(row(since="01/02/2014"), by=coordinator).rows.get()

    assert (told.outcome, told.changes) == ("same", [])
    [warning] = told.warnings.pop("since")
    assert (numbers(warning), told.warnings) == ([1, 1, 2014], {})


def test_post_cannot_begin_tomorrow_nor_while_it_was_held_before(administrator, make_person):
    tomorrow = f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"
    person = make_person("Trần Văn Hai", year_of_birth=1980, sex="female")
    person.postings.update(valid_to=date(2014, 5, 31))
    header = ("Mã cán bộ", "Họ và tên", "Năm sinh", "Đối tượng", "Xã", "Từ ngày")
    rows = [
        ("KB-1", "Lê Thị Mới", "1980", "CTV", "Quế", tomorrow),
        (person.staff_code, "Trần Văn Hai", "1980", "CTV", "Quế", "31/05/2014"),
    ]
    batch = rehearsed(sheet(*rows, header=header), by=administrator)

    assert [one.error_codes for one in batch.rows.all()] == [
        {"since": ["future"]},
        {"since": ["overlaps"]},
    ]
