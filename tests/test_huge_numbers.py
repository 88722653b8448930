"""Numbers in addresses that no database can hold are not found; nothing fails at them."""

import pytest
from django.urls import reverse

HUGE = 99999999999999999999

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite("each database has its own largest number"),
]


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("courses:complete_lesson", 1),
        ("courses:note", 1),
        ("course_outline", 1),
        ("reporting:person", 1),
        ("merges:merge", 2),
    ],
)
def test_address_is_not_found(as_administrator, name, numbers):
    answer = as_administrator.get(reverse(name, args=[HUGE] * numbers))

    assert answer.status_code == 404


def test_filter_by_module_finds_nothing(as_administrator):
    answer = as_administrator.get(reverse("questions:index"), {"module": HUGE})

    assert answer.status_code == 200
