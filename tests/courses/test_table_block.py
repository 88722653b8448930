"""Tables of lessons, as Word and Excel copy them and as people type them."""

import pytest
from django.core.exceptions import ValidationError

from courses.blocks import LessonBodyBlock
from courses.table_block import MOST_COLUMNS, Table, check_table, read_table

WORD = "Dấu hiệu\tBáo ai\tTrong bao lâu\r\nTrẻ bị đánh\t111\tNgay\r\nTrẻ bỏ học\t\t3 ngày"


@pytest.mark.parametrize(
    "text",
    [
        WORD,
        "Dấu hiệu | Báo ai | Trong bao lâu\nTrẻ bị đánh | 111 | Ngay\nTrẻ bỏ học | | 3 ngày",
        "| Dấu hiệu | Báo ai | Trong bao lâu |\n\n| Trẻ bị đánh | 111 | Ngay |\n|Trẻ bỏ học||3 ngày|\n",
    ],
)
def test_table_is_read_as_it_was_pasted_or_typed(text):
    assert read_table(text) == Table(
        head=["Dấu hiệu", "Báo ai", "Trong bao lâu"],
        rows=[["Trẻ bị đánh", "111", "Ngay"], ["Trẻ bỏ học", "", "3 ngày"]],
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "too_small"),
        ("Chỉ một dòng | hai ô", "too_small"),
        ("Một cột\nThứ hai", "too_small"),
        ("A | B\n1 | 2\n3", "uneven"),
        ("A | B\n1 | 2 | 3", "uneven"),
        (" | ".join("ABCDEFG"[: MOST_COLUMNS + 1]) + "\n" + " | ".join("1234567"), "too_large"),
    ],
)
def test_what_is_no_table_is_refused(text, code):
    with pytest.raises(ValidationError) as refused:
        check_table(text)

    assert refused.value.code == code


def test_lesson_shows_the_table_with_its_headings_told_in_each_cell():
    value = {"caption": "Báo cho ai", "cells": WORD}
    stream = LessonBodyBlock().to_python([{"type": "table", "value": value, "id": "1"}])

    html = str(stream[0].render())

    assert html.count('<th scope="col">') == 3
    assert '<td data-label="Báo ai">111</td>' in html
    assert '<td data-label="Báo ai">–</td>' in html


def test_form_of_a_lesson_refuses_an_uneven_table():
    block = LessonBodyBlock().child_blocks["table"]

    with pytest.raises(ValidationError):
        block.clean(block.to_python({"caption": "Bảng", "cells": "A | B\n1"}))
