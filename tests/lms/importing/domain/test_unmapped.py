"""What nobody mapped is told with what it holds; what is no loss is not."""

from lms.importing.domain.unmapped import unmapped_columns
from tests.factories.files import table_of

TABLE = table_of(
    [
        ["STT", "Họ đệm", "Tên", "Năm sinh", "Ghi chú", "Trống"],
        [1, "Lê", "An", 1985, "mới", None],
        [2, "Vũ", "Cúc", 1987, "x" * 100, None],
        [3, "Hồ", "Du", 1988, "mới", None],
        [4, "Hồ", "Én", 1989, "cũ", None],
        [5, "Hồ", "Ga", 1990, "nghỉ", None],
    ]
)


def test_lost_columns_are_told_with_some_of_their_values():
    lost = unmapped_columns(table=TABLE, columns={"full_name": [1, 2], "year_of_birth": 3})

    assert lost == [{"label": "Ghi chú", "filled": 5, "examples": ["mới", "x" * 40, "cũ"]}]


def test_nothing_is_lost_when_all_is_mapped():
    columns = {"full_name": [1, 2], "year_of_birth": 3, "note": 4}

    assert unmapped_columns(table=TABLE, columns=columns) == []
