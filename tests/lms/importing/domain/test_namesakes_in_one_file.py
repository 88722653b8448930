"""Two rows of one name, year and place: one person twice, or two people; a person says which."""

import pytest

from lms.accounts.models import User
from lms.importing.domain.choose_candidate import choose
from lms.importing.domain.rehearsing import ask_again, rehearse
from lms.spreadsheets.import_rows import SOMEBODY_NEW
from tests.factories.importing import outcomes, rehearsed, sheet, take_back, write
from tests.shared import shared

HEADER = ("Họ và tên", "Năm sinh", "Xã", "Nhóm", "Ghi chú")


def hoa(name="Nguyễn Thị Hoa", **cells):
    return (name, "1980", cells.get("commune", "Quế"), "CTV")


@shared
def two(coordinator):
    rows = (hoa(), hoa("NGUYỄN THỊ HOA"), hoa("Lê Thị Khác"))
    return rehearsed(sheet(*rows, header=HEADER), by=coordinator)


@pytest.fixture
def known(make_person):
    return make_person("Nguyễn Thị Hoa", year_of_birth=1980)


def second(batch):
    return batch.rows.get(number=3)


def test_second_of_one_name_is_a_question_and_not_written_until_it_is_answered(two):
    assert outcomes(two) == ["new", "twin", "new"]
    assert list(second(two).warnings) == ["full_name"]

    write(two)

    assert User.objects.filter(full_name="Nguyễn Thị Hoa").count() == 1


def test_namesake_that_is_somebody_else_goes_in(two):
    choose(row=second(two), choice=SOMEBODY_NEW)
    assert outcomes(two) == ["new", "new", "new"]
    assert second(two).warnings == {}

    write(two)
    assert User.objects.filter(full_name="Nguyễn Thị Hoa").count() == 2

    take_back(two)
    assert not User.objects.filter(full_name="Nguyễn Thị Hoa").exists()


def test_answer_is_kept_by_the_next_rehearsal_and_can_be_taken_back(two):
    choose(row=second(two), choice=SOMEBODY_NEW)
    ask_again(batch=two)
    rehearse(batch_id=two.pk)
    assert outcomes(two) == ["new", "new", "new"]

    choose(row=second(two), choice=None)
    assert outcomes(two) == ["new", "twin", "new"]


def test_two_rows_that_mean_one_of_the_register_are_not_both_that_person(coordinator, known):
    batch = rehearsed(sheet(hoa(), hoa(), header=HEADER), by=coordinator)
    assert outcomes(batch) == ["same", "twin"]
    assert second(batch).candidates == [known.pk]

    choose(row=second(batch), choice=known.pk)
    assert outcomes(batch) == ["twin", "same"]
    choose(row=batch.rows.get(number=2), choice=known.pk)
    assert outcomes(batch) == ["same", "error"]
    choose(row=batch.rows.get(number=2), choice=SOMEBODY_NEW)
    assert outcomes(batch) == ["new", "same"]
    ask_again(batch=batch)
    rehearse(batch_id=batch.pk)
    assert outcomes(batch) == ["new", "same"]
    write(batch)
    assert User.objects.filter(full_name="Nguyễn Thị Hoa").count() == 2


def test_same_code_or_phone_twice_stays_an_error(coordinator):
    header = (*HEADER[:4], "Số điện thoại")
    rows = [(*hoa(), "0912345678"), (*hoa(), "0912345678")]
    batch = rehearsed(sheet(*rows, header=header), by=coordinator)

    assert outcomes(batch) == ["new", "error"]


@pytest.mark.parametrize(
    ("codes", "outcome"),
    [(("KB-1", ""), "twin"), (("", "KB-2"), "twin"), (("KB-1", "KB-2"), "new")],
)
def test_two_codes_tell_namesakes_apart_and_one_does_not(coordinator, codes, outcome):
    header = ("Mã cán bộ", *HEADER[:4])
    batch = rehearsed(sheet(*((code, *hoa()) for code in codes), header=header), by=coordinator)

    assert outcomes(batch) == ["new", outcome]
