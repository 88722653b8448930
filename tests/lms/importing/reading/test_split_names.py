"""Names over several columns are joined; columns beside a name that mean something else are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.importing.reading.mapping import columns_of, joined_cell
from lms.importing.reading.split_names import find_name_columns

PEOPLE = [["1", "Cao Thị Kim", "Ái", 1980], ["2", "Lê Văn", "Bình", 1981], ["3", "Trần", "Ý", 1]]


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (["TT", "Họ và tên đệm", "Tên", "Năm sinh"], [1, 2]),
        (["TT", "HỌ ĐỆM", "TÊN", "Năm sinh"], [1, 2]),
        (["TT", "Họ lót", "Tên", "Năm sinh"], [1, 2]),
        (["TT", "Họ và chữ đệm", "Tên gọi", "Năm sinh"], [1, 2]),
        (["TT", "Họ", "Tên", "Năm sinh"], [1, 2]),
        (["TT", "Họ", "Tên đệm và tên", "Năm sinh"], [1, 2]),
        (["TT", "Họ và tên", "", "Năm sinh"], [1, 2]),
        (["TT", "Họ tên", "Tên", "Năm sinh"], [1, 2]),
        (["TT", "Họ và tên", "Họ và tên", "Năm sinh"], [1, 2]),
        (["TT", "Họ và tên / Họ đệm", "Họ và tên / Tên", "Năm sinh"], [1, 2]),
        (["TT", "Họ và tên", "Năm sinh", "Ghi chú"], []),
        (["TT", "Xã", "Tên", "Năm sinh"], []),
        (["TT", "Đơn vị", "", "Năm sinh"], []),
    ],
)
def test_headings_tell_the_columns_of_a_name(labels, found):
    assert find_name_columns(labels, PEOPLE) == found


def test_three_columns_make_a_name():
    labels = ["Họ", "Tên đệm", "Tên", "Năm sinh"]
    cells = ["Cao", "Thị Kim", "Ái", 1980]

    assert joined_cell(cells, find_name_columns(labels, [cells])) == "Cao Thị Kim Ái"


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param(["Nam", "Nữ", "nữ"], id="sex"),
        pytest.param(["x", None, "x"], id="ticks"),
        pytest.param([1980, 1981, 1982], id="years"),
        pytest.param(["Bắc Lý", "Đạo Lý", "Bắc Lý"], id="several-words"),
        pytest.param([None, None, "mới"], id="remark"),
        pytest.param([None, None, None], id="nothing"),
        pytest.param(["Ái", "Bình", "Ý"], id="sorted-by-given-name"),
    ],
)
def test_other_columns_without_a_label_are_not_joined(beside):
    names = ["Cao Thị Kim Ái", "Lê Văn Bình", "Trần Ý"]
    rows = [[name, cell] for name, cell in zip(names, beside, strict=True)]

    assert find_name_columns(["Họ và tên", ""], rows) == []


@given(st.lists(st.one_of(st.none(), st.sampled_from(["Cao", " Thị  Kim ", "Ái", ""])), min_size=2))
def test_joined_name_has_every_word_once_and_single_blanks(cells):
    name = joined_cell(cells, list(range(len(cells))))

    assert (name or "").split() == " ".join(cell or "" for cell in cells).split()
    assert "  " not in (name or "")
    assert name != ""


def test_one_column_is_left_as_it_is():
    assert joined_cell([1980, None], 0) == 1980
    assert columns_of(0) == columns_of([0]) == [0]
