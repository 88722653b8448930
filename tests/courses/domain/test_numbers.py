"""Numbers as people write them: read as one number, or asked about."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.numbers import read_number, write_number
from tests.refusing import raises_refusal


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"), (" 1,5 ", "1.5"), ("1.5", "1.5"), ("−3", "-3"), ("- 3,25", "-3.25"),
        ("+7", "7"), ("007", "7"), ("0.125", "0.125"), ("0,125", "0.125"), ("1.500.000", "1500000"),
        ("1.500,5", "1500.5"), ("1,500,000.25", "1500000.25"), ("1 500", "1500"),
        ("12 500,75", "12500.75"), ("1,50", "1.5"), ("1,2340", "1.234"), ("1234.567", "1234.567"),
    ],
)  # fmt: skip
def test_number_is_read(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "mười", "12 giờ", "70%", "1,5,2", "1..5", "1e5", "1.50.000", "NaN"]
)
def test_what_is_no_number_is_refused(text):
    with raises_refusal("number_unreadable"):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "ways"),
    [("1.500", ("1500", "1,5")), ("1,000", ("1000", "1")), ("-12.345", ("-12345", "-12,3450"))],
)
def test_number_of_two_readings_is_asked_about_with_both_ways_to_write_it(text, ways):
    with raises_refusal("number_ambiguous") as caught:
        read_number(text)

    assert all(way in caught.value.message for way in ways)
    assert [read_number(way) for way in ways] == [
        Decimal(text.replace(".", "").replace(",", "")),
        Decimal(text.replace(",", ".")),
    ]


@given(number=st.decimals(-(10**9), 10**9, places=4))
def test_number_that_is_written_is_read_as_the_same(number):
    assert read_number(write_number(number)) == number


@given(
    number=st.decimals(-(10**9), 10**9, places=2),
    grouped=st.booleans(),
)
def test_number_written_here_is_the_number(number, grouped):
    english = f"{number:,.2f}" if grouped else f"{number:.2f}"
    vietnamese = english.translate(str.maketrans(",.", ".,"))

    assert read_number(vietnamese) == read_number(english) == number
