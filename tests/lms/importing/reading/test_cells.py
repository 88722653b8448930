"""Cells as values: what people mean is read, what could mean two things is refused by name."""

import unicodedata
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts.enums import Sex
from lms.accounts.register.domain.phones import PhoneProblem
from lms.core.refusal import Refusal
from lms.importing.reading.cells import (
    as_date,
    as_phone,
    as_sex,
    as_text,
    as_year,
    phone_problem,
)
from lms.spreadsheets.tables import harmless_cell

CELLS = (
    st.none()
    | st.text()
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.dates()
    | st.datetimes()
)
DAYS = st.dates(date(1910, 1, 1), date(2100, 12, 31))


def refusal(read, cell):
    with pytest.raises(Refusal) as refused:
        read(cell)
    shown = as_text(cell)
    assert shown in str(refused.value) or refused.value.code == "only_year"
    return refused.value.code


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("  ", ""),
        ("  Lê \u00a0 Văn\nAn ", "Lê Văn An"),
        (unicodedata.normalize("NFD", "Đức Lý"), "Đức Lý"),
        ("\ufeffLê\u200b An\u00ad", "Lê An"),
        (1234, "1234"),
        (1234.0, "1234"),
        ("1234.0", "1234"),
        ("-5.00", "-5"),
        (12.5, "12.5"),
        ("1234.05", "1234.05"),
        ("007", "007"),
        (True, "True"),
        (date(1985, 3, 5), "05/03/1985"),
        (datetime(1985, 3, 5), "05/03/1985"),  # noqa: DTZ001
        (datetime(1985, 3, 5, 8, 30), "05/03/1985 08:30"),  # noqa: DTZ001
        ("'+84912345678", "+84912345678"),
        ("'=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("'quoted'", "'quoted'"),
        ("'", "'"),
    ],
)
def test_text_is_cleaned(cell, text):
    assert as_text(cell) == text


@given(CELLS)
def test_cleaned_text_stays_as_it_is(cell):
    text = as_text(cell)

    assert text == unicodedata.normalize("NFC", text) == text.strip()
    assert "  " not in text


@given(st.text())
def test_exported_text_comes_back_as_it_was(text):
    clean = as_text(text)

    assert as_text(harmless_cell(clean)) == clean


@pytest.mark.parametrize(
    "cell",
    [
        date(1985, 3, 5),
        datetime(1985, 3, 5, 7, 0),  # noqa: DTZ001
        31_111,
        31_111.0,
        "05/3/1985",
        "5-3-85",
        "05031985",
        5_031_985,
        19_850_305,
        "05/03/1985.",
        '="05/03/1985"',
        "05.03.1985",
        " 5 / 3 / 1985 ",
        "5 3 1985",
        "05/03/1985 00:00:00",
        "1985-03-05",
        "1985-03-05 00:00:00",
        "1985-03-05T00:00",
        "ngày 5 tháng 3 năm 1985",
        "Ngày 05 tháng 03 năm 1985",
    ],
)
def test_date_is_read_however_it_is_written(cell):
    assert as_date(cell) == date(1985, 3, 5)


@pytest.mark.parametrize("cell", [None, "", "  "])
@pytest.mark.parametrize("read", [as_date, as_year, as_sex, as_phone])
def test_blank_is_no_value(read, cell):
    assert read(cell) is None


@pytest.mark.parametrize("cell", ["1985", 1985, "năm 1985", "Sinh năm 1985", date(1905, 6, 7)])
def test_year_alone_is_no_date(cell):
    assert refusal(as_date, cell) == "only_year"


