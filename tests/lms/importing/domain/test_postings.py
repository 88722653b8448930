"""Changes of posts as a list: rehearsed, written, undone, and refused."""

from datetime import date

import pytest

from lms.accounts.models import Posting
from lms.accounts.rosters.columns import ReasonWidget
from lms.accounts.rosters.domain.posting_changes import PostingChange
from lms.importing.domain.confirming import ask_to_confirm, confirm
from tests.factories.accounts import PostingFactory
from tests.factories.files import write_xlsx
from tests.factories.geography import unit
from tests.factories.importing import (
    file_of,
    outcomes,
    rehearsed,
    sheet,
    take_back,
    write,
    wrong_cells,
)

pytestmark = pytest.mark.django_db

HEADER = (
    "Mã cán bộ", "Họ và tên", "Biến động", "Xã mới", "Huyện mới", "Đối tượng", "Từ ngày", "Đến ngày"
)  # fmt: skip


def row(person, change="", to="", district="", cadre="", since="", until=""):
    return (person.staff_code, person.full_name, change, to, district, cadre, since, until)


def changes(*rows, by):
    return rehearsed(sheet(*rows, header=HEADER), by=by, kind="postings")


def posts_of(person):
    posts = person.postings.order_by("valid_from", "pk")
    return list(posts.values_list("unit__code", "cadre", "valid_from", "valid_to"))


def test_transfer_leaving_return_and_second_post_are_written_and_undone(coordinator, make_person):
    moves, leaves, returns, doubles = (make_person(f"Người {n}") for n in range(4))
    PostingFactory(user=returns, unit=unit("13387"), valid_from=date(2013, 1, 1))
    returns.postings.filter(unit=unit("13387")).update(valid_to=date(2013, 6, 30))
    before = list(Posting.objects.order_by("pk").values())
    rows = (
        row(moves, "Chuyển công tác", "Nguyễn Úy", since="01/06/2014"),
        row(leaves, "Nghỉ hưu", until="31/05/2014"),
        row(returns, "Trở lại", "Nguyễn Úy", since="01/06/2014"),
        row(doubles, "Kiêm nhiệm", "Nguyễn Úy", cadre="Cán bộ xã", since="01/06/2014"),
    )
    batch = changes(*rows, by=coordinator)
    assert outcomes(batch) == ["changed"] * 4
    write(batch)
    assert outcomes(changes(*rows, by=coordinator)) == ["same"] * 4

    began, day = date(2014, 1, 1), date(2014, 6, 1)
    ctv = "collaborator"
    last = date(2014, 5, 31)
    assert posts_of(moves) == [("13384", ctv, began, last), ("13387", ctv, day, None)]
    assert posts_of(leaves) == [("13384", ctv, began, last)]
    assert posts_of(returns)[2:] == [("13387", ctv, day, None)]
    assert posts_of(doubles)[1:] == [("13387", "commune_officer", day, None)]

    take_back(batch)
    assert list(Posting.objects.order_by("pk").values()) == before


def test_rehearsal_shows_old_and_new_place(coordinator, make_person):
    person = make_person()

    told = changes(row(person, to="Nguyễn Úy", since="01/06/2014"), by=coordinator).rows.get()

    assert told.changes == [
        ["change", "", PostingChange.TRANSFER.label],
        ["to_unit", "thị trấn Quế, huyện Kim Bảng", "xã Nguyễn Úy, huyện Kim Bảng"],
        ["since", "", "01/06/2014"],
        ["until", "", "31/05/2014"],
    ]


def test_post_outside_the_area_is_neither_ended_nor_taken_nor_a_new_place(coordinator, make_person):
    here = make_person("Người A")
    PostingFactory(user=here, unit=unit("13591"), valid_from=date(2014, 1, 1))
    there = make_person("Người B", code="13591")
    batch = changes(
        row(here, "Chuyển", "Đức Lý", "Lý Nhân", since="01/06/2014", cadre="CTV"),
        row(there, "Nghỉ", until="31/05/2014"),
        row(make_person("Người C"), to="Đức Lý", since="01/06/2014"),
        by=coordinator,
    )

    assert outcomes(batch) == ["error"] * 3
    first, second, third = batch.rows.order_by("number")
    assert "Lý Nhân" not in str([first.errors, second.errors])
    assert third.error_codes == {"to_unit": ["out_of_area"]}


def test_unknown_person_second_change_of_one_and_word_that_is_none_are_refused(
    coordinator, make_person
):
    person = make_person()
    batch = changes(
        ("KHONG-CO", "Ai Đó", "Nghỉ", "", "", "", "", "31/05/2014"),
        row(person, "Nghỉ", until="31/05/2014"),
        row(person, "Trở lại", since="01/08/2014"),
        row(make_person("Người B"), "Lên lương", until="31/05/2014"),
        by=coordinator,
    )

    assert outcomes(batch) == ["error", "changed", "error", "error"]
    assert wrong_cells(batch)[3] == ["change"]


