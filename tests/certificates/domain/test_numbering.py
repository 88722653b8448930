import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from certificates.domain.numbering import make_serial, take_number
from certificates.models import RegisterBook

on_sqlite_too = pytest.mark.sqlite("locks: one writer at a time")


def take(code="SLĐTBXH", year=2026):
    with transaction.atomic():
        return take_number(issuer_code=code, year=year)[1]


def test_serial():
    assert make_serial(number=12, year=2026, issuer_code="SLĐTBXH") == "12/2026/GCN-SLĐTBXH"


@given(
    st.lists(
        st.tuples(
            st.integers(1, 10**9),
            st.integers(2000, 2100),
            st.from_regex(r"[A-ZĐ0-9]{1,20}", fullmatch=True),
        ),
        min_size=2,
        unique=True,
    )
)
def test_serials_of_different_certificates_differ(rows):
    serials = {make_serial(number=n, year=y, issuer_code=code) for n, y, code in rows}

    assert len(serials) == len(rows)
    assert all(len(serial) <= 40 for serial in serials)


@on_sqlite_too
def test_numbers_follow_each_other_in_the_series_of_each_issuer_and_year(db):
    numbers = [take(), take(year=2027), take(code="PLĐTBXH"), take(), take()]

    assert numbers == [1, 1, 1, 2, 3]
    assert RegisterBook.objects.count() == 3


def take_and_fail():
    with transaction.atomic():
        take_number(issuer_code="SLĐTBXH", year=2026)
        raise ZeroDivisionError


@on_sqlite_too
def test_number_of_an_undone_transaction_is_taken_by_the_next(db):
    take()
    with pytest.raises(ZeroDivisionError):
        take_and_fail()

    assert take() == 2