@pytest.mark.parametrize(
    "cell",
    [
        "31/02/1985", "3/25/1985", "0/1/1985", "05/3", "3/1985", "05/3/985", "1985-13-01",
        "5 March 1985", "không rõ", "05/03/1785", "05/03/2185", date(1785, 3, 5), 12, 50_319_851,
        True, float("nan"), float("inf"),
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused_by_name(cell):
    assert refusal(as_date, cell) == "not_a_date"


@pytest.mark.parametrize(
    ("digits", "year"), [("85", 1985), ("26", 2026), ("27", 1927), ("00", 2000), ("05", 2005)]
)
def test_two_digits_are_a_year_of_the_last_hundred(digits, year, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 6, 1))

    assert as_date(f"1/2/{digits}") == date(year, 2, 1)


@given(DAYS)
def test_date_is_read_from_all_its_forms(day):
    serial = (day - date(1899, 12, 30)).days
    forms = [day, f"{day:%d/%m/%Y}", f"{day.day}-{day.month}-{day.year}", day.isoformat(), serial]

    assert [as_date(form) for form in forms] == [day] * 5
    assert [as_year(form) for form in forms[:4]] == [day.year] * 4


@pytest.mark.parametrize(
    "cell",
    [
        1985,
        1985.0,
        "1985",
        "1985.0",
        "năm 1985",
        "sinh năm 1985",
        "05/3/1985",
        "3/1985",
        "tháng 3 năm 1985",
        date(1985, 3, 5),
        date(1905, 6, 7),
        datetime(1905, 6, 7),  # noqa: DTZ001
        31_111,
    ],
)
def test_year_is_read_however_it_is_written(cell):
    assert as_year(cell) == 1985


@pytest.mark.parametrize("cell", ["85", 85, "19855", "1785", 2185, "không rõ", "1980, 1985", True])
def test_what_is_no_year_is_refused_by_name(cell):
    assert refusal(as_year, cell) == "not_a_year"


@pytest.mark.parametrize(
    ("cell", "sex"),
    [
        ("Nam", Sex.MALE), ("NAM", Sex.MALE), (" nam ", Sex.MALE), ("M", Sex.MALE),
        ("Ông", Sex.MALE), ("Nữ", Sex.FEMALE), ("nu", Sex.FEMALE), ("NỮ", Sex.FEMALE),
        ("Bà", Sex.FEMALE), ("female", Sex.FEMALE),
    ],
)  # fmt: skip
def test_sex_is_read(cell, sex):
    assert as_sex(cell) == sex


@pytest.mark.parametrize("cell", ["x", "Nam, Nữ", 1, True, "?"])
def test_what_is_no_sex_is_refused_by_name(cell):
    assert refusal(as_sex, cell) == "not_a_sex"


@pytest.mark.parametrize(
    ("cell", "raw"),
    [
        (912345678, "912345678"),
        (912345678.0, "912345678"),
        ("912345678", "912345678"),
        ("0912 345 678", "0912 345 678"),
        ("0912.345.678", "0912.345.678"),
        ("'+84912345678", "+84912345678"),
        (84912345678, "84912345678"),
    ],
)
def test_phone_is_read_with_the_0_that_was_lost(cell, raw):
    phone = as_phone(cell)

    assert (phone.e164, phone.raw) == ("+84912345678", raw)
    assert phone_problem(phone) is None


@pytest.mark.parametrize(
    ("cell", "problem", "code"),
    [
        ("0168 123 4567", PhoneProblem.OLD_MOBILE, "old_mobile"),
        (1681234567, PhoneProblem.OLD_MOBILE, "old_mobile"),
        ("0351 385 1234", PhoneProblem.OLD_AREA_CODE, "old_area_code"),
        (3513851234, PhoneProblem.OLD_AREA_CODE, "old_area_code"),
        ("0912345678 / 0987654321", PhoneProblem.TOO_LONG, "two_numbers"),
        ("9.12E+08", PhoneProblem.NO_NUMBER, "rounded"),
        ("không có", PhoneProblem.NO_NUMBER, "no_number"),
        (91234567, PhoneProblem.TOO_SHORT, "too_short"),
    ],
)
def test_phone_that_does_not_work_today_is_kept_with_its_reason(cell, problem, code):
    phone = as_phone(cell)
    error = phone_problem(phone)

    assert (phone.e164, phone.problem, phone.raw) == (None, problem, as_text(cell))
    assert error.code == code
    assert phone.raw in str(error)


@given(st.integers(0, 10**6 - 1))
def test_mobile_as_a_number_cell_is_the_mobile_as_text(last):
    digits = f"912{last:06}"

    assert as_phone(int(digits)).e164 == as_phone(f"0{digits}").e164 == f"+84{digits}"


@pytest.mark.parametrize("read", [as_text, as_date, as_year, as_sex, as_phone])
@given(cell=CELLS)
def test_any_cell_gives_a_value_or_a_refusal(read, cell):
    with suppress(Refusal):
        read(cell)


def test_serial_of_today_is_a_date():
    today = date(2026, 11, 23)

    assert as_date((today - date(1899, 12, 30)) / timedelta(days=1)) == today
