"""Numbers in addresses that no database can hold are not found; nothing fails at them."""

import logging
from http import HTTPStatus
from uuid import UUID

import pytest
from django.urls import get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

from lms.accounts.register.domain.field_parsers import read_year_of_birth
from tests.factories.attendance import SessionFactory, make_class
from tests.refusing import raises_refusal
from tests.walk.addresses import _patterns
from tests.walk.walker import Walker

HUGE = 99999999999999999999
REFUSED = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)

pytestmark = pytest.mark.django_db
# PostgreSQL takes fewer numbers than SQLite, so all addresses are asked there alone.
on_sqlite_too = pytest.mark.sqlite("each database has its own largest number")


@pytest.fixture
def session(trainer):
    run = make_class("350")
    run.trainers.add(trainer)
    return SessionFactory(run=run)


# What stands beside the number in an address; the number is looked at before it.
BESIDE = {IntConverter: HUGE, UUIDConverter: UUID(int=1)}
NUMBERS = ("pk", "object_id")


def addresses_with_a_number():
    """Every pattern of the site and the admin that takes a number, with one that no row has."""
    for _route, name, entry in _patterns(get_resolver()):
        kinds = getattr(entry.pattern, "converters", {})
        if name and any(
            isinstance(kind, IntConverter) or key in NUMBERS for key, kind in kinds.items()
        ):
            values = {
                key: HUGE if key in NUMBERS else BESIDE.get(type(kind), "x")
                for key, kind in kinds.items()
            }
            yield reverse(name, kwargs=values)


def test_no_address_is_found_or_fails_at_a_number_that_no_row_has(administrator):
    logging.disable(logging.CRITICAL)
    client = Walker(administrator)
    addresses = list(addresses_with_a_number())

    answers = {
        (send.__name__, address): send(address).status_code
        for address in addresses
        for send in (client.get, client.post)
    }
    logging.disable(logging.NOTSET)
    assert len(addresses) > 150
    assert {sent: code for sent, code in answers.items() if code not in REFUSED} == {}


@on_sqlite_too
def test_filter_by_module_finds_nothing(as_administrator):
    answer = as_administrator.get(reverse("questions:index"), {"module": HUGE})

    assert answer.status_code == 200


# Python itself refuses to read so many digits.
LONGER = "9" * 5000


@on_sqlite_too
@pytest.mark.parametrize("typed", [str(HUGE), LONGER], ids=["huge", "longer"])
def test_number_in_a_form_names_nobody(as_trainer, as_administrator, session, typed):
    sign = as_trainer.post(reverse("attendance:session_sign", args=[session.pk]), {"absent": typed})
    like = as_trainer.get(reverse("attendance:session_new", args=[session.run_id]), {"like": typed})
    twins = as_administrator.post(reverse("merges:duplicates"), {"first": typed, "second": typed})

    assert (sign.status_code, like.status_code, twins.status_code) == (200, 200, 404)


@pytest.mark.parametrize("typed", [str(HUGE), LONGER], ids=["huge", "longer"])
def test_year_of_so_many_digits_is_none(typed):
    with raises_refusal("year_of_birth"):
        read_year_of_birth(text=typed)
