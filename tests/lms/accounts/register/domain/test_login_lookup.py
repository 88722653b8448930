"""One box, three ways to say who one is."""

import pytest

from lms.accounts.models import User
from lms.accounts.register.domain.login_lookup import find_login, search_people
from tests.factories.accounts import UserFactory
from tests.shared import shared

pytestmark = pytest.mark.django_db


@shared
def person():
    UserFactory(staff_code="HN00043", phone="+84987654321", email="khac@mau.example")
    return UserFactory(staff_code="HN00042", phone="+84912345678", email="huong@mau.example")


@pytest.mark.parametrize(
    "typed",
    [
        *("HN00042", "hn00042", " Hn 00042 ", "huong@mau.example", "Huong@Mau.Example"),
        *("0912345678", "0912 345 678", "+84 912.345.678", "84912345678"),
    ],
)
def test_person_is_found_by_each_name_with_one_query(person, django_assert_num_queries, typed):
    with django_assert_num_queries(1):
        assert find_login(text=typed) == person


@pytest.mark.parametrize(
    "typed", ["", "HN00099", "0900000009", "0168 123 4567", "ai@mau.example", "Nguyễn Thị Hương"]
)
def test_nobody_is_found_by_what_nobody_has(person, typed):
    assert find_login(text=typed) is None


def test_empty_mail_and_phone_and_a_mail_that_two_share_but_for_case_mean_nobody(person):
    UserFactory(phone=None, email=None)
    UserFactory(email="HUONG@mau.example")

    for typed in ("@", "0", "huong@mau.example"):
        assert find_login(text=typed) is None


@pytest.mark.parametrize(
    "typed", ["nguyen huong", "hn00042", "0912 345 678", "0912.345", "+84 912", "huong hn00042"]
)
def test_search_finds_by_a_part_of_name_code_or_phone(typed):
    UserFactory(full_name="Trần Văn Khác", staff_code="HN99999", phone="+84987654321")
    wanted = UserFactory(staff_code="HN00042", phone="+84912345678")

    assert list(search_people(people=User.objects.all(), text=typed)) == [wanted]


def test_search_stays_among_the_people_given():
    UserFactory()

    assert not search_people(people=User.objects.none(), text="huong").exists()
