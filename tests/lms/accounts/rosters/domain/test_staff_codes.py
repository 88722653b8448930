"""Staff codes given to people whom a list names without one."""

import pytest

from lms.accounts.rosters.domain.staff_codes import give_staff_codes
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite("locks: one writer at a time")]


def test_numbers_run_by_unit_in_the_order_asked_for_and_are_never_given_twice():
    given = give_staff_codes(unit_codes=["13384", "13387", "13384"])

    assert given == ["CB13384-001", "CB13387-001", "CB13384-002"]
    assert give_staff_codes(unit_codes=["13384"]) == ["CB13384-003"]
    assert give_staff_codes(unit_codes=[]) == []


def test_code_that_somebody_entered_by_hand_is_passed_over():
    UserFactory(staff_code="CB13384-001")
    UserFactory(staff_code="CB13384-003")

    assert give_staff_codes(unit_codes=["13384"] * 2) == ["CB13384-002", "CB13384-004"]


def test_queries_do_not_grow_with_the_people(django_assert_num_queries):
    with django_assert_num_queries(4):
        give_staff_codes(unit_codes=["13384"])
    with django_assert_num_queries(4):
        give_staff_codes(unit_codes=["13384", "13387", "13387"])
