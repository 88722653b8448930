"""The lines that the reading process prints; its limits are tested through `read_sheets`."""

import json
from datetime import date, datetime, time, timedelta

import pytest

from lms.importing.reading.workbook_reader_process import _as_json, print_rows
from tests.factories.files import write_sheets, write_xls, write_xlsx


def lines(capsys, path):
    print_rows(str(path))
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_rows_are_lists_and_blank_rows_are_counted(tmp_path, capsys):
    rows = [[None, "a"], [], [" "], [1.0, 2.5], [date(2014, 3, 5), datetime(2014, 3, 5, 8, 30)]]  # noqa: DTZ001
    path = write_xlsx(tmp_path / "a.xlsx", rows, merged=[(0, 1, 0, 2)])

    assert lines(capsys, path) == [
        {"sheet": "Danh sách", "merged": [[0, 1, 0, 2]]},
        [None, "a"],
        2,
        [1, 2.5],
        [{"date": "2014-03-05"}, {"datetime": "2014-03-05T08:30:00"}],
        {"end": True},
    ]


def test_times_are_text():
    encoded = [_as_json(value) for value in (time(8, 30), timedelta(hours=36))]

    assert encoded == ["08:30", "1 day, 12:00:00"]


def test_ending_of_the_path_does_not_matter(tmp_path, capsys):
    path = write_xls(tmp_path / "upload.xlsx", [["a"]])

    assert lines(capsys, path)[1:] == [["a"], {"end": True}]


@pytest.mark.parametrize(
    ("build", "code"),
    [
        (lambda path: write_xlsx(path, [[*[None] * 300, "x"]]), "too_many_columns"),
        (lambda path: write_sheets(path, 61), "too_many_sheets"),
        (lambda path: path.write_bytes(b"PK\x03\x04 nothing"), "damaged"),
    ],
)
def test_refusal_is_the_last_line(tmp_path, capsys, build, code):
    path = tmp_path / "upload"
    build(path)

    assert lines(capsys, path)[-1] == {"refused": code}
