"""Lists as communes keep them: no staff codes, titles for cadres, numbers of old, days of posts."""

from datetime import date, timedelta

from django.utils import timezone

from lms.accounts.models import Posting, User
from tests.factories.geography import unit
from tests.factories.importing import outcomes, rehearsed, sheet, take_back, write
from tests.reading import numbers

HEADER = ("STT", "Họ và tên", "Năm sinh", "Chức danh", "Số điện thoại", "Xã", "Từ ngày")


NAMES = ("Lê Thị An", "Trần Văn Bé", "Vũ Thị Cúc", "Hồ Văn Du")


def row(name="Lê Thị Mới", year="1980", title="Cộng tác viên", phone="", since=""):
    return ("1", name, year, title, phone, "Quế", since)


def communal(*rows, by):
    return rehearsed(sheet(*rows, header=HEADER), by=by)


def test_person_without_a_staff_code_is_new_is_told_to_get_one_and_comes_back_as_same(coordinator):
    batch = communal(row(), by=coordinator)

    told = batch.rows.get()
    assert (told.outcome, told.errors, told.warnings) == ("new", {}, {})
    assert list(told.notes) == ["staff_code"]
    write(batch)
    assert outcomes(communal(row(), by=coordinator)) == ["same"]


def test_codes_are_given_at_the_writing_and_taken_back_with_it(coordinator):
    batch = communal(row(), row("Trần Văn Hai"), by=coordinator)
    write(batch)
    codes = User.objects.filter(staff_code__startswith="CB").order_by("staff_code")
    assert list(codes.values_list("staff_code", "full_name")) == [
        ("CB13384-001", "Lê Thị Mới"),
        ("CB13384-002", "Trần Văn Hai"),
    ]

    take_back(batch)

    assert not codes.exists()
    write(communal(row(), by=coordinator))
    assert User.objects.get(full_name="Lê Thị Mới").staff_code == "CB13384-003"


def test_without_a_year_nobody_new_gets_a_code(coordinator):
    errors = communal(row(year=""), by=coordinator).rows.get().error_codes

    assert errors == {"year_of_birth": ["missing"]}


def test_same_person_twice_without_a_code_is_a_question(coordinator):
    batch = communal(row(), row("lê thị mới"), by=coordinator)

    assert outcomes(batch) == ["new", "twin"]


def test_title_is_taken_for_the_cadre_where_it_is_one(coordinator):
    meant = {
        "Cộng tác viên": "collaborator",
        "Công chức Văn hóa - Xã hội": "commune_officer",
        "Cán bộ phụ trách công tác trẻ em": "commune_officer",
        "Tình nguyện viên": "collaborator",
    }
    rows = [row(name, title=title) for name, title in zip(NAMES, meant, strict=True)]
    batch = communal(*rows, by=coordinator)

    assert batch.choices["columns"]["cadre"] == 3
    write(batch)
    cadres = [User.objects.get(full_name=name).postings.get().cadre for name in NAMES]
    assert cadres == [*meant.values()]


def test_title_that_is_no_cadre_is_suggested_and_asked_about(coordinator):
    batch = communal(row(title="Chủ tịch UBND"), row("B", title="Phó Chủ tịch"), by=coordinator)

    assert "cadre" in batch.choices["columns"]
    assert [one["text"] for one in batch.spellings] == ["Chủ tịch UBND", "Phó Chủ tịch"]


def test_number_of_old_or_that_never_was_right_is_kept_as_it_came_with_a_warning(coordinator):
    written = ["0168 123 4567", "0351 3 852 222", "123"]
    rows = [row(name, phone=text) for name, text in zip(NAMES, written, strict=False)]
    batch = communal(*rows, by=coordinator)
    for told, text in zip(batch.rows.order_by("number"), written, strict=True):
        assert (told.outcome, list(told.warnings)) == ("new", ["phone"])
        assert told.warnings["phone"][0].endswith(f"“{text}”.")

    write(batch)

    people = User.objects.filter(full_name__in=NAMES).order_by("pk")
    assert list(people.values_list("phone", "phone_raw")) == [(None, text) for text in written]
    assert outcomes(communal(*rows, by=coordinator)) == ["same"] * 3


def test_post_begins_on_the_day_of_the_list(coordinator):
    days = ("01/02/2014", "2014-02-01", "ngày 1 tháng 2 năm 2014")
    rows = [row(name, since=day) for name, day in zip(NAMES, days, strict=False)]
    write(communal(*rows, by=coordinator))

    began = Posting.objects.filter(user__full_name__in=NAMES).values_list("valid_from", flat=True)
    assert list(began) == [date(2014, 2, 1)] * 3


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