def test_queries_do_not_grow_with_the_rows(
    coordinator, make_person, django_assert_max_num_queries, django_assert_num_queries
):
    one, three = (
        changes(
            *[
                row(make_person(f"Người {start + n}"), to="Nguyễn Úy", since="01/06/2014")
                for n in range(count)
            ],
            by=coordinator,
        )
        for start, count in ((0, 1), (10, 3))
    )
    write(changes(row(make_person("Trước"), until="31/05/2014"), by=coordinator))
    ask_to_confirm(batch=one)
    ask_to_confirm(batch=three)
    with django_assert_max_num_queries(45) as captured:
        confirm(batch_id=one.pk)
    with django_assert_num_queries(len(captured)):
        confirm(batch_id=three.pk)


# --- As offices write it ---------------------------------------------------------------

OFFICE = ("STT", "Họ và tên", "Năm sinh", "Xã cũ", "Xã mới", "Thời điểm chuyển", "Lý do")


def office_list(*rows, by):
    return rehearsed(sheet(*rows, header=OFFICE), by=by, kind="postings")


def test_list_with_old_and_new_commune_day_and_reason_is_understood(coordinator, make_person):
    moves = make_person("Lê Thị Chuyển", year_of_birth=1980)
    leaves = make_person("Vũ Văn Nghỉ", year_of_birth=1960)
    batch = office_list(
        ("1", "Lê Thị Chuyển", "1980", "TT Quế", "Nguyễn Úy", "01/06/2014", "Theo Nghị quyết 12"),
        ("2", "Vũ Văn Nghỉ", "1960", "TT Quế", "", "01/06/2014", "Nghỉ hưu theo chế độ"),
        by=coordinator,
    )
    assert outcomes(batch) == ["changed"] * 2
    assert [list(row.warnings) for row in batch.rows.all()] == [["reason"], []]

    write(batch)

    last, day = date(2014, 5, 31), date(2014, 6, 1)
    assert posts_of(moves)[0][3] == last
    assert posts_of(moves)[1][::2] == ("13387", day)
    assert [post[3] for post in posts_of(leaves)] == [last]


def test_list_from_commune_to_commune_with_what_changes_is_understood(coordinator, make_person):
    moves = make_person("Lê Thị Chuyển", year_of_birth=1980)
    header = ("STT", "Họ và tên", "NS", "Từ xã", "Đến xã", "Từ ngày", "Nội dung biến động")
    row = ("1", "Lê Thị Chuyển", "1980", "TT Quế", "Nguyễn Úy", "01/06/2014", "Chuyển công tác")

    batch = write(rehearsed(sheet(row, header=header), by=coordinator, kind="postings"))

    assert batch.choices["unmapped"] == []
    assert [post[0] for post in posts_of(moves)] == ["13384", "13387"]


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("Điều động theo QĐ 12/QĐ-UBND", "transfer"),
        ("Nghỉ hưu", "leave"),
        ("Thôi việc theo nguyện vọng", "leave"),
        ("Kiêm nhiệm", "second"),
        ("Theo Nghị quyết 12", ""),
        ("Kiểm tra lại", ""),
        ("Luân chuyển sau khi thôi việc", ""),
    ],
)
def test_reason_tells_a_change_where_it_names_one(reason, change):
    assert ReasonWidget().clean(reason) == change


def test_reason_to_leave_is_no_change_where_a_new_commune_stands(coordinator, make_person):
    make_person("Lê Thị Chuyển", year_of_birth=1980)
    batch = office_list(
        ("1", "Lê Thị Chuyển", "1980", "TT Quế", "Nguyễn Úy", "01/06/2014", "Nghỉ việc"),
        by=coordinator,
    )

    (row,) = batch.rows.all()
    assert row.changes[0][::2] == ["change", PostingChange.TRANSFER.label]
    assert list(row.warnings) == ["reason"]


def test_places_before_and_after_may_share_a_heading(coordinator, make_person, tmp_path):
    person = make_person(year_of_birth=1970)
    path = write_xlsx(
        tmp_path / "bien-dong.xlsx",
        [
            ["BIẾN ĐỘNG CỘNG TÁC VIÊN QUÝ III"],
            ["STT", "Họ và tên", "NS", "Đơn vị công tác", None, "Kể từ ngày", "Lý do"],
            [None, None, None, "Cũ", "Mới"],
            [1, person.full_name, 1970, "TT. Quế", "Xã Nguyễn Úy", "01/06/2014", "Điều động"],
        ],
        merged=[(1, 3, 1, 4)],
    )

    batch = rehearsed(file_of(path), by=coordinator, kind="postings")
    assert outcomes(batch) == ["changed"]
    write(batch)

    assert [post[0] for post in posts_of(person)] == ["13384", "13387"]
