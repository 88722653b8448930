"""Numbers as people write them, and a reason for each that does not work today."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts.register.domain.phones import PhoneProblem, looks_like_phone, parse_phone


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678", "0912 345 678", "0912.345.678", "0912-345-678", "(0912) 345 678",
        "+84 912 345 678", "+84912345678", "84912345678", "0084 912 345 678", "912345678",
        "  0912345678 ", "0912\u00a0345\u00a0678",
    ],
)  # fmt: skip
def test_mobile_number_is_read_however_it_is_written(typed):
    parsed = parse_phone(typed)

    assert (parsed.e164, parsed.problem) == ("+84912345678", None)
    assert parsed.raw == typed


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0226 385 1234", "+842263851234"),
        ("024 3826 4114", "+842438264114"),
        ("+1 202 555 0143", "+12025550143"),
    ],
)
def test_fixed_line_and_foreign_number_are_read(typed, stored):
    assert parse_phone(typed).e164 == stored


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", PhoneProblem.EMPTY),
        ("   ", PhoneProblem.EMPTY),
        ("không có", PhoneProblem.NO_NUMBER),
        ("0912 ABC 678", PhoneProblem.NO_NUMBER),
        ("+", PhoneProblem.NO_NUMBER),
        ("1", PhoneProblem.TOO_SHORT),
        ("111", PhoneProblem.TOO_SHORT),
        ("091234567", PhoneProblem.TOO_SHORT),
        ("09123456789", PhoneProblem.TOO_LONG),
        ("0912345678 / 0987654321", PhoneProblem.TOO_LONG),
        ("0168 123 4567", PhoneProblem.OLD_MOBILE),
        ("01234567890", PhoneProblem.OLD_MOBILE),
        ("0199 123 4567", PhoneProblem.OLD_MOBILE),
        ("0351 385 1234", PhoneProblem.OLD_AREA_CODE),
        ("0012345678", PhoneProblem.NOT_IN_USE),
        ("0112345678", PhoneProblem.NOT_IN_USE),
        ("+1 202 555", PhoneProblem.TOO_SHORT),
        ("+1 202 555 0143 99999", PhoneProblem.TOO_LONG),
        ("+1 000 555 0143", PhoneProblem.NOT_IN_USE),
    ],
)
def test_number_that_does_not_work_today_comes_with_its_reason(typed, problem):
    parsed = parse_phone(typed)

    assert (parsed.e164, parsed.problem) == (None, problem)
    assert parsed.raw == typed


@given(st.text())
def test_any_text_gives_a_number_or_a_reason(typed):
    parsed = parse_phone(typed)

    assert (parsed.e164 is None) != (parsed.problem is None)
    assert parsed.raw == typed


@given(st.from_regex(r"0(3[2-9]|7[06-9]|8[1-5]|9[0-46-8])[0-9]{7}", fullmatch=True))
def test_stored_form_is_read_as_itself(typed):
    stored = parse_phone(typed).e164

    assert stored == f"+84{typed[1:]}"
    assert parse_phone(stored).e164 == stored


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0912 345 678", True), ("111", True), ("HN00001", False), ("a@b.vn", False), ("", False)],
)
def test_phone_is_told_from_staff_code_and_mail(text, expected):
    assert looks_like_phone(text) is expected
