"""Files for Excel: readable, harmless, and logged."""

import pytest

from lms.core.exports import harmless_cell


@pytest.mark.parametrize("value", ["=1+1", "+84912345678", "-5", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_excel_would_run_is_disarmed(value):
    assert harmless_cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["Nguyễn Thị Hương", "0912 345 678", "", "1-5", -5, None])
def test_other_cells_stay_as_they_are(value):
    assert harmless_cell(value) == value
