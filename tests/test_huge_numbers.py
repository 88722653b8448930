"""Numbers in addresses that no database can hold are not found; nothing fails at them."""

import pytest
from django.urls import reverse

from lms.accounts.register.domain.field_parsers import read_year_of_birth
from tests.factories.attendance import SessionFactory, make_class
from tests.refusing import raises_refusal

HUGE = 99999999999999999999

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite("each database has its own largest number"),
]


@pytest.fixture
def session(trainer):
    run = make_class("350")
    run.trainers.add(trainer)
    return SessionFactory(run=run)


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


# Python itself refuses to read so many digits.
LONGER = "9" * 5000


@pytest.mark.parametrize("typed", [str(HUGE), LONGER], ids=["huge", "longer"])
def test_number_in_a_form_names_nobody(as_trainer, as_administrator, session, typed):
    sign = as_trainer.post(reverse("attendance:session_sign", args=[session.pk]), {"absent": typed})
    like = as_trainer.get(reverse("attendance:session_new", args=[session.run_id]), {"like": typed})
    twins = as_administrator.post(reverse("merges:twins"), {"first": typed, "second": typed})

    assert (sign.status_code, like.status_code, twins.status_code) == (200, 200, 404)


@pytest.mark.parametrize("typed", [str(HUGE), LONGER], ids=["huge", "longer"])
def test_year_of_so_many_digits_is_none(typed):
    with raises_refusal("year_of_birth"):
        read_year_of_birth(text=typed)
