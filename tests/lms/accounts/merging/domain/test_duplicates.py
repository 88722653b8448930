"""Who may be on the register twice, and who was told apart."""

from datetime import date

import pytest

from lms.accounts.enums import Role
from lms.accounts.merging.domain.duplicates import (
    DuplicateReason,
    say_different,
    suspected_duplicates,
)
from lms.accounts.models import DismissedDuplicate
from tests.factories.accounts import PostingFactory
from tests.factories.geography import unit
from tests.refusing import raises_refusal

DAY = date(2014, 6, 1)


def person(name="Nguyễn Thị Hòa", code="13384", **fields):
    posted = {key: fields.pop(key) for key in ("valid_to",) if key in fields}
    fields = {f"user__{key}": value for key, value in fields.items()}
    return PostingFactory(unit=unit(code), user__full_name=name, **posted, **fields).user


def found(reader):
    return [
        ({pair.first.pk, pair.second.pk}, pair.reason)
        for pair in suspected_duplicates(reader=reader, on=DAY)
    ]


def test_same_folded_name_year_and_place(coordinator):
    one, other = person(year_of_birth=1980), person("nguyen thi hoà", year_of_birth=1980)

    assert found(coordinator) == [({one.pk, other.pk}, DuplicateReason.NAME_YEAR_PLACE)]


@pytest.mark.parametrize("years", [(1980, None), (None, 1980), (None, None)])
def test_same_name_and_place_with_a_year_missing(coordinator, years):
    one, other = (person(year_of_birth=year) for year in years)

    assert found(coordinator) == [({one.pk, other.pk}, DuplicateReason.NAME_PLACE)]


def test_surer_pairs_come_first(coordinator):
    person("A B"), person("A B")
    one, other = person("X Y", year_of_birth=1980), person("X Y", year_of_birth=1980)

    first, second = found(coordinator)

    assert first == ({one.pk, other.pk}, DuplicateReason.NAME_YEAR_PLACE)
    assert second[1] == DuplicateReason.NAME_PLACE


@pytest.mark.parametrize("raw", ["0912 345 678", "+84912345678"])
def test_number_of_an_old_list_is_the_phone_of_another(coordinator, raw):
    one = person("Trần Văn Nhà", phone="+84912345678")
    other = person("Lê Thị Bưởi", phone_raw=raw)

    assert found(coordinator) == [({one.pk, other.pk}, DuplicateReason.PHONE)]


def test_two_old_lists_say_the_same_number(coordinator):
    one, other = person("A B", phone_raw="01234 567 890"), person("C D", phone_raw="01234567890")
    person("E F", phone_raw="?")

    assert found(coordinator) == [({one.pk, other.pk}, DuplicateReason.PHONE)]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"year_of_birth": 1980}, {"year_of_birth": 1981}),
        ({"year_of_birth": 1980}, {"year_of_birth": 1980, "code": "13387"}),
        ({"year_of_birth": 1980}, {"year_of_birth": 1980, "name": "Nguyễn Thị Hoa B"}),
        ({"year_of_birth": 1980}, {"year_of_birth": 1980, "valid_to": date(2014, 2, 1)}),
    ],
)
def test_others_are_no_twins(coordinator, mine, theirs):
    person(**mine), person(**theirs)

    assert found(coordinator) == []


def test_pairs_out_of_sight_and_people_whom_one_may_not_change_are_left_out(
    coordinator, make_official
):
    person(code="13591"), person(code="13591")
    person("Trần Văn Nhà", phone="+84912345678")
    person("Lê Thị Lạ", code="13591", phone_raw="0912345678")
    person("Vũ Thị Quản")
    official = make_official(Role.ADMINISTRATOR, "35", full_name="Vũ Thị Quản")
    PostingFactory(unit=unit("13384"), user=official)

    assert found(coordinator) == []


def test_pair_holds_the_posts_of_both_and_told_apart_stays_so(coordinator):
    one, other = person(), person()
    (pair,) = suspected_duplicates(reader=coordinator, on=DAY)
    post = "Cộng tác viên thôn/xóm, thị trấn Quế, huyện Kim Bảng"
    told = {pk: [str(post) for post in posts] for pk, posts in pair.postings.items()}
    assert told == {one.pk: [post], other.pk: [post]}

    said = say_different(first=other, second=one, by=coordinator)
    again = say_different(first=one, second=other, by=coordinator)

    assert said == again == DismissedDuplicate.objects.get()
    assert (said.first, said.second, said.by) == (one, other, coordinator)
    assert found(coordinator) == []
    with raises_refusal("same_record"):
        say_different(first=one, second=one, by=coordinator)


def test_same_queries_for_any_number(coordinator, django_assert_num_queries):
    coordinator.scope  # noqa: B018 (fetched before)
    for number in range(2):
        person(f"Nguyễn Văn {number}"), person(f"Nguyễn Văn {number}")
        with django_assert_num_queries(5):
            assert len(suspected_duplicates(reader=coordinator, on=DAY)) == number + 1
